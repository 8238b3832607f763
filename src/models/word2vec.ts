import type { Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { binaryCrossEntropy, embedding, initialisers, type Layer, layer } from "../nn/index.js";
import { applyPart } from "../nn/stage.js";
import { matmul, mul, reshape, slice } from "../ops/index.js";
import { adam } from "../optim/index.js";
import { fillBits, fold, type Key, uniform01 } from "../random/counter.js";
import type { Runtime } from "../run/runtime.js";
import { type BatchSource, compile } from "../train/index.js";
import { storedElements } from "./stored.js";
import { type Watching, watched } from "./watching.js";
import { type WordVectors, wordVectors } from "./word-vectors.js";

export interface SkipGramParameters {
  /** Vectors of words in the middle: what is kept. */
  readonly words: { readonly weight: Tensor };
  /** Vectors of words around them. */
  readonly contexts: { readonly weight: Tensor };
}

/**
 * Skip-gram: `(batch 1 + count) int32 -> (batch count)`, how well each of `count` words goes around the first one: the product of
 * their vectors. Train it with `binaryCrossEntropy`: 1 for a word that was there, 0 for words drawn at random. Mikolov et al. 2013,
 * arXiv:1310.4546.
 */
export function skipGram(words: number, width: number): Layer<SkipGramParameters> {
  const centre = embedding(words, width, { init: initialisers.uniform({ low: -0.5 / width, high: 0.5 / width }) });
  const around = embedding(words, width, { init: initialisers.zeros() });
  const whole = layer<unknown>({
    name: "skipGram",
    title: `skipGram, ${words} words, width ${width}`,
    code: ["skipGram", words, width],
    parameters: { words: centre.parameters, contexts: around.parameters },
    children: [["words", centre], ["contexts", around]], // biome-ignore format: one line
    ...(centre.checkInputs && { checkInputs: centre.checkInputs }),
    apply: (values, x, context) => {
      const parameters = values as SkipGramParameters;
      if (x.rank !== 2 || x.shape[1] < 2) {
        throw fault("skipGram", "it takes a word and the words around it", {
          expected: "(batch 1 + count)",
          got: formatShape(x.shape),
        });
      }
      const [batch, count] = x.shape;
      const middle = applyPart("skipGram", centre, "words", parameters.words, slice(x, null, 0), context);
      const others = applyPart("skipGram", around, "contexts", parameters.contexts, slice(x, null, [1, count]), context);
      return reshape(matmul(others, reshape(middle, [batch, width, 1])), [batch, count - 1]);
    },
  });
  return whole as Layer<SkipGramParameters>;
}

/** The loss of skip-gram: the cross-entropies of a word and those drawn against it are added up, pair by pair. */
export const skipGramLoss = (scores: Tensor, targets: Tensor): Tensor =>
  mul(binaryCrossEntropy(scores, targets), scores.shape[1]);

export interface Word2vecOptions extends Watching {
  /** Default 100. */
  readonly width?: number;
  /** How many words on either side count as around; every distance up to it is as likely. Default 5. */
  readonly window?: number;
  /** Words drawn at random against each that was there. Default 5. */
  readonly negatives?: number;
  /** Words that come less often are left out. Default 5. */
  readonly minCount?: number;
  /** Words of a larger share of the text are left out now and then; 0 keeps all. Default 1e-3. */
  readonly subsample?: number;
  /** Default 5. */
  readonly epochs?: number;
  /** Pairs in a step. Default 512. */
  readonly batchSize?: number;
  /** Default 2e-3. */
  readonly learningRate?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
}

/** Learns vectors of words from sentences, each a list of words. */
export async function word2vec(sentences: readonly (readonly string[])[], options: Word2vecOptions = {}): Promise<WordVectors> {
  const { width = 100, epochs = 5, batchSize = 512, learningRate = 2e-3, seed = 0, runtime, onEpoch, ...drawing } = options;
  const corpus = countWords(sentences, drawing.minCount ?? 5);
  const model = skipGram(corpus.words.length, width);
  const optimizer = adam({ learningRate });
  const trainer = await compile({ model, loss: skipGramLoss, optimizer, seed, ...(runtime && { runtime }) });
  for await (const report of trainer.fit(pairsOf(corpus, drawing), { epochs, batchSize, ...watched(options) })) onEpoch?.(report);
  const { words } = await trainer.parameters();
  const data = Float32Array.from(storedElements(words.weight));
  await trainer.dispose();
  return wordVectors(corpus.words, data, width);
}

interface Corpus {
  readonly words: readonly string[];
  readonly counts: readonly number[];
  readonly sentences: readonly Int32Array[];
  readonly total: number;
}

function countWords(sentences: readonly (readonly string[])[], minCount: number): Corpus {
  const counts = new Map<string, number>();
  for (const sentence of sentences) for (const word of sentence) counts.set(word, (counts.get(word) ?? 0) + 1);
  const kept = [...counts].filter(([, count]) => count >= minCount).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  if (kept.length < 2) {
    throw fault("word2vec", "there are not two words to learn of", { expected: `words that come ${minCount} times or more`, got: `${counts.size} words in all` }); // biome-ignore format: one line
  }
  const numbers = new Map(kept.map(([word], i) => [word, i]));
  const encoded = sentences.map((sentence) => Int32Array.from(sentence.flatMap((word) => numbers.get(word) ?? [])));
  return {
    words: kept.map(([word]) => word),
    counts: kept.map(([, count]) => count),
    sentences: encoded,
    total: kept.reduce((sum, [, count]) => sum + count, 0),
  };
}

/** Draws of one epoch, in order. */
function drawsOf(key: Key): () => number {
  let [block, at] = [0, 0];
  let words: Uint32Array = new Uint32Array(0);
  return () => {
    if (at === words.length) [words, at] = [fillBits(fold(key, block++), 4096), 0];
    return uniform01(words[at++]);
  };
}

/** Pairs and words drawn against them, anew in every epoch: features (2 + negatives), targets 1, 0, 0, …. */
function pairsOf({ counts, sentences, total }: Corpus, drawing: Word2vecOptions): BatchSource {
  const { window = 5, negatives = 5, subsample = 1e-3 } = drawing;
  const keep = counts.map((count) => (subsample === 0 ? 1 : Math.min(1, Math.sqrt((subsample * total) / count))));
  const drawWord = unigram(counts);
  return {
    async *batches({ size, key = [0, 0], epoch = 0, start = 0 }) {
      const draw = drawsOf(fold(key, epoch));
      let rows: number[] = [];
      let batch = 0;
      const width = 2 + negatives;
      const full = (): Readonly<Record<string, Values>> => {
        const count = rows.length / width;
        const targets = Float32Array.from({ length: count * (width - 1) }, (_, i) => (i % (width - 1) === 0 ? 1 : 0));
        const made = { features: { data: Int32Array.from(rows), shape: [count, width], dtype: "int32" }, targets: { data: targets, shape: [count, width - 1], dtype: "float32" } } as const; // biome-ignore format: one line
        rows = [];
        return made;
      };
      for (const order of shuffled(sentences.length, draw)) {
        const sentence = sentences[order].filter((word) => draw() < keep[word]);
        for (let i = 0; i < sentence.length; i++) {
          const reach = 1 + Math.floor(draw() * window);
          for (let j = Math.max(0, i - reach); j <= Math.min(sentence.length - 1, i + reach); j++) {
            if (j === i) continue;
            rows.push(sentence[i], sentence[j]);
            for (let k = 0; k < negatives; k++) rows.push(drawWord(draw()));
            if (rows.length < size * width) continue;
            const made = full();
            if (batch++ >= start) yield made;
          }
        }
      }
      if (rows.length > 0 && batch >= start) yield full();
    },
  };
}

function shuffled(count: number, draw: () => number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Words with probabilities as their counts to the power ¾, from a number in [0, 1). */
function unigram(counts: readonly number[]): (at: number) => number {
  const sums: number[] = [];
  counts.forEach((count, i) => sums.push((sums[i - 1] ?? 0) + count ** 0.75));
  const total = sums[sums.length - 1];
  return (at) => {
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle] > at * total) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
