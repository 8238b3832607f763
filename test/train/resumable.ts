import { tanh } from "../../src/activations/index.js";
import { fromArrays } from "../../src/data/index.js";
import { dropout, linear, sequential, softmaxCrossEntropy } from "../../src/nn/index.js";
import { adamW, cosine } from "../../src/optim/index.js";
import type { Runtime } from "../../src/run/runtime.js";
import { compile, type FitOptions, type Trainer } from "../../src/train/index.js";
import { labels, values } from "./network.js";

/** 50 samples, seven batches of which the last is small. */
export const samples = fromArrays({ features: { data: values(50 * 6, 1), shape: [6] }, labels: labels(50, 3, 4) });
export const others = fromArrays({ features: { data: values(30 * 6, 2), shape: [6] }, labels: labels(30, 5, 4) });

/** A training with everything that could be forgotten: dropout, moments, a schedule, a shuffled order. */
export function makeTrainer({ runtime, accumulate = 1, seed = 11 }: { runtime: Runtime; accumulate?: number; seed?: number }) {
  return compile({
    model: sequential(linear(6, 16), tanh, dropout(0.3), linear(16, 4)),
    loss: softmaxCrossEntropy,
    optimizer: adamW({ learningRate: cosine({ rate: 0.05, steps: 40 }), clipNorm: 1 }),
    accumulate,
    seed,
    runtime,
  });
}

export const plan = { epochs: 4, batchSize: 8 } as const satisfies FitOptions;

/** Trains to the end and returns what every epoch came to, apart from times. */
export async function train(trainer: Trainer, options: Partial<FitOptions> = {}): Promise<object[]> {
  const reports: object[] = [];
  for await (const { seconds: _, samplesPerSecond: __, ...report } of trainer.fit(samples, { ...plan, ...options })) {
    reports.push(report);
  }
  return reports;
}
