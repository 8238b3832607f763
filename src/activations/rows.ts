import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { resolveAxis } from "../ops/define.js";
import { permute, type TensorLike } from "../ops/index.js";
import { plainNumber } from "./activation.js";
import { range, type VectorFacts } from "./facts.js";

/** The parameter of every function of a row. */
export const axisParameter = {
  axis: { default: -1, range: [-Infinity, Infinity], whole: true, doc: "the axis that is normalised" },
} as const;

/** Reductions over the last axis that keep it. */
export const ROW = { axes: -1, keepAxes: true } as const;

/** A function of the last axis, applied along the one that is named. */
export function along(
  name: string,
  f: (rows: Tensor) => Tensor,
): (x: Tensor, parameters: { readonly axis: TensorLike }) => Tensor {
  return (x, { axis }) => {
    const at = resolveAxis(name, plainNumber(name, axis), x.rank);
    if (x.shape[at] === 0) throw fault(name, `there is nothing on axis ${at} to choose from`, { got: `(${x.shape.join(" ")})` });
    const exchange = x.shape.map((_, i) => (i === at ? x.rank - 1 : i === x.rank - 1 ? at : i));
    return permute(f(permute(x, exchange)), exchange);
  };
}

/** Facts of what yields numbers from 0 to 1 that add up to 1. */
export const onSimplex = (facts: Partial<VectorFacts>): VectorFacts => ({
  kind: "vector",
  range: range("[", 0, 1, "]"),
  lipschitz: 1,
  smoothness: "C0",
  rowSum: 1,
  shiftInvariant: true,
  ...facts,
});
