import { type Dataset, fromArrays } from "../data/index.js";
import { fault } from "../ir/fault.js";
import { type Layer, softmaxCrossEntropy } from "../nn/index.js";
import { adamW, oneCycle } from "../optim/index.js";
import { key } from "../random/index.js";
import type { Runtime } from "../run/runtime.js";
import { accuracy, compile, type Trainer } from "../train/index.js";
import type { BertOptions, BertParameters } from "./bert.js";
import { type BertHeadParameters, bertClassifier } from "./bert-heads.js";
import { frameSentence } from "./bert-masking.js";
import { type Watching, watched } from "./watching.js";
import type { WordPieces } from "./word-pieces.js";

/** A text and what it is. */
export type LabelledText = readonly [label: string, text: string];

export interface TrainTextClassifierOptions extends Watching {
  readonly tokenizer: WordPieces;
  /** The sizes of the body: those that it was pretrained with. */
  readonly bert: BertOptions;
  /** The pretrained body; drawn anew without it. */
  readonly body?: BertParameters;
  /** Texts that are only tested on, after every epoch. */
  readonly heldOut?: readonly LabelledText[];
  /** Tokens of a text; longer ones are cut. Default: the body's positions. */
  readonly length?: number;
  /** Default 4. */
  readonly epochs?: number;
  /** Default 16. */
  readonly batchSize?: number;
  /** The highest it gets: it rises over the first tenth and falls from there. Default 3e-4. */
  readonly learningRate?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
}

export interface TrainedTextClassifier {
  readonly model: Layer<BertHeadParameters>;
  readonly classNames: readonly string[];
  readonly parameters: BertHeadParameters;
  readonly trainer: Trainer<BertHeadParameters>;
  /** The scores of every class, (text class), row after row. */
  scores(texts: readonly string[]): Promise<Float32Array>;
}

/** Fine-tunes BERT to say what a text is: the pretrained body and a new linear layer, all of it trained on. */
export async function trainTextClassifier(
  examples: readonly LabelledText[],
  options: TrainTextClassifierOptions,
): Promise<TrainedTextClassifier> {
  const { tokenizer, bert, body, heldOut = [], epochs = 4, batchSize = 16, learningRate = 3e-4, seed = 0, runtime } = options;
  const { length = bert.positions ?? 128, onEpoch } = options;
  const classNames = [...new Set([...examples, ...heldOut].map(([label]) => label))].sort();
  if (classNames.length < 2) {
    throw fault("trainTextClassifier", "there are not two classes to tell apart", { got: classNames.join() || "no examples" });
  }
  const model = bertClassifier(bert, classNames.length);
  const data = labelledRows(examples, { tokenizer, length, classNames });
  const steps = Math.max(2, epochs * Math.ceil(examples.length / batchSize));
  const optimizer = adamW({
    learningRate: oneCycle({ rate: learningRate, steps, warmShare: 0.1 }),
    weightDecay: 0.01,
    clipNorm: 1,
  });
  const fresh = model.initialise(key(seed));
  const parameters = body === undefined ? fresh : { ...fresh, bert: body };
  const trainer = await compile({ model, loss: softmaxCrossEntropy, optimizer, seed, parameters, ...(runtime && { runtime }) });
  const validation = heldOut.length > 0 && { validation: labelledRows(heldOut, { tokenizer, length, classNames }) };
  const told = { epochs, batchSize, metrics: [accuracy], ...validation, ...watched(options) };
  for await (const report of trainer.fit(data, told)) onEpoch?.(report);
  return {
    model,
    classNames,
    parameters: await trainer.parameters(),
    trainer,
    scores: async (texts) => {
      if (texts.length === 0) return new Float32Array(0);
      const rows = textRows(texts, tokenizer, length);
      const parts: Float32Array[] = [];
      for await (const { features } of rows.batches({ size: 64 })) parts.push((await trainer.predict(features)).data);
      return Float32Array.from(parts.flatMap((part) => [...part]));
    },
  };
}

/** Texts as `bertClassifier` reads them: features (3 length). */
export function textRows(texts: readonly string[], tokenizer: WordPieces, length: number): Dataset<{ features: Int32Array }> {
  const rows = texts.map((text) => frameSentence(tokenizer.encode(text), tokenizer, length));
  const features = new Int32Array(rows.length * 3 * length);
  rows.forEach(({ tokens, segments, mask }, i) => {
    [tokens, segments, mask].forEach((part, k) => features.set(part, (3 * i + k) * length));
  });
  return fromArrays({ features: { data: features, shape: [3, length] } });
}

function labelledRows(
  examples: readonly LabelledText[],
  { tokenizer, length, classNames }: { tokenizer: WordPieces; length: number; classNames: readonly string[] },
): Dataset<{ features: Int32Array; labels: Int32Array }> {
  const numbers = new Map(classNames.map((name, i) => [name, i]));
  const labels = Int32Array.from(examples, ([label]) => numbers.get(label) as number);
  const { features } = textRows(examples.map(([, text]) => text), tokenizer, length).columns; // biome-ignore format: one line
  return fromArrays({ features: { data: features.data, shape: [3, length] }, labels });
}
