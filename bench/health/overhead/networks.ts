import { data, mean, nn, type Tensor } from "softgrad";
import { gelu, relu, tanh } from "softgrad/activations";

/** A network and a batch size, with what it is fed: numbers by a formula, since only time is measured. */
export interface Watched {
  readonly name: string;
  readonly sample: readonly number[];
  readonly batch: number;
  readonly classes: number;
  make(): nn.Layer;
}

const stack = (...stages: nn.Stage[]): nn.Layer => nn.sequential(...stages) as nn.Layer;

export const networks: readonly Watched[] = [
  {
    name: "2-64-64-1, batch 32",
    sample: [2],
    batch: 32,
    classes: 1,
    make: () => stack(nn.linear(2, 64), tanh, nn.linear(64, 64), tanh, nn.linear(64, 1)),
  },
  {
    name: "784-256-128-10, batch 128",
    sample: [784],
    batch: 128,
    classes: 10,
    make: () => stack(nn.linear(784, 256), relu, nn.linear(256, 128), relu, nn.linear(128, 10)),
  },
  {
    name: "convolutions 28 × 28, batch 64",
    sample: [1, 28, 28],
    batch: 64,
    classes: 10,
    make: () =>
      stack(
        nn.conv2d(1, 16, 3, { padding: "same" }),
        nn.batchNorm(16),
        relu,
        nn.maxPool2d(2),
        nn.conv2d(16, 32, 3, { padding: "same" }),
        nn.batchNorm(32),
        relu,
        nn.maxPool2d(2),
        nn.flatten(),
        nn.linear(32 * 49, 10),
      ),
  },
  {
    name: "LSTM 28 × 28 → 64, batch 64",
    sample: [28, 28],
    batch: 64,
    classes: 10,
    make: () => stack(nn.lstm(28, 64, { returns: "last" }), nn.linear(64, 10)),
  },
  {
    name: "transformer block 32 × 64, batch 32",
    sample: [32, 64],
    batch: 32,
    classes: 10,
    make: () =>
      stack(
        nn.transformerEncoderLayer(64, { heads: 4, activation: gelu }),
        (x: Tensor) => mean(x, { axes: 1 }),
        nn.linear(64, 10),
      ),
  },
  {
    name: "30 layers of 64, batch 64",
    sample: [64],
    batch: 64,
    classes: 10,
    make: () => stack(...Array.from({ length: 29 }, () => [nn.linear(64, 64), relu]).flat(), nn.linear(64, 10)),
  },
];

/** Batches in an epoch. */
export const BATCHES = 16;

/** Numbers from −1 to 1 by a multiplicative generator, and labels in turn. */
export function dataFor({ sample, batch, classes }: Watched): data.Dataset {
  const samples = BATCHES * batch;
  const size = sample.reduce((product, length) => product * length, 1);
  let state = 1;
  const numbers = Float32Array.from({ length: samples * size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  const features = { data: numbers, shape: sample };
  if (classes > 1) return data.fromArrays({ features, labels: Int32Array.from({ length: samples }, (_, i) => i % classes) });
  const targets = { data: Float32Array.from({ length: samples }, (_, i) => i % 2), shape: [1] };
  return data.fromArrays({ features, targets });
}
