import { fault } from "../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { add, mean, mul, reshape, rsqrt, square, sub, variance } from "../ops/index.js";
import type { Context } from "./context.js";
import { ones, zeros } from "./initialisers/index.js";
import { type Layer, type LayerCode, layer, type ParameterSpec, parameterSpec } from "./layer.js";
import { requireWidth } from "./linear.js";
import { standardise, standardiseScaled } from "./standardise.js";

export interface NormOptions {
  /** What is added to the variance, so that a constant signal gives 0 and not 0/0. Default 1e-5. */
  readonly epsilon?: number;
  /** Whether a learned scale and shift follow. Default true; of `instanceNorm` false. */
  readonly affine?: boolean;
}

/** A learned scale, from 1, and a learned shift, from 0. Absent without `affine`. */
export interface NormParameters {
  readonly weight?: Tensor;
  readonly bias?: Tensor;
}

/** γ x + β, with parameters of shape `shape` against x. */
function affinely(x: Tensor, { weight, bias }: NormParameters, shape: Shape): Tensor {
  const scaled = weight === undefined ? x : mul(x, reshape(weight, shape));
  return bias === undefined ? scaled : add(scaled, reshape(bias, shape));
}

const scaleOf = (shape: Shape, axes: string): ParameterSpec => parameterSpec({ shape, axes, initialiser: ones(), decays: false });
const shiftOf = (shape: Shape, axes: string): ParameterSpec =>
  parameterSpec({ shape, axes, initialiser: zeros(), decays: false });

const affineTable = (affine: boolean, shape: Shape, axes: string) =>
  affine ? { weight: scaleOf(shape, axes), bias: shiftOf(shape, axes) } : {};

/** The axes behind the channels. */
const spatialAxes = ({ shape }: Tensor): number[] => shape.slice(2).map((_, axis) => axis + 2);
/** A shape that sets one number per channel against (batch channels …). */
const perChannel = (channels: number, { shape }: Tensor): number[] => [channels, ...shape.slice(2).map(() => 1)];

function requireChannels(where: string, { shape }: Tensor, channels: number): void {
  if (shape.length >= 2 && shape[1] === channels) return;
  throw fault(where, `axis 1 does not hold ${channels} channels`, {
    expected: `(batch ${channels} …)`,
    got: formatShape(shape),
    fix:
      shape.length > 2 && shape[shape.length - 1] === channels
        ? "channels come before the spatial axes: permute(x, …)"
        : undefined,
  });
}

export interface BatchNormOptions extends NormOptions {
  /** The share of a new batch in the running statistics. Default 0.1. */
  readonly momentum?: number;
}

export interface BatchNormParameters extends NormParameters {
  /** Statistics of past batches, which take the place of the batch's own when the network is used. */
  readonly runningMean: Tensor;
  readonly runningVariance: Tensor;
}

/**
 * y = γ (x − μ) / √(σ² + ε) + β for every channel of `(batch channels …)`. In training μ and σ² are those of the batch and all
 * places, and move the running statistics by `momentum`, the variance there without bias (n − 1); when used, the running ones
 * stand in. Ioffe & Szegedy 2015, arXiv:1502.03167.
 */
export function batchNorm(channels: number, options: BatchNormOptions = {}): Layer<BatchNormParameters> {
  const { epsilon = 1e-5, momentum = 0.1, affine = true } = options;
  const title = `batchNorm ${channels}`;
  requireWidth("batchNorm", "channels", channels);
  requirePositive(title, epsilon);
  if (!(momentum >= 0 && momentum <= 1)) {
    throw fault(title, "the momentum is not a share", { expected: "0 ≤ momentum ≤ 1", got: String(momentum) });
  }
  const kept = { shape: [channels], axes: "(channels)", decays: false, trained: false };
  return layer({
    name: "batchNorm",
    title,
    code: ["batchNorm", channels, options],
    role: "norm",
    parameters: {
      ...affineTable(affine, [channels], "(channels)"),
      runningMean: parameterSpec({ ...kept, initialiser: zeros() }),
      runningVariance: parameterSpec({ ...kept, initialiser: ones() }),
    },
    apply: (parameters: BatchNormParameters, x, context) => {
      requireChannels(title, x, channels);
      const shape = perChannel(channels, x);
      const standard =
        context.mode === "train"
          ? standardByBatch(title, parameters, x, { momentum, epsilon, context })
          : standardByHistory(parameters, x, epsilon);
      return affinely(standard, { bias: parameters.bias }, shape);
    },
  });
}

/** γ (x − μ) / √(σ² + ε) by the statistics of the batch, which are handed on to the running ones. */
function standardByBatch(
  where: string,
  { weight, runningMean, runningVariance }: BatchNormParameters,
  x: Tensor,
  { momentum, epsilon, context }: { momentum: number; epsilon: number; context: Context },
): Tensor {
  const channels = runningMean.size;
  const count = x.size / channels;
  if (count < 2) {
    throw fault(where, "one value per channel has no variance", {
      expected: "a batch of two or more in training",
      got: formatShape(x.shape),
      fix: 'larger batches, or mode "eval"',
    });
  }
  const axes = [0, ...spatialAxes(x)];
  const moved = (before: Tensor, now: Tensor): Tensor => add(mul(before, 1 - momentum), mul(now, momentum));
  context.write("runningMean", moved(runningMean, mean(x, { axes })));
  context.write("runningVariance", moved(runningVariance, variance(x, { axes, correction: 1 })));
  const statistics = { axes, epsilon };
  if (weight === undefined) return standardise(x, statistics);
  return standardiseScaled(x, reshape(weight, [1, ...perChannel(channels, x)]), statistics);
}

/** The same by the running statistics. */
function standardByHistory({ weight, runningMean, runningVariance }: BatchNormParameters, x: Tensor, epsilon: number): Tensor {
  const shape = perChannel(runningMean.size, x);
  // The factor of a channel first: one product with the whole batch.
  const factor = rsqrt(add(runningVariance, epsilon));
  const scale = weight === undefined ? factor : mul(weight, factor);
  return mul(sub(x, reshape(runningMean, shape)), reshape(scale, shape));
}

function requirePositive(where: string, epsilon: number): void {
  if (epsilon > 0 && Number.isFinite(epsilon)) return;
  throw fault(where, "epsilon keeps the root from 0", { expected: "a number greater than 0", got: String(epsilon) });
}

/** The sizes of the last axes, each of one or more. */
function requireTrailing(name: string, size: number | readonly number[]): Shape {
  const shape = typeof size === "number" ? [size] : size;
  if (shape.length === 0) throw fault(name, "there is no axis to normalise over", { expected: "at least one size", got: "[]" });
  for (const width of shape) requireWidth(name, "elements", width);
  return shape;
}

function lastAxes(where: string, x: Tensor, shape: Shape): number[] {
  const first = x.rank - shape.length;
  if (first >= 0 && shape.every((size, i) => size === x.shape[first + i])) return shape.map((_, i) => first + i);
  throw fault(where, "the last axes have other sizes", { expected: `(…batch ${shape.join(" ")})`, got: formatShape(x.shape) });
}

/**
 * y = γ (x − μ) / √(σ² + ε) + β over the last axis, or the last axes, of every example by itself: the batch does not matter, and
 * training and use are one. Ba, Kiros & Hinton 2016, arXiv:1607.06450.
 */
export function layerNorm(size: number | readonly number[], options: NormOptions = {}): Layer<NormParameters> {
  const { epsilon = 1e-5, affine = true } = options;
  const shape = requireTrailing("layerNorm", size);
  const title = `layerNorm ${shape.join(" × ")}`;
  requirePositive(title, epsilon);
  return layer({
    name: "layerNorm",
    title,
    code: ["layerNorm", size, options],
    role: "norm",
    parameters: affineTable(affine, shape, shape.length === 1 ? "(width)" : "(…sizes)"),
    apply: (parameters: NormParameters, x) =>
      affinely(standardise(x, { axes: lastAxes(title, x, shape), epsilon }), parameters, shape),
  });
}

export interface RmsNormOptions extends NormOptions {
  /** What is added to the mean square. Default 1e-6. */
  readonly epsilon?: number;
}

/** y = γ x / √(mean x² + ε) over the last axis, or the last axes: a scale alone. Zhang & Sennrich 2019, arXiv:1910.07467. */
export function rmsNorm(size: number | readonly number[], options: RmsNormOptions = {}): Layer<Pick<NormParameters, "weight">> {
  const { epsilon = 1e-6, affine = true } = options;
  const shape = requireTrailing("rmsNorm", size);
  const title = `rmsNorm ${shape.join(" × ")}`;
  requirePositive(title, epsilon);
  return layer({
    name: "rmsNorm",
    title,
    code: ["rmsNorm", size, options],
    role: "norm",
    parameters: affine ? { weight: scaleOf(shape, shape.length === 1 ? "(width)" : "(…sizes)") } : {},
    apply: (parameters: Pick<NormParameters, "weight">, x) => {
      const axes = lastAxes(title, x, shape);
      const scaled = mul(x, rsqrt(add(mean(square(x), { axes, keepAxes: true }), epsilon)));
      return affinely(scaled, parameters, shape);
    },
  });
}

/**
 * Standardises every group of neighbouring channels of every example of `(batch channels …)`, then γ and β for each channel.
 * One group: like layerNorm; as many as channels: instanceNorm. Wu & He 2018, arXiv:1803.08494.
 */
export function groupNorm(groups: number, channels: number, options: NormOptions = {}): Layer<NormParameters> {
  requireWidth("groupNorm", "groups", groups);
  const code = ["groupNorm", groups, channels, options] as const;
  return groupedNorm(code, `groupNorm ${groups} of ${channels}`, { affine: true, ...options, groups, channels });
}

/** Standardises every channel of every example by itself. Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022. */
export const instanceNorm = (channels: number, options: NormOptions = {}): Layer<NormParameters> =>
  groupedNorm(["instanceNorm", channels, options], `instanceNorm ${channels}`, {
    affine: false,
    ...options,
    groups: channels,
    channels,
  });

interface Grouped extends NormOptions {
  readonly groups: number;
  readonly channels: number;
}

function groupedNorm(
  code: LayerCode,
  title: string,
  { groups, channels, epsilon = 1e-5, affine = true }: Grouped,
): Layer<NormParameters> {
  const [name] = code;
  requireWidth(name, "channels", channels);
  requirePositive(title, epsilon);
  if (channels % groups !== 0) {
    throw fault(title, "the groups do not divide the channels", { expected: `a divisor of ${channels}`, got: String(groups) });
  }
  return layer({
    name,
    title,
    code,
    role: "norm",
    parameters: affineTable(affine, [channels], "(channels)"),
    apply: (parameters: NormParameters, x) => {
      requireChannels(title, x, channels);
      const [batch] = x.shape;
      const rows = reshape(x, [batch, groups, sizeOf(x.shape.slice(1)) / groups]);
      return affinely(reshape(standardise(rows, { axes: [2], epsilon }), x.shape), parameters, perChannel(channels, x));
    },
  });
}
