import { gelu, relu } from "../../src/activations/index.js";
import { averagePool2d, batchNorm, conv2d, convTranspose2d, depthwiseConv2d, dropout, globalAveragePool, groupNorm, linear, maxPool2d, residual, sequential, softmaxCrossEntropy, spatialDropout, unflatten, upsample } from "../../src/nn/index.js"; // biome-ignore format: one list
import { adamW, cosine, sgd } from "../../src/optim/index.js";
import type { Runtime } from "../../src/run/runtime.js";
import { compile, type Trainer, type TrainingBatch } from "../../src/train/index.js";
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
  return outcomeOf(trainer, (step) => labelledBatch(16, 20, 10, step));
}

/** Twenty steps of networks for images: convolution, norm with running statistics, overlapping and other pooling, residuals. */
export async function twentyImageSteps(runtime: Runtime): Promise<Outcome> {
  const trainer = await compile({
    model: sequential(
      unflatten([1, 10, 10]),
      conv2d(1, 6, 3, { padding: "same", bias: false }),
      batchNorm(6),
      relu,
      maxPool2d(2),
      residual(sequential(depthwiseConv2d(6, 3, { padding: 1 }), groupNorm(2, 6), gelu)),
      conv2d(6, 8, 3, { stride: 2, padding: 1 }),
      batchNorm(8),
      relu,
      maxPool2d(3, { stride: 1, padding: 1 }),
      upsample({ scale: 2 }),
      averagePool2d(3, { stride: 2 }),
      convTranspose2d(8, 4, 2, { stride: 2 }),
      spatialDropout(0.2),
      globalAveragePool(),
      linear(4, 10),
    ),
    loss: softmaxCrossEntropy,
    optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
    seed: 5,
    runtime,
  });
  return outcomeOf(trainer, (step) => labelledBatch(16, 100, 10, step));
}

async function outcomeOf(trainer: Trainer, batch: (step: number) => TrainingBatch): Promise<Outcome> {
  const losses: number[] = [];
  for (let step = 0; step < 20; step++) losses.push(await trainer.step(batch(step)));
  const parameters = (await parameterValues(trainer)).flatMap((data) => Array.from(data));
  const { data } = await trainer.predict(batch(0).inputs);
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
