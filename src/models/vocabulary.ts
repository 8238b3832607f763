import { type Dataset, fromArrays } from "../data/index.js";
import { fault } from "../ir/fault.js";

/** Symbols numbered from 0, and text as those numbers. */
export interface Vocabulary {
  readonly symbols: readonly string[];
  /** The numbers of the symbols of a text; a fault for one that is not known, unless an unknown symbol was named. */
  encode(text: string): Int32Array;
  decode(tokens: ArrayLike<number>): string;
}

/** Every character of a text, in the order of Unicode. `extra` symbols come first and are not part of any text. */
export function characters(text: string, { extra = [] }: { extra?: readonly string[] } = {}): Vocabulary {
  return vocabularyOf([...extra, ...[...new Set(text)].sort()], extra.length);
}

/** A vocabulary of given symbols, each of which but the first `extra` is one character. */
export function vocabularyOf(symbols: readonly string[], extra = 0): Vocabulary {
  const numbers = new Map(symbols.slice(extra).map((symbol, i) => [symbol, i + extra]));
  return {
    symbols,
    encode: (text) =>
      Int32Array.from([...text], (symbol, at) => {
        const number = numbers.get(symbol);
        if (number !== undefined) return number;
        throw fault("vocabulary", `the character ${JSON.stringify(symbol)} is not in it`, {
          expected: `one of ${numbers.size} characters`,
          got: `${JSON.stringify(symbol)} at place ${at}`,
          fix: "make the vocabulary from all of the text, or leave the character out",
        });
      }),
    decode: (tokens) => Array.from(tokens, (token) => (token < extra ? "" : (symbols[token] ?? "�"))).join(""),
  };
}

/**
 * Stretches of a text to predict the next symbol in: features (length) and labels (length), one symbol later. They follow each other
 * without overlap, from `offset` on.
 */
export function textWindows(
  tokens: Int32Array,
  length: number,
  { offset = 0 }: { offset?: number } = {},
): Dataset<{ features: Int32Array; labels: Int32Array }> {
  const count = Math.floor((tokens.length - 1 - offset) / length);
  if (!(count >= 1)) {
    throw fault("textWindows", "the text is shorter than one stretch", {
      expected: `more than ${length + offset} symbols`,
      got: String(tokens.length),
    });
  }
  const part = (from: number) => ({ data: tokens.slice(from, from + count * length), shape: [length] });
  return fromArrays({ features: part(offset), labels: part(offset + 1) });
}
