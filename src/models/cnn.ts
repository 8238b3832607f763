import { relu } from "../activations/index.js";
import { fault } from "../ir/fault.js";
import { batchNorm, conv2d, dropout, flatten, type Layer, linear, maxPool2d, type Stage, sequential, unflatten } from "../nn/index.js"; // biome-ignore format: one list

/** Channels, height and width of an image. */
export type ImageShape = readonly [channels: number, height: number, width: number];

export interface CnnOptions {
  readonly image: ImageShape;
  readonly classes: number;
  /** Channels of each block of convolution, norm, activation and pooling, which halves height and width. Default [32, 64]. */
  readonly channels?: readonly number[];
  /** Units of the layers between the last block and the scores. Default [128]. */
  readonly hidden?: readonly number[];
  /** Height and width of the kernels. Default 3. */
  readonly kernel?: number;
  /** Share of the units dropped before the scores, in training. Default 0. */
  readonly dropout?: number;
  /** Default relu. */
  readonly activation?: Stage;
}

/**
 * A network for images as LeNet is one, with batch normalisation: blocks of convolution that keep the size, norm, activation and
 * a maximum over 2 × 2, then linear layers to one score per class. Takes `(batch channels height width)`, or rows of pixels.
 * LeCun, Bottou, Bengio & Haffner 1998, Proceedings of the IEEE 86 (11).
 */
export function cnn(options: CnnOptions): Layer {
  const { image, classes, channels = [32, 64], hidden = [128], kernel = 3, dropout: rate = 0, activation = relu } = options;
  const [height, width] = image.slice(1).map((size) => Math.floor(size / 2 ** channels.length));
  if (!(height > 0 && width > 0)) {
    throw fault("cnn", `${channels.length} blocks halve the image away`, {
      expected: `height and width of ${2 ** channels.length} or more`,
      got: image.slice(1).join(" × "),
      fix: "fewer blocks: channels: […]",
    });
  }
  const blocks = channels.flatMap((count, i): Stage[] => [
    // The norm takes a bias away again.
    conv2d(i === 0 ? image[0] : channels[i - 1], count, kernel, { padding: "same", bias: false }),
    batchNorm(count),
    activation,
    maxPool2d(2),
  ]);
  const widths = [(channels[channels.length - 1] ?? image[0]) * height * width, ...hidden];
  const between = hidden.flatMap((units, i): Stage[] => [linear(widths[i], units), activation]);
  const last = linear(widths[widths.length - 1], classes);
  return sequential(unflatten(image), ...blocks, flatten(), ...between, ...(rate > 0 ? [dropout(rate)] : []), last);
}
