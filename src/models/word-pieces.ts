import { Tokenizer } from "@huggingface/tokenizers";
import { fault } from "../ir/fault.js";

export interface WordPieceOptions {
  /** Whether case and accents are taken away. Default true, as for the uncased models. */
  readonly lowercase?: boolean;
}

/** Texts as numbers of word pieces, as BERT reads them. */
export interface WordPieces {
  /** The pieces, by number. */
  readonly vocabulary: readonly string[];
  /** Numbers of the pieces that have a meaning of their own. */
  readonly special: Readonly<Record<"padding" | "unknown" | "start" | "end" | "mask", number>>;
  split(text: string): string[];
  encode(text: string): number[];
  decode(tokens: readonly number[]): string;
}

const specialNames = { padding: "[PAD]", unknown: "[UNK]", start: "[CLS]", end: "[SEP]", mask: "[MASK]" } as const;

/**
 * A tokenizer of a vocabulary (the lines of a `vocab.txt`): words and punctuation apart, then each word from the left by the longest
 * piece there is; pieces inside a word begin with ##. Wu et al. 2016, arXiv:1609.08144. The work is done by Hugging Face's tokenizers.
 */
export function wordPieces(vocabulary: readonly string[], { lowercase = true }: WordPieceOptions = {}): WordPieces {
  const numbers = Object.fromEntries(vocabulary.map((piece, i) => [piece, i]));
  const missing = Object.values(specialNames).filter((name) => !(name in numbers));
  if (missing.length > 0) {
    throw fault("wordPieces", "the vocabulary has no pieces of special meaning", {
      expected: Object.values(specialNames).join(", "),
      got: `none of ${missing.join(", ")}`,
    });
  }
  const tokenizer = new Tokenizer(description(numbers, lowercase), {});
  const special = Object.fromEntries(Object.entries(specialNames).map(([meaning, name]) => [meaning, numbers[name]]));
  return {
    vocabulary,
    special: special as unknown as WordPieces["special"],
    split: (text) => tokenizer.tokenize(text),
    encode: (text) => Array.from(tokenizer.encode(text, { add_special_tokens: false }).ids, Number),
    decode: (tokens) => tokenizer.decode([...tokens], { skip_special_tokens: true }),
  };
}

/** What the library reads from a `tokenizer.json`. */
const description = (numbers: Readonly<Record<string, number>>, lowercase: boolean): object => ({
  version: "1.0",
  truncation: null,
  padding: null,
  added_tokens: Object.values(specialNames).map((content) => ({
    id: numbers[content], content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true,
  })), // biome-ignore format: one line
  normalizer: { type: "BertNormalizer", clean_text: true, handle_chinese_chars: true, strip_accents: null, lowercase },
  pre_tokenizer: { type: "BertPreTokenizer" },
  post_processor: null,
  decoder: { type: "WordPiece", prefix: "##", cleanup: true },
  model: {
    type: "WordPiece",
    unk_token: "[UNK]",
    continuing_subword_prefix: "##",
    max_input_chars_per_word: 100,
    vocab: numbers,
  },
});

/**
 * A vocabulary from texts: the special pieces, every character as the start and as the inside of a word, and the words that come
 * most often, so many pieces in all.
 */
export function frequentPieces(texts: Iterable<string>, size: number, { lowercase = true }: WordPieceOptions = {}): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(text, lowercase)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const letters = [...new Set([...counts.keys()].join(""))].sort();
  const pieces = [...Object.values(specialNames), ...letters, ...letters.map((letter) => `##${letter}`)];
  const words = [...counts].filter(([word]) => word.length > 1).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)); // biome-ignore format: one line
  if (size < pieces.length) {
    throw fault("frequentPieces", "the characters alone are more", { expected: `${pieces.length} or more`, got: String(size) });
  }
  return [...pieces, ...words.slice(0, size - pieces.length).map(([word]) => word)];
}

/** The words of a text as the tokenizer sees them. */
function wordsOf(text: string, lowercase: boolean): string[] {
  const plain = lowercase
    ? text
        .toLowerCase()
        .normalize("NFD")
        .replace(/\p{Mn}/gu, "")
    : text;
  return plain.match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
}
