import { fault } from "../ir/fault.js";

/** Words and a vector for each. */
export interface WordVectors {
  readonly words: readonly string[];
  readonly width: number;
  /** The vector of a word; a fault for a word that has none. */
  of(word: string): Float32Array;
  has(word: string): boolean;
  /** The words whose vectors point most nearly the same way, with the cosine of the angle, nearest first. */
  nearest(
    to: string | Float32Array,
    count?: number,
    options?: { without?: readonly string[] },
  ): { word: string; cosine: number }[];
  /** What is to c as b is to a: the words nearest to b − a + c, those three left out. Mikolov et al. 2013. */
  analogy(a: string, b: string, c: string, count?: number): { word: string; cosine: number }[];
}

/** Word vectors from words and their vectors end to end. */
export function wordVectors(words: readonly string[], data: Float32Array, width: number): WordVectors {
  if (data.length !== words.length * width) {
    throw fault("wordVectors", "the vectors are not as many as the words", {
      expected: `${words.length} × ${width} numbers`,
      got: String(data.length),
    });
  }
  const rows = new Map(words.map((word, i) => [word, i]));
  const row = (i: number): Float32Array => data.subarray(i * width, (i + 1) * width);
  const lengths = words.map((_, i) => lengthOf(row(i)));
  const of = (word: string): Float32Array => {
    const i = rows.get(word);
    if (i !== undefined) return row(i);
    throw fault("wordVectors", `there is no vector for ${JSON.stringify(word)}`, { expected: `one of ${words.length} words` });
  };
  const nearest: WordVectors["nearest"] = (to, count = 10, { without = [] } = {}) => {
    const vector = typeof to === "string" ? of(to) : to;
    const hidden = new Set(typeof to === "string" ? [to, ...without] : without);
    const length = lengthOf(vector);
    return words
      .map((word, i) => ({ word, cosine: dot(vector, row(i)) / Math.max(length * lengths[i], Number.MIN_VALUE) }))
      .filter(({ word }) => !hidden.has(word))
      .sort((x, y) => y.cosine - x.cosine)
      .slice(0, count);
  };
  return {
    words,
    width,
    of,
    has: (word) => rows.has(word),
    nearest,
    analogy: (a, b, c, count = 10) => {
      // Every vector counts by its direction alone.
      const [from, to, at] = [a, b, c].map((word) => unit(of(word)));
      return nearest(to.map((value, i) => value - from[i] + at[i]), count, { without: [a, b, c] }); // biome-ignore format: one line
    },
  };
}

const dot = (x: Float32Array, y: Float32Array): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
const lengthOf = (x: Float32Array): number => Math.sqrt(dot(x, x));
const unit = (x: Float32Array): Float32Array => {
  const length = lengthOf(x);
  return x.map((value) => value / Math.max(length, Number.MIN_VALUE));
};

/**
 * Word vectors from text, a word and its numbers a line, as GloVe writes them; with a first line of count and width, as word2vec does.
 */
export function readWordVectors(text: string, name = "word vectors"): WordVectors {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const headed = lines.length > 0 && /^\d+ \d+\s*$/.test(lines[0]);
  const rows = (headed ? lines.slice(1) : lines).map((line) => line.trimEnd().split(" "));
  if (rows.length === 0) throw fault(name, "there are no vectors");
  const width = headed ? Number(lines[0].split(" ")[1]) : rows[0].length - 1;
  const data = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    // A word may have spaces in it: the numbers are the last ones.
    const numbers = row.slice(row.length - width).map(Number);
    if (row.length <= width || !numbers.every(Number.isFinite)) {
      throw fault(name, `line ${i + (headed ? 2 : 1)} is not a word and its vector`, {
        expected: `a word and ${width} numbers`,
        got: row.join(" ").slice(0, 60),
      });
    }
    data.set(numbers, i * width);
  });
  if (headed && Number(lines[0].split(" ")[0]) !== rows.length) {
    throw fault(name, "the file ends early", { expected: `${lines[0].split(" ")[0]} words`, got: String(rows.length) });
  }
  return wordVectors(rows.map((row) => row.slice(0, row.length - width).join(" ")), data, width); // biome-ignore format: one line
}

/** The text that `readWordVectors` reads, with count and width in the first line unless told otherwise. */
export function writeWordVectors({ words, width, of }: WordVectors, { header = true }: { header?: boolean } = {}): string {
  const lines = words.map((word) => `${word} ${Array.from(of(word), (value) => String(value)).join(" ")}`);
  return `${[...(header ? [`${words.length} ${width}`] : []), ...lines].join("\n")}\n`;
}
