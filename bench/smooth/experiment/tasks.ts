import { data, nn, random } from "softgrad";
import { cnn } from "softgrad/models";
import { mnist } from "./mnist.js";
import { baselines, kernels, leakySmoothed, type Setting, smoothedRelu } from "./settings.js";

type Rows = data.Dataset<{ features: Float32Array; labels: Int32Array }>;
export interface Parts {
  readonly train: Rows;
  readonly test: Rows;
}

/** Data and a network, trained with every setting from every seed. */
export interface Task {
  readonly name: string;
  readonly title: string;
  /** Data, network and schedule in words. */
  readonly how: string;
  readonly settings: readonly Setting[];
  readonly seeds: number;
  readonly epochs: number;
  /** The parts for a seed. */
  parts(seed: number): Promise<Parts>;
  network(activation: nn.Layer): nn.Layer;
}

export const BATCH = 64;
/** The same for every setting: Adam's usual one, tuned for none of them. */
export const LEARNING_RATE = 1e-3;

const everyKernel = [...baselines, ...leakySmoothed, ...smoothedRelu(Object.keys(kernels), [0.05, 0.2, 0.5, 1, 2])];
const fewKernels = [...baselines, ...smoothedRelu(["gaussian", "box"], [0.2, 1])];

/** A split of its own for every seed: 359 digits to test on are few, and the same ones each time would be the same luck each time. */
const digits = async (seed: number): Promise<Parts> =>
  (await data.digits()).split({ train: 0.8, test: 0.2 }, { key: random.key(seed), stratifyBy: "labels" }) as Parts;

let dealt: Parts | null = null;
const tenThousand = async (): Promise<Parts> => {
  dealt ??= mnist() as Parts;
  return dealt;
};

const layers = (sizes: readonly number[]) => (activation: nn.Layer): nn.Layer =>
  nn.sequential(...sizes.slice(1).flatMap((size, i): nn.Stage[] => (i === 0 ? [] : [activation]).concat(nn.linear(sizes[i]!, size)))); // biome-ignore format: one line

export const tasks: readonly Task[] = [
  {
    name: "digits-mlp",
    title: "Digits, fully connected",
    how: "The 1,797 bundled digits of 8 × 8 pixels, four fifths to train on, split anew for every seed; 64–128–128–10.",
    settings: everyKernel,
    seeds: 10,
    epochs: 30,
    parts: digits,
    network: layers([64, 128, 128, 10]),
  },
  {
    name: "digits-cnn",
    title: "Digits, convolutional",
    how: "The same digits; two blocks of convolution (16 and 32 channels), batch normalisation, activation and pooling, 64 units.",
    settings: fewKernels,
    seeds: 10,
    epochs: 15,
    parts: digits,
    network: (activation) => cnn({ image: [1, 8, 8], classes: 10, channels: [16, 32], hidden: [64], activation }),
  },
  {
    name: "mnist-mlp",
    title: "MNIST's ten thousand, fully connected",
    how: "The first 10,000 digits of MNIST's training set, of 28 × 28 pixels, 8,000 to train on, one split for all; 784–128–128–10.",
    settings: everyKernel,
    seeds: 10,
    epochs: 10,
    parts: tenThousand,
    network: layers([784, 128, 128, 10]),
  },
  {
    name: "mnist-cnn",
    title: "MNIST's ten thousand, convolutional",
    how: "The same ten thousand; two blocks (8 and 16 channels) as above, 64 units.",
    settings: fewKernels,
    seeds: 10,
    epochs: 4,
    parts: tenThousand,
    network: (activation) => cnn({ image: [1, 28, 28], classes: 10, channels: [8, 16], hidden: [64], activation }),
  },
];
