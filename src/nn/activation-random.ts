import type { Activation } from "../activations/activation.js";
import { fault } from "../ir/fault.js";
import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { uniform } from "../random/index.js";
import { type Layer, layer, type NoParameters } from "./layer.js";

/** Bounds between which parameters are drawn. */
export type RandomRanges<K extends string> = { readonly [Name in K]?: readonly [low: number, high: number] };

/**
 * An activation with parameters drawn anew for each element in training, uniformly, and at their means when used:
 *
 *     randomised(leakyRelu, { alpha: [1 / 8, 1 / 3] })   RReLU, Xu et al. 2015, arXiv:1505.00853
 *
 * The context's key decides what is drawn.
 */
export function randomised<K extends string>(f: Activation<K>, ranges: RandomRanges<K>): Layer<NoParameters> {
  const where = `randomised ${f.record.name}`;
  const bounds = Object.entries(ranges) as [K, readonly [number, number]][];
  for (const [name, [low, high]] of bounds) requireRange(f, where, name, low, high);
  if (bounds.length === 0)
    throw fault(where, "no parameter is named that is to be drawn", { fix: "give bounds: { alpha: [low, high] }" });
  const means = Object.fromEntries(bounds.map(([name, [low, high]]) => [name, (low + high) / 2])) as { [Name in K]?: number };
  const settled = f.with(means);
  return layer({
    name: where,
    code: ["randomised", f, ranges],
    role: "activation",
    title: `randomised ${f.record.title}, ${bounds.map(([name, [low, high]]) => `${name} ${short(low)} … ${short(high)}`).join(", ")}`,
    parameters: {},
    gain: settled.gain,
    apply: (_, x, context) => {
      if (context.mode === "eval") return settled(x);
      const draw = (shape: Shape, low: number, high: number): Tensor => uniform(context.nextKey(), shape, { low, high });
      const drawn = bounds.map(([name, [low, high]]) => [name, draw(x.shape, low, high)]);
      return settled(x, Object.fromEntries(drawn));
    },
  });
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

function requireRange<K extends string>(f: Activation<K>, where: string, name: K, low: number, high: number): void {
  if (f.record.parameters[name]?.whole === true) throw fault(where, `${name} is not a number that can be drawn`);
  // `with` says which parameters there are, and in which ranges.
  f.with({ [name]: low } as { [Name in K]?: number }).with({ [name]: high } as { [Name in K]?: number });
  if (low <= high) return;
  throw fault(where, `the bounds of ${name} are not in order`, { expected: "low ≤ high", got: `${low}, ${high}` });
}
