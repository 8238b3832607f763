/** What a contender has to train: the network, the optimizer and the batch, in plain data that every language can read. */
export interface Workload {
  readonly name: string;
  readonly title: string;
  /** Layer widths from the input to the logits. */
  readonly widths: readonly number[];
  readonly activation: "gelu" | "tanh";
  readonly optimizer: Optimizer;
  /** Examples per step. */
  readonly batch: number;
  /** Number of different batches, visited in turn. */
  readonly batches: number;
  readonly seed: number;
}

export type Optimizer =
  | {
      readonly kind: "adam";
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
    }
  | { readonly kind: "sgd"; readonly learningRate: number };

const adam: Optimizer = { kind: "adam", learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const sgd: Optimizer = { kind: "sgd", learningRate: 0.05 };

/** 784-256-256-10, GELU with the exact erf, softmax cross-entropy, Adam. */
const classifier = (batch: number): Workload => ({
  name: `gelu-adam-${batch}`,
  title: `784-256-256-10 GELU, Adam, batch ${batch}`,
  widths: [784, 256, 256, 10],
  activation: "gelu",
  optimizer: adam,
  batch,
  batches: 8,
  seed: 7,
});

/** A tower of tanh layers of width 128 on 784 inputs and 10 classes, softmax cross-entropy, plain SGD. */
export const tower = (depth: number, batch = 128): Workload => ({
  name: `tanh-sgd-${depth}x128-${batch}`,
  title: `784-${depth}×128-10 tanh, SGD, batch ${batch}`,
  widths: [784, ...Array<number>(depth).fill(128), 10],
  activation: "tanh",
  optimizer: sgd,
  batch,
  batches: 8,
  seed: 7,
});

export const workloads: readonly Workload[] = [classifier(64), classifier(512), tower(50)];
