import { type Dataset, fromArrays } from "../data/index.js";
import { fault } from "../ir/fault.js";
import { tokenCrossEntropy } from "../nn/index.js";
import { adamW, type Schedule } from "../optim/index.js";
import type { Runtime } from "../run/runtime.js";
import { compile, type Trainer } from "../train/index.js";
import { SEQUENCE_SYMBOLS, type SequenceToSequence, type SequenceToSequenceOptions, type SequenceToSequenceParameters, sequenceToSequence } from "./sequence-to-sequence.js"; // biome-ignore format: one list
import { type TranslateOptions, translate } from "./translate.js";
import { type Vocabulary, vocabularyOf } from "./vocabulary.js";
import { unwatched, type Watching, watched } from "./watching.js";

/** A text and what it is to become. */
export type TextPair = readonly [source: string, target: string];

export interface TrainSequenceToSequenceOptions
  extends Partial<Omit<SequenceToSequenceOptions, "symbols" | "sourceLength" | "targetLength">>,
    Watching {
  /** Pairs that are only tested on, after every epoch; their symbols and lengths count. Default none. */
  readonly heldOut?: readonly TextPair[];
  /** Default 10. */
  readonly epochs?: number;
  /** Default 64. */
  readonly batchSize?: number;
  /** Default 2e-3. */
  readonly learningRate?: number | Schedule;
  /** Largest length of the gradient. Default 1. */
  readonly clipNorm?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
}

export interface TrainedSequenceToSequence {
  readonly model: SequenceToSequence;
  readonly vocabulary: Vocabulary;
  readonly parameters: SequenceToSequenceParameters;
  readonly trainer: Trainer<SequenceToSequenceParameters>;
  translate(texts: readonly string[], options?: Omit<TranslateOptions, "runtime">): Promise<string[]>;
}

/** The vocabulary of texts: the three special symbols, then their characters. */
export const sequenceVocabulary = (characters: readonly string[]): Vocabulary =>
  vocabularyOf(["padding", "start", "end", ...characters], 3);

/** Learns to turn texts into others, character by character. */
export async function trainSequenceToSequence(
  pairs: readonly TextPair[],
  options: TrainSequenceToSequenceOptions = {},
): Promise<TrainedSequenceToSequence> {
  const {
    epochs = 10,
    batchSize = 64,
    learningRate = 2e-3,
    clipNorm = 1,
    seed = 0,
    runtime,
    heldOut = [],
    ...shape
  } = unwatched(options);
  if (pairs.length === 0) throw fault("trainSequenceToSequence", "there are no pairs to learn from");
  const all = [...pairs, ...heldOut];
  const vocabulary = sequenceVocabulary([...new Set(all.flat().join(""))].sort());
  const encoded = all.map(([source, target]) => [vocabulary.encode(source), vocabulary.encode(target)] as const);
  const sourceLength = Math.max(1, ...encoded.map(([source]) => source.length));
  const targetLength = Math.max(...encoded.map(([, target]) => target.length)) + 1;
  const model = sequenceToSequence({ ...shape, symbols: vocabulary.symbols.length, sourceLength, targetLength });
  const place = runtime === undefined ? {} : { runtime };
  const optimizer = adamW({ learningRate, clipNorm });
  const loss = (scores: Parameters<typeof tokenCrossEntropy>[0], labels: Parameters<typeof tokenCrossEntropy>[1]) =>
    tokenCrossEntropy(scores, labels, { ignored: SEQUENCE_SYMBOLS.padding });
  const trainer = await compile({ model, loss, optimizer, seed, ...place });
  const rowsOf = (from: number, to: number) => sequencePairs(encoded.slice(from, to), sourceLength, targetLength);
  const data = rowsOf(0, pairs.length);
  const validation = heldOut.length > 0 && { validation: rowsOf(pairs.length, all.length) };
  const told = { epochs, batchSize, ...validation, ...watched(options) };
  for await (const report of trainer.fit(data, told)) options.onEpoch?.(report);
  const parameters = await trainer.parameters();
  return {
    model,
    vocabulary,
    parameters,
    trainer,
    translate: async (texts, told = {}) => {
      const written = await translate(model, parameters, texts.map((text) => vocabulary.encode(text)), { ...told, ...place }); // biome-ignore format: one line
      return written.map(({ symbols }) => vocabulary.decode(symbols));
    },
  };
}

/** Pairs as rows: features are source and target from its start on, labels the target up to its end; padded with 0. */
export function sequencePairs(
  pairs: readonly (readonly [source: Int32Array, target: Int32Array])[],
  sourceLength: number,
  targetLength: number,
): Dataset<{ features: Int32Array; labels: Int32Array }> {
  const width = sourceLength + targetLength;
  const features = new Int32Array(pairs.length * width);
  const labels = new Int32Array(pairs.length * targetLength);
  pairs.forEach(([source, target], i) => {
    if (source.length > sourceLength || target.length >= targetLength) {
      throw fault("sequencePairs", `pair ${i} is too long`, {
        expected: `up to ${sourceLength} and ${targetLength - 1} symbols`,
        got: `${source.length} and ${target.length}`,
      });
    }
    features.set(source, i * width);
    features.set([SEQUENCE_SYMBOLS.start, ...target], i * width + sourceLength);
    labels.set([...target, SEQUENCE_SYMBOLS.end], i * targetLength);
  });
  return fromArrays({ features: { data: features, shape: [width] }, labels: { data: labels, shape: [targetLength] } });
}
