import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { equal, iota, reshape, stopGradient, take, where } from "../ops/index.js";
import { type Initialiser, normal } from "./initialisers/index.js";
import { type Layer, layer, parameterSpec } from "./layer.js";
import { requireWidth } from "./linear.js";

export interface EmbeddingOptions {
  /** How the table starts. Default normal with standard deviation 1. */
  readonly init?: Initialiser;
  /** The index that stands for nothing: its row starts at 0 and has no gradient. Default none. */
  readonly padding?: number;
}

/**
 * Row i of a learned table for every index i: `(…s) -> (…s width)`. Indices are int32, from 0 to count − 1. The gradient adds the
 * rows that were read to a table of zeros, so it costs what was read, not a product with the whole table.
 */
export function embedding(count: number, width: number, options: EmbeddingOptions = {}): Layer<{ weight: Tensor }> {
  const { init = normal({ std: 1 }), padding } = options;
  requireWidth("embedding", "rows", count);
  requireWidth("embedding", "columns", width);
  const title = `embedding ${count} × ${width}`;
  if (padding !== undefined) requireRow(title, "the padding", padding, count);
  // Each output is one row, not a sum over all: one input per output.
  const weight = parameterSpec({
    shape: [count, width],
    axes: "(count width)",
    initialiser: padding === undefined ? init : emptyRow(init, padding),
    fanIn: 1,
    fanOut: width,
  });
  return layer({
    name: "embedding",
    title,
    code: ["embedding", count, width, options],
    parameters: { weight },
    checkInputs: ({ data }) => requireRows(title, data, count),
    apply: ({ weight: table }, x) => {
      if (x.dtype !== "int32") {
        throw fault(title, "it takes positions in its table", { expected: "int32", got: x.dtype, fix: 'cast(x, "int32")' });
      }
      requireKnownRows(title, x, count);
      const rows = take(table, x);
      if (padding === undefined) return rows;
      return where(reshape(equal(x, padding), [...x.shape, 1]), stopGradient(rows), rows);
    },
  });
}

const emptyRow = (init: Initialiser, row: number): Initialiser => ({
  ...init,
  draw: (key, slot) => where(equal(reshape(iota(slot.shape[0]), [slot.shape[0], 1]), row), 0, init.draw(key, slot)),
});

/** Indices that are known now are checked now; those of a compiled step are checked by the runtime. */
function requireKnownRows(title: string, { primitive: { meaning }, params }: Tensor, count: number): void {
  if (meaning.kind !== "stored") return;
  requireRows(title, meaning.data(params), count);
}

/** Every index must be that of a row. */
function requireRows(title: string, indices: ArrayLike<number>, count: number): void {
  for (let i = 0; i < indices.length; i++) requireRow(title, "an index", indices[i], count);
}

function requireRow(title: string, what: string, index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw fault(title, `${what} is outside of the table`, {
    expected: `a whole number from 0 to ${count - 1}`,
    got: String(index),
    fix: "make the table as long as the vocabulary, or map what is unknown to an index of its own",
  });
}
