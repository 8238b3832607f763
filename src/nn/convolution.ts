import { fault } from "../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { add, conv, convTranspose, type Padding, reshape, type WindowOptions } from "../ops/index.js";
import { perAxis, placesOf, spatialOf, windowOf } from "../ops/windows.js";
import { initialiserFrom } from "./initialisers/catalogue.js";
import type { Initialiser } from "./initialisers/index.js";
import { type Layer, layer, parameterSpec } from "./layer.js";
import { requireWidth } from "./linear.js";

interface KernelOptions {
  /** Into how many groups the channels fall that do not see each other. Default 1. */
  readonly groups?: number;
  /** Whether a number per output channel is added. Default true; a norm right after it makes it idle. */
  readonly bias?: boolean;
  /** How the kernel starts: an initialiser or its name. Default "auto": the signal keeps its second moment through the activation that follows. */
  readonly init?: Initialiser | string;
  /** How the bias starts. Default "zeros". */
  readonly biasInit?: Initialiser | string;
}

/** A number for all spatial axes, or one for each. Stride and dilation are 1 unless told, padding none. */
export interface ConvLayerOptions extends WindowOptions, KernelOptions {}

export interface ConvTransposeLayerOptions extends Omit<ConvLayerOptions, "padding"> {
  /** What the convolution that this transposes would pad, and this cuts away. Default 0. */
  readonly padding?: Exclude<Padding, "same">;
  /** By how much the result is longer than the shortest possible; below the stride. Default 0. */
  readonly outputPadding?: number | readonly number[];
}

export interface ConvParameters {
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

const axesOf: Readonly<Record<number, string>> = { 1: "length", 2: "height width", 3: "depth height width" };

/** Convolves sequences: `(batch in length) -> (batch out places)`, with a kernel of shape (out in/groups length). */
export function conv1d(
  inputs: number,
  outputs: number,
  kernel: number | readonly number[],
  options: ConvLayerOptions = {},
): Layer<ConvParameters> {
  return convLayer("conv1d", 1, { inputs, outputs, size: kernel }, options);
}

/** Convolves images: `(batch in height width) -> (batch out …places)`, with a kernel of shape (out in/groups height width). */
export function conv2d(
  inputs: number,
  outputs: number,
  kernel: number | readonly number[],
  options: ConvLayerOptions = {},
): Layer<ConvParameters> {
  return convLayer("conv2d", 2, { inputs, outputs, size: kernel }, options);
}

/** Convolves volumes: `(batch in depth height width) -> (batch out …places)`. */
export function conv3d(
  inputs: number,
  outputs: number,
  kernel: number | readonly number[],
  options: ConvLayerOptions = {},
): Layer<ConvParameters> {
  return convLayer("conv3d", 3, { inputs, outputs, size: kernel }, options);
}

/** The transpose of `conv1d`: spreads every element over a window of a longer sequence. The kernel is (in out/groups length). */
export function convTranspose1d(
  inputs: number,
  outputs: number,
  kernel: number | readonly number[],
  options: ConvTransposeLayerOptions = {},
): Layer<ConvParameters> {
  return convTransposeLayer("convTranspose1d", 1, { inputs, outputs, size: kernel }, options);
}

/** The transpose of `conv2d`: spreads every element over a window of a larger image. The kernel is (in out/groups height width). */
export function convTranspose2d(
  inputs: number,
  outputs: number,
  kernel: number | readonly number[],
  options: ConvTransposeLayerOptions = {},
): Layer<ConvParameters> {
  return convTransposeLayer("convTranspose2d", 2, { inputs, outputs, size: kernel }, options);
}

/** The transpose of `conv3d`. */
export function convTranspose3d(
  inputs: number,
  outputs: number,
  kernel: number | readonly number[],
  options: ConvTransposeLayerOptions = {},
): Layer<ConvParameters> {
  return convTransposeLayer("convTranspose3d", 3, { inputs, outputs, size: kernel }, options);
}

export interface DepthwiseOptions extends Omit<ConvLayerOptions, "groups"> {
  /** Kernels per channel: there are so many times as many channels after it. Default 1. */
  readonly multiplier?: number;
}

/** Convolves every channel of images with a kernel of its own: `conv2d` with as many groups as channels. */
export function depthwiseConv2d(
  channels: number,
  kernel: number | readonly number[],
  { multiplier = 1, ...options }: DepthwiseOptions = {},
): Layer<ConvParameters> {
  requireWidth("depthwiseConv2d", "kernels per channel", multiplier);
  return conv2d(channels, multiplier * channels, kernel, { ...options, groups: channels });
}

/** Channels on both sides, and the size of the kernel as it was given. */
interface Ends {
  readonly inputs: number;
  readonly outputs: number;
  readonly size: number | readonly number[];
}

function convLayer(name: string, rank: number, ends: Ends, options: ConvLayerOptions): Layer<ConvParameters> {
  const { inputs, outputs } = ends;
  const { groups = 1 } = options;
  const { title, kernel } = described(name, rank, ends, options);
  // Asked once for what is wrong with the options themselves.
  windowOf(title, kernel, options, kernel);
  const shape = [outputs, inputs / groups, ...kernel];
  return layer({
    name,
    title,
    code: [name, inputs, outputs, ends.size, options],
    parameters: kernelTable(title, options, { shape, axes: "out in/groups", outputs, fanIn: inputs, fanOut: outputs }),
    apply: ({ weight, bias }: ConvParameters, x) => {
      const sizes = requireImages(title, x.shape, rank, inputs);
      placesOf(title, sizes, windowOf(title, kernel, options, sizes));
      return shifted(conv(x, weight, { ...options, groups }), bias);
    },
  });
}

function convTransposeLayer(name: string, rank: number, ends: Ends, options: ConvTransposeLayerOptions): Layer<ConvParameters> {
  const { inputs, outputs } = ends;
  const { groups = 1 } = options;
  const { title, kernel, steps } = described(name, rank, ends, options);
  windowOf(title, kernel, options, kernel);
  const shape = [inputs, outputs / groups, ...kernel];
  // On an element of the result falls one in `stride` elements of the kernel, along every axis.
  const fans = { fanIn: inputs / sizeOf(steps), fanOut: outputs };
  return layer({
    name,
    title,
    code: [name, inputs, outputs, ends.size, options],
    parameters: kernelTable(title, options, { shape, axes: "in out/groups", outputs, ...fans }),
    apply: ({ weight, bias }: ConvParameters, x) => {
      requireImages(title, x.shape, rank, inputs);
      return shifted(convTranspose(x, weight, { ...options, groups }), bias);
    },
  });
}

function described(
  name: string,
  rank: number,
  { inputs, outputs, size }: Ends,
  { groups = 1, stride = 1 }: Pick<ConvLayerOptions, "groups" | "stride">,
) {
  requireWidth(name, "input channels", inputs);
  requireWidth(name, "output channels", outputs);
  const kernel = perAxis(name, "kernel size", size, rank);
  const steps = perAxis(name, "stride", stride, rank);
  const remarks = [
    ...(steps.some((step) => step !== 1) ? [`stride ${[...new Set(steps)].join(" × ")}`] : []),
    ...(groups === 1 ? [] : [`${groups} groups`]),
  ];
  const title = [`${name} ${inputs} → ${outputs}`, kernel.join(" × "), ...remarks].join(", ");
  if (Number.isInteger(groups) && groups > 0 && inputs % groups === 0 && outputs % groups === 0) return { title, kernel, steps };
  throw fault(title, "the groups do not divide the channels", {
    expected: `a divisor of ${inputs} and of ${outputs}`,
    got: String(groups),
  });
}

function kernelTable(
  where: string,
  { groups = 1, bias = true, init = "auto", biasInit = "zeros" }: KernelOptions,
  { shape, axes, outputs, fanIn, fanOut }: { shape: Shape; axes: string; outputs: number; fanIn: number; fanOut: number },
) {
  const elements = sizeOf(shape.slice(2));
  const fans = { fanIn: (fanIn / groups) * elements, fanOut: (fanOut / groups) * elements };
  const named = `(${axes} ${axesOf[shape.length - 2]})`;
  return {
    weight: parameterSpec({ shape, axes: named, initialiser: initialiserFrom(where, init), ...fans }),
    ...(bias && {
      bias: parameterSpec({ shape: [outputs], axes: "(out)", initialiser: initialiserFrom(where, biasInit), ...fans, decays: false }), // biome-ignore format: one row
    }),
  };
}

/** The spatial sizes of images with the right number of channels. */
export function requireImages(where: string, shape: Shape, rank: number, channels: number): Shape {
  const sizes = spatialOf(where, shape, rank);
  if (shape[1] === channels) return sizes;
  throw fault(where, `the input has ${shape[1]} channels, not ${channels}`, {
    expected: `(batch ${channels} ${axesOf[rank]})`,
    got: formatShape(shape),
    fix: shape[shape.length - 1] === channels ? "channels come before the spatial axes: permute(x, …)" : undefined,
  });
}

const shifted = (y: Tensor, bias: Tensor | undefined): Tensor =>
  bias === undefined ? y : add(y, reshape(bias, [bias.size, ...y.shape.slice(2).map(() => 1)]));
