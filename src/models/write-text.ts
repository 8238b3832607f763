import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { argmax, broadcastTo, div, less, slice, tensor, topK, where } from "../ops/index.js";
import { categorical, fold, key as keyOf, keyTensor } from "../random/index.js";
import { compile } from "../run/compile.js";
import type { Runtime } from "../run/runtime.js";
import type { LanguageModel, LanguageModelParameters, LanguageState } from "./language-model.js";
import { storedElements } from "./stored.js";

export interface WriteOptions {
  /** How many symbols are written. */
  readonly length: number;
  /** How much is dared: the scores are divided by it; 0 always takes the most likely symbol. Default 1. */
  readonly temperature?: number;
  /** Only so many of the most likely symbols are drawn from. Default all. */
  readonly among?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
}

/** Goes on from the symbols of a prompt (at least one), symbol by symbol, and returns what was written behind it. */
export async function writeSymbols(
  model: LanguageModel,
  parameters: LanguageModelParameters,
  prompt: Int32Array,
  { length, temperature = 1, among, seed = 0, runtime }: WriteOptions,
): Promise<Int32Array> {
  const { symbols, memory, kind } = model.options;
  requirePrompt(prompt, symbols);
  if (!(temperature >= 0))
    throw fault("writeSymbols", "the temperature is below 0", { expected: "0 or more", got: String(temperature) });
  const choose = chooser(symbols, temperature, among);
  const step = compile(
    (state: LanguageState, given: Tensor, key: Tensor) => {
      const { logits, state: after } = model.advance(parameters, given, state);
      return { chosen: choose(slice(logits, null, -1), key), state: after };
    },
    runtime === undefined ? {} : { runtime },
  );
  const limit = kind === "transformer" ? memory : Number.POSITIVE_INFINITY;
  const written = [...prompt];
  let state = model.start(1);
  // The symbols that the model has not seen yet, and how many it holds.
  let unseen = written.slice(-Math.min(written.length, limit));
  let held = 0;
  for (let i = 0; i < length; i++) {
    if (held + unseen.length > limit) {
      // Full: it starts over from the later half of what it knew.
      unseen = written.slice(-Math.max(1, Math.floor(limit / 2)));
      state = model.start(1);
      held = 0;
    }
    const given = tensor(Int32Array.from(unseen), { shape: [1, unseen.length] });
    const result = await step(state, given, keyTensor(fold(keyOf(seed), i)));
    const next = storedElements(result.chosen)[0];
    held += unseen.length;
    state = result.state;
    written.push(next);
    unseen = [next];
  }
  return Int32Array.from(written.slice(prompt.length));
}

function chooser(symbols: number, temperature: number, among = symbols): (logits: Tensor, key: Tensor) => Tensor {
  if (!Number.isInteger(among) || among < 1 || among > symbols) {
    throw fault("writeSymbols", "there are not so many symbols to draw from", {
      expected: `1 to ${symbols}`,
      got: String(among),
    });
  }
  if (temperature === 0) return (logits) => argmax(logits);
  return (logits, key) => {
    const scaled = div(logits, temperature);
    if (among === symbols) return categorical(key, scaled);
    const least = slice(topK(scaled, among).values, null, [among - 1, among]);
    return categorical(key, where(less(scaled, broadcastTo(least, scaled.shape)), HIDDEN, scaled));
  };
}

/** Beside it every ordinary score rounds away. */
const HIDDEN = -1e30;

function requirePrompt(prompt: Int32Array, symbols: number): void {
  const wrong = prompt.findIndex((symbol) => symbol < 0 || symbol >= symbols);
  if (prompt.length > 0 && wrong === -1) return;
  throw fault(
    "writeSymbols",
    prompt.length === 0 ? "there is no symbol to go on from" : `symbol ${wrong} of the prompt is not known`,
    {
      expected: `numbers from 0 to ${symbols - 1}`,
      got: prompt.length === 0 ? "none" : String(prompt[wrong]),
    },
  );
}
