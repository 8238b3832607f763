import { skipGram, word2vec, writeWordVectors } from "../../models/index.js";
import { number } from "../readers.js";
import type { Setting } from "../train/settings.js";
import { paragraphsOf } from "./files.js";
import { textModel } from "./model.js";
import { count, trainingSettings } from "./settings.js";

/** The most frequent words tie a sentence together and mean little: those that are shown come behind them. */
const [FIRST_SHOWN, SHOWN, NEIGHBOURS] = [60, 16, 6];

const subsample: Setting<number> = {
  group: "Training",
  flags: "--subsample <share>",
  doc: "words of a larger share of the text are left out now and then; 0 keeps all",
  default: 0.001,
  read: number({ least: 0, most: 1 }),
};

/** `softgrad text words`: vectors of words. */
export const wordsModel = textModel({
  name: "words",
  summary: "learn vectors of words from what stands around them",
  description:
    "Learns vectors of words by skip-gram with random words against (word2vec). Words are taken in lower case, sentences by their " +
    "ends. `softgrad text nearest` and `softgrad text analogy` use them.",
  file: "a text, the longer the better",
  settings: {
    width: count("width", "numbers of a vector", 100),
    window: count("window", "how many words on either side count as around", 5),
    negatives: count("negatives", "random words against each that was there", 5),
    minCount: count("min-count", "words that come less often are left out", 5),
    subsample,
    ...trainingSettings({ epochs: 5, batchSize: 512, learningRate: 0.002 }),
  },
  examples: [
    ["softgrad text words book.txt", "vectors of its words"],
    ["softgrad text nearest runs/book-… whale", "which words are used like it"],
    ["softgrad text analogy runs/book-… man men whale", "what is to whale as men is to man"],
  ],
  async learn(text, { width, ...values }, { runtime, begin, path: _, ...watching }) {
    const sentences = paragraphsOf(text).flat().map(wordsIn);
    const total = sentences.reduce((sum, words) => sum + words.length, 0);
    const known = frequentWords(sentences, values.minCount);
    const description = `${total.toLocaleString("en-US")} words, ${known.length.toLocaleString("en-US")} of them different and frequent enough.`;
    if (known.length > 1) begin({ description, model: skipGram(known.length, width) });
    const vectors = await word2vec(sentences, { width, ...values, runtime, ...watching });
    const rows = vectors.words.slice(FIRST_SHOWN, FIRST_SHOWN + SHOWN).map((word) => [
      word,
      vectors.nearest(word, NEIGHBOURS).map(({ word: near, cosine }) => `${near} ${cosine.toFixed(2)}`).join(", "), // biome-ignore format: one line
    ]);
    return {
      outcome: {
        kind: "text",
        measures: [
          { label: "words with a vector", value: vectors.words.length.toLocaleString("en-US"), note: `of ${width} numbers` },
        ],
        examples: [{ title: "Words used alike", header: ["word", "nearest, with the cosine of the angle"], rows }],
      },
      files: [["vectors", writeWordVectors(vectors)]],
      shape: { width },
    };
  },
});

/** Words in lower case, with what joins their parts. */
export const wordsIn = (sentence: string): string[] =>
  sentence.toLowerCase().match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu) ?? [];

function frequentWords(sentences: readonly (readonly string[])[], least: number): string[] {
  const counts = new Map<string, number>();
  for (const word of sentences.flat()) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].filter(([, times]) => times >= least).map(([word]) => word);
}
