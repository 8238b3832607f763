import { tokenCrossEntropy } from "../nn/index.js";
import { adamW, type Schedule } from "../optim/index.js";
import type { Runtime } from "../run/runtime.js";
import { compile, type Trainer } from "../train/index.js";
import { type LanguageModel, type LanguageModelOptions, type LanguageModelParameters, languageModel } from "./language-model.js";
import { characters, textWindows, type Vocabulary } from "./vocabulary.js";
import { unwatched, type Watching, watched } from "./watching.js";
import { type WriteOptions, writeSymbols } from "./write-text.js";

export interface TrainLanguageModelOptions extends Partial<Omit<LanguageModelOptions, "symbols">>, Watching {
  /** Symbols in one stretch of training. Default 64. */
  readonly length?: number;
  /** Default 1. */
  readonly epochs?: number;
  /** Default 32. */
  readonly batchSize?: number;
  /** Default 2e-3. */
  readonly learningRate?: number | Schedule;
  /** Largest length of the gradient. Default 1. */
  readonly clipNorm?: number;
  /** Share of the text, from its end, that is only tested on, after every epoch. Default 0.1. */
  readonly heldOut?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
}

/** A model that has learned a text. */
export interface TrainedLanguageModel {
  readonly model: LanguageModel;
  readonly vocabulary: Vocabulary;
  readonly parameters: LanguageModelParameters;
  readonly trainer: Trainer<LanguageModelParameters>;
  /** Mean surprise at a symbol of the text that was held out, in bits. */
  readonly bitsPerSymbol: number;
  /** Goes on from a text. */
  write(prompt: string, options: Omit<WriteOptions, "runtime">): Promise<string>;
}

/** Learns to go on with a text, character by character. */
export async function trainLanguageModel(text: string, options: TrainLanguageModelOptions = {}): Promise<TrainedLanguageModel> {
  const {
    length = 64,
    epochs = 1,
    batchSize = 32,
    learningRate = 2e-3,
    clipNorm = 1,
    heldOut = 0.1,
    seed = 0,
    runtime,
    kind = "lstm",
    ...shape
  } = unwatched(options);
  const vocabulary = characters(text);
  // A transformer looks no further back than it has learned to, unless told.
  const model = languageModel({ memory: length, ...shape, kind, symbols: vocabulary.symbols.length });
  const tokens = vocabulary.encode(text);
  const border = Math.floor(tokens.length * (1 - heldOut));
  const train = textWindows(tokens.slice(0, border), length);
  const test = textWindows(tokens.slice(border), length);
  const place = runtime === undefined ? {} : { runtime };
  const trainer = await compile({
    model,
    loss: tokenCrossEntropy,
    optimizer: adamW({ learningRate, clipNorm }),
    seed,
    ...place,
  });
  const told = { epochs, batchSize, validation: test, ...watched(options) };
  let loss = Number.NaN;
  for await (const report of trainer.fit(train, told)) {
    loss = report.validation?.loss ?? Number.NaN;
    options.onEpoch?.(report);
  }
  // An epoch that was not finished counts too.
  if (trainer.progress.batch > 0 || Number.isNaN(loss)) ({ loss } = await trainer.evaluate(test, { batchSize }));
  const parameters = await trainer.parameters();
  return {
    model,
    vocabulary,
    parameters,
    trainer,
    bitsPerSymbol: loss / Math.LN2,
    write: async (prompt, told) =>
      vocabulary.decode(await writeSymbols(model, parameters, vocabulary.encode(prompt), { ...told, ...place })),
  };
}
