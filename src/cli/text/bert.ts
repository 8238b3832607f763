import { fault } from "../../ir/fault.js";
import { bertForPretraining, type Documents, frequentPieces, parameterValues, pretrainBert, saveBert, type WordPieces, wordPieces } from "../../models/index.js"; // biome-ignore format: one list
import { optional, text as textReader } from "../readers.js";
import type { Setting } from "../train/settings.js";
import { percent } from "../train/text.js";
import { paragraphsOf, readText, tenthHeldOut } from "./files.js";
import { textModel } from "./model.js";
import { count, dropoutSetting, requireHeads, trainingSettings } from "./settings.js";

const vocabularyFile: Setting<string | null> = {
  group: "Network",
  flags: "--vocabulary <file>",
  doc: "a vocab.txt, a word piece a line, in place of one made from the text",
  default: null,
  read: optional(textReader),
};

/** `softgrad text bert`: hidden words and next sentences. */
export const bertModel = textModel({
  name: "bert",
  summary: "pretrain BERT on a text: hidden words and next sentences",
  description:
    "Pretrains BERT: words are hidden anew in every epoch, and half of the second sentences come from elsewhere. A tenth of the paragraphs " +
    "is only tested on. The parameters are written in Hugging Face's names. `softgrad text fill` guesses hidden words, `softgrad text " +
    "classify` fine-tunes.",
  file: "a text; an empty line ends a paragraph",
  settings: {
    pieces: count("pieces", "word pieces in the vocabulary made from the text", 4000),
    vocabulary: vocabularyFile,
    width: count("width", "width of the vectors", 128),
    layers: count("layers", "layers of the encoder", 2),
    heads: count("heads", "heads of attention", 4),
    length: count("length", "tokens of a pair of sentences", 64, { least: 8 }),
    dropout: dropoutSetting(0.1),
    ...trainingSettings({ epochs: 20, batchSize: 32, learningRate: 0.001 }),
  },
  examples: [
    ["softgrad text bert book.txt", "a small one"],
    [
      "softgrad text bert book.txt --vocabulary vocab.txt --width 256 --layers 4",
      "a larger one, with word pieces of another model",
    ],
    ['softgrad text fill runs/book-… "The [MASK] was white."', "and what it guesses"],
    ["softgrad text classify reviews.tsv --body runs/book-…", "fine-tuned to tell texts apart"],
  ],
  async learn(
    text,
    { pieces, vocabulary: file, width, layers, heads, length, dropout, ...values },
    { runtime, path, begin, ...watching },
  ) {
    requireHeads(width, heads);
    const documents = paragraphsOf(text).filter((sentences) => sentences.length > 1);
    const { train, test } = tenthHeldOut(documents);
    if (test.length < 2) {
      throw fault(path, "there are too few paragraphs of two sentences or more", {
        expected: "20 or more",
        got: String(documents.length),
      });
    }
    const lines = file === null ? frequentPieces(train.flat(), pieces) : (await readText(file)).trimEnd().split("\n");
    const tokenizer = wordPieces(lines);
    const shape = {
      vocabulary: lines.length,
      width,
      layers,
      heads,
      positions: length,
      dropout,
      padding: tokenizer.special.padding,
    };
    begin({
      description: `${documents.flat().length} sentences in ${documents.length} paragraphs, ${lines.length} word pieces; ${test.length} paragraphs to test on.`,
      model: bertForPretraining({ ...shape, length }),
    });
    const learned = await pretrainBert(train, {
      tokenizer,
      width,
      layers,
      heads,
      length,
      dropout,
      ...values,
      runtime,
      ...watching,
    });
    const { words, next } = await learned.test(test);
    const { share, piece } = mostFrequent(train, test, tokenizer);
    return {
      outcome: {
        kind: "text",
        measures: [
          { label: "hidden words guessed", value: percent(words), note: "in paragraphs that were not trained on" },
          { label: "by the most frequent piece", value: percent(share), note: `always “${piece}”` },
          { label: "next sentences told from others", value: percent(next), note: "half of them are others" },
        ],
        examples: [],
      },
      files: [
        ["parameters", saveBert(learned.model, parameterValues(learned.model, learned.parameters))],
        ["pieces", `${lines.join("\n")}\n`],
      ],
      shape: { ...shape, length },
    };
  },
});

/** The most frequent piece of the texts to learn from, and its share of those to test on. */
function mostFrequent(train: Documents, test: Documents, { encode, vocabulary }: WordPieces): { share: number; piece: string } {
  const counts = new Map<number, number>();
  for (const token of train.flat().flatMap((sentence) => encode(sentence))) counts.set(token, (counts.get(token) ?? 0) + 1);
  const [[best]] = [...counts].sort(([, a], [, b]) => b - a);
  const tokens = test.flat().flatMap((sentence) => encode(sentence));
  return { share: tokens.filter((token) => token === best).length / tokens.length, piece: vocabulary[best] };
}
