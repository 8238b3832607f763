import { relu } from "../activations/index.js";
import { batchNorm, conv2d, globalAveragePool, type Layer, linear, residual, type Stage, sequential, stochasticDepth, unflatten } from "../nn/index.js"; // biome-ignore format: one list
import type { ImageShape } from "./cnn.js";

export interface ResnetOptions {
  readonly image: ImageShape;
  readonly classes: number;
  /** Channels of each stage; from the second on, a stage halves height and width. Default [16, 32, 64]. */
  readonly channels?: readonly number[];
  /** Residual blocks of two convolutions in each stage: n of them make 6n + 2 layers in three stages. Default 1. */
  readonly blocks?: number;
  /** Share of the branches dropped in training, from 0 at the first block rising to this at the last. Default 0. */
  readonly dropDepth?: number;
  /** Default relu. */
  readonly activation?: Stage;
}

/**
 * A residual network for small images: a convolution, stages of blocks y = f(F(x) + x), the mean over all places, one score per
 * class. Where a stage changes the shape, a convolution of size 1 takes x along. Takes `(batch channels height width)`, or rows of
 * pixels. He, Zhang, Ren & Sun 2015, arXiv:1512.03385, section 4.2.
 */
export function resnet(options: ResnetOptions): Layer {
  const { image, classes, channels = [16, 32, 64], blocks = 1, dropDepth = 0, activation = relu } = options;
  const count = channels.length * blocks;
  const stages = channels.flatMap((outputs, stage) =>
    Array.from({ length: blocks }, (_, i): Stage[] => {
      const inputs = i > 0 ? outputs : channels[Math.max(0, stage - 1)];
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const rate = count > 1 ? (dropDepth * (stage * blocks + i)) / (count - 1) : dropDepth;
      return [block({ inputs, outputs, stride, rate, activation }), activation];
    }).flat(),
  );
  const stem: readonly Stage[] = [...convolved(image[0], channels[0], 3, 1), activation];
  return sequential(unflatten(image), ...stem, ...stages, globalAveragePool(), linear(channels[channels.length - 1], classes));
}

interface Block {
  readonly inputs: number;
  readonly outputs: number;
  readonly stride: number;
  readonly rate: number;
  readonly activation: Stage;
}

function block({ inputs, outputs, stride, rate, activation }: Block): Layer {
  const branch = sequential(
    ...convolved(inputs, outputs, 3, stride),
    activation,
    ...convolved(outputs, outputs, 3, 1),
    ...(rate > 0 ? [stochasticDepth(rate)] : []),
  );
  if (inputs === outputs && stride === 1) return residual(branch);
  return residual(branch, { shortcut: sequential(...convolved(inputs, outputs, 1, stride)) });
}

/** A convolution that keeps the size but for its stride, and its norm, which takes a bias away again. */
const convolved = (inputs: number, outputs: number, kernel: number, stride: number): Stage[] => [
  conv2d(inputs, outputs, kernel, { stride, padding: (kernel - 1) / 2, bias: false }),
  batchNorm(outputs),
];
