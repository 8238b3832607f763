import { batchRows, countBatches } from "../data/batches.js";
import type { Values } from "../data/columns.js";
import { fault } from "../ir/fault.js";
import { adamW, oneCycle } from "../optim/index.js";
import { fillBits, fold, type Key, uniform01 } from "../random/counter.js";
import type { Runtime } from "../run/runtime.js";
import { type BatchSource, compile, type Trainer } from "../train/index.js";
import type { BertOptions } from "./bert.js";
import { type BertForPretraining, type BertPretrainingParameters, bertForPretraining, bertLoss } from "./bert-heads.js";
import { joinSentences, maskWords } from "./bert-masking.js";
import { unwatched, type Watching, watched } from "./watching.js";
import type { WordPieces } from "./word-pieces.js";

/** Texts as lists of sentences. */
export type Documents = readonly (readonly string[])[];

export interface PretrainBertOptions extends Omit<BertOptions, "vocabulary" | "padding">, Watching {
  readonly tokenizer: WordPieces;
  /** Tokens of a pair of sentences. Default 64. */
  readonly length?: number;
  /** Share of the tokens that are hidden. Default 0.15. */
  readonly maskRate?: number;
  /** Default 1. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** The highest it gets: it rises over the first tenth and falls from there. Default 1e-3. */
  readonly learningRate?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
}

export interface PretrainedBert {
  readonly model: BertForPretraining;
  readonly parameters: BertPretrainingParameters;
  readonly trainer: Trainer<BertPretrainingParameters>;
  /** Shares of hidden words and of next sentences that are guessed right, over other documents. */
  test(documents: Documents): Promise<{ words: number; next: number }>;
}

/** Pretrains BERT on documents: words are hidden anew in every epoch, and half of the second sentences come from elsewhere. */
export async function pretrainBert(documents: Documents, options: PretrainBertOptions): Promise<PretrainedBert> {
  const { tokenizer, length = 64, maskRate = 0.15, epochs = 1, batchSize = 32, learningRate = 1e-3, seed = 0, runtime, ...shape } = unwatched(options); // biome-ignore format: one line
  const vocabulary = tokenizer.vocabulary.length;
  const model = bertForPretraining({ positions: length, ...shape, vocabulary, padding: tokenizer.special.padding, length });
  const data = sentencePairs(documents, { tokenizer, length, maskRate });
  const steps = Math.max(2, epochs * (data.batchCount?.({ size: batchSize }) ?? 1));
  const rate = oneCycle({ rate: learningRate, steps, warmShare: 0.1 });
  const optimizer = adamW({ learningRate: rate, weightDecay: 0.01, clipNorm: 1 });
  const trainer = await compile({ model, loss: bertLoss(vocabulary), optimizer, seed, ...(runtime && { runtime }) });
  for await (const report of trainer.fit(data, { epochs, batchSize, targets: "targets", ...watched(options) }))
    options.onEpoch?.(report);
  return {
    model,
    parameters: await trainer.parameters(),
    trainer,
    test: (others) => guessedRight(trainer, sentencePairs(others, { tokenizer, length, maskRate }), vocabulary, batchSize),
  };
}

interface PairOptions {
  readonly tokenizer: WordPieces;
  readonly length: number;
  readonly maskRate: number;
}

/**
 * Pairs of sentences as `bertForPretraining` reads them, with a fresh choice of second sentences and hidden words for every epoch:
 * features (3·length + places), targets (places + 1).
 */
export function sentencePairs(documents: Documents, { tokenizer, length, maskRate }: PairOptions): BatchSource {
  const sentences = documents.map((document) => document.map((sentence) => tokenizer.encode(sentence)));
  const followed = sentences.flatMap((document, d) => document.slice(1).map((_, s) => [d, s] as const));
  if (followed.length === 0 || documents.length < 2) {
    throw fault("sentencePairs", "there are no pairs of sentences", {
      expected: "two documents or more, with sentences that follow each other",
      got: `${documents.length} documents, ${followed.length} pairs`,
    });
  }
  const places = Math.max(1, Math.ceil(maskRate * length));
  const sampleOf = (index: number, key: Key) => {
    const [d, s] = followed[index];
    const [coin, where, which] = Array.from(fillBits(key, 3), uniform01);
    const follows = coin < 0.5;
    // A sentence of another document.
    const other = sentences[(d + 1 + Math.floor(where * (sentences.length - 1))) % sentences.length];
    const second = follows || other.length === 0 ? sentences[d][s + 1] : other[Math.floor(which * other.length)];
    const { tokens, segments, mask } = joinSentences(sentences[d][s], second, tokenizer, length);
    const hidden = maskWords(tokens, tokenizer, { rate: maskRate, places }, fold(key, 1));
    const isNext = follows || other.length === 0;
    return { row: [...hidden.tokens, ...segments, ...mask, ...hidden.places], labels: [...hidden.labels, isNext ? 0 : 1] };
  };
  return {
    batchCount: (options) => countBatches(followed.length, options),
    async *batches(options) {
      const { key = [0, 0], epoch = 0 } = options;
      for (const rows of batchRows(followed.length, options)) {
        const samples = Array.from(rows, (row) => sampleOf(row, fold(fold(key, epoch), row)));
        yield {
          features: column(samples.map(({ row }) => row)),
          targets: column(samples.map(({ labels }) => labels)),
        };
      }
    },
  };
}

const column = (rows: readonly (readonly number[])[]): Values => ({
  data: Int32Array.from(rows.flat()),
  shape: [rows.length, rows[0].length],
  dtype: "int32",
});

async function guessedRight(trainer: Trainer<BertPretrainingParameters>, data: BatchSource, vocabulary: number, size: number) {
  const tally = { words: 0, hidden: 0, next: 0, pairs: 0 };
  for await (const { features, targets } of data.batches({ size })) {
    const { data: scores, shape } = await trainer.predict(features);
    const [count, places] = [shape[0], targets.shape[1] - 1];
    for (let i = 0; i < count; i++) {
      const own = scores.subarray(i * shape[1], (i + 1) * shape[1]);
      const labels = targets.data.subarray(i * (places + 1), (i + 1) * (places + 1));
      for (let place = 0; place < places; place++) {
        if (labels[place] < 0) continue;
        tally.hidden++;
        if (best(own.subarray(place * vocabulary, (place + 1) * vocabulary)) === labels[place]) tally.words++;
      }
      tally.pairs++;
      if (best(own.subarray(places * vocabulary)) === labels[places]) tally.next++;
    }
  }
  return { words: tally.words / Math.max(1, tally.hidden), next: tally.next / Math.max(1, tally.pairs) };
}

const best = (scores: Float32Array): number => scores.reduce((at, score, i) => (score > scores[at] ? i : at), 0);
