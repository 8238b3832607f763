import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { take } from "../ops/index.js";
import { type Initialiser, normal } from "./initialisers/index.js";
import { type Layer, layer, parameterSpec } from "./layer.js";
import { requireWidth } from "./linear.js";

/** Row i of a learned table for every index i: `(…s) -> (…s width)`. Indices are int32, from 0 to count − 1. */
export function embedding(
  count: number,
  width: number,
  { init = normal({ std: 1 }) }: { init?: Initialiser } = {},
): Layer<{ weight: Tensor }> {
  requireWidth("embedding", "rows", count);
  requireWidth("embedding", "columns", width);
  const title = `embedding ${count} × ${width}`;
  // Each output is one row, not a sum over all: one input per output.
  const weight = parameterSpec({ shape: [count, width], axes: "(count width)", initialiser: init, fanIn: 1, fanOut: width });
  return layer({
    name: "embedding",
    title,
    parameters: { weight },
    apply: ({ weight: table }, x) => {
      if (x.dtype === "int32") return take(table, x);
      throw fault(title, "it takes positions in its table", { expected: "int32", got: x.dtype, fix: 'cast(x, "int32")' });
    },
  });
}
