import { aconC } from "../activations/rounded-ramps.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { mean, reshape, sigmoid } from "../ops/index.js";
import { normal } from "./initialisers/index.js";
import { type Layer, layer, parameterSpec } from "./layer.js";
import { type LinearParameters, linear, requireWidth } from "./linear.js";
import { type BatchNormParameters, batchNorm } from "./normalisation.js";
import { applyPart } from "./stage.js";

export interface MetaAconOptions {
  /** The two small layers that find the sharpness have channels / reduction units between them, `reduction` at least. Default 16. */
  readonly reduction?: number;
}

export interface MetaAconParameters {
  readonly p1: Tensor;
  readonly p2: Tensor;
  readonly fc1: LinearParameters;
  readonly bn1: BatchNormParameters;
  readonly fc2: LinearParameters;
  readonly bn2: BatchNormParameters;
}

/** g with E f(gz)² = 1 for slopes p₁, p₂ from the standard normal law, as they start, and a sharpness of ½. */
const GAIN = 1.149;

/**
 * ACON-C over `(batch channels …)` with slopes p₁ and p₂ learned per channel, and a sharpness per sample and channel, which two small
 * layers find in the means of the channels: β = σ(bn₂(fc₂(bn₁(fc₁(mean x))))). So it learns for every input whether a channel bends
 * or stays a line. Ma, Zhang, Liu & Sun, CVPR 2021, arXiv:2009.04759.
 */
export function metaAcon(channels: number, options: MetaAconOptions = {}): Layer<MetaAconParameters> {
  const { reduction = 16 } = options;
  const title = `metaAcon ${channels}`;
  requireWidth("metaAcon", "channels", channels);
  requireWidth("metaAcon", "units by which it is reduced", reduction);
  const between = Math.max(reduction, Math.floor(channels / reduction));
  const parts = {
    fc1: linear(channels, between),
    bn1: batchNorm(between),
    fc2: linear(between, channels),
    bn2: batchNorm(channels),
  };
  const slope = parameterSpec({ shape: [channels], axes: "(channels)", initialiser: normal({ std: 1 }), decays: false });
  const names = Object.keys(parts) as (keyof typeof parts)[];
  const whole = layer<unknown>({
    name: "metaAcon",
    title,
    code: ["metaAcon", channels, options],
    parameters: { p1: slope, p2: slope, ...Object.fromEntries(names.map((name) => [name, parts[name].parameters])) },
    children: names.map((name) => [name, parts[name] as Layer] as const),
    gain: GAIN,
    apply: (values, x, context) => {
      if (x.rank < 2 || x.shape[1] !== channels) {
        throw fault(title, `axis 1 does not hold ${channels} channels`, {
          expected: `(batch ${channels} …)`,
          got: formatShape(x.shape),
        });
      }
      const parameters = values as MetaAconParameters;
      const places = x.shape.slice(2);
      const means = places.length === 0 ? x : mean(x, { axes: places.map((_, axis) => axis + 2) });
      const found = names.reduce<Tensor>(
        (y, name) => applyPart(`${title}, ${name}`, parts[name] as Layer, name, parameters[name], y, context),
        means,
      );
      const ends = places.map(() => 1);
      const [p1, p2] = [parameters.p1, parameters.p2].map((value) => reshape(value, [channels, ...ends]));
      return aconC(x, { p1, p2, beta: reshape(sigmoid(found), [...found.shape, ...ends]) });
    },
  });
  return whole as Layer<MetaAconParameters>;
}
