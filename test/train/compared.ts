import { gelu } from "../../src/activations/index.js";
import { dropout, linear, residual, sequential, softmaxCrossEntropy } from "../../src/nn/index.js";
import { adamW, cosine } from "../../src/optim/index.js";
import type { Runtime } from "../../src/run/runtime.js";
import { compile } from "../../src/train/index.js";
import { labelledBatch, parameterValues } from "./network.js";

/** What a training came to, to be compared between runtimes. */
export interface Outcome {
  readonly losses: readonly number[];
  readonly parameters: readonly number[];
  readonly predictions: readonly number[];
}

/** Twenty steps of a network with everything a step can hold: dropout, a residual, decay, clipping by norm, a schedule. */
export async function twentySteps(runtime: Runtime, { accumulate = 1 } = {}): Promise<Outcome> {
  const trainer = await compile({
    model: sequential(linear(20, 32), gelu, dropout(0.25), residual(sequential(linear(32, 32), gelu)), linear(32, 10)),
    loss: softmaxCrossEntropy.with({ labelSmoothing: 0.05 }),
    optimizer: adamW({ learningRate: cosine({ rate: 0.005, steps: 40 }), weightDecay: 0.1, clipNorm: 1 }),
    seed: 5,
    accumulate,
    runtime,
  });
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) losses.push(await trainer.step(labelledBatch(16, 20, 10, step)));
  const parameters = (await parameterValues(trainer)).flatMap((data) => Array.from(data));
  const { data } = await trainer.predict(labelledBatch(16, 20, 10, 0).inputs);
  await trainer.dispose();
  return { losses, parameters, predictions: Array.from(data) };
}

/** The largest difference of two outcomes, for each of their parts. */
export function distances(a: Outcome, b: Outcome): Record<keyof Outcome, number> {
  const largest = (part: keyof Outcome): number => {
    if (a[part].length !== b[part].length) return Number.NaN;
    return a[part].reduce((most, value, i) => Math.max(most, Math.abs(value - b[part][i])), 0);
  };
  return { losses: largest("losses"), parameters: largest("parameters"), predictions: largest("predictions") };
}
