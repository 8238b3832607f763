import { isFloat, type TypedArray } from "../../src/ir/dtype.js";
import type { Accuracy } from "../../src/ir/primitive.js";
import { interpret } from "../../src/run/interpret.js";
import { type Example, feedsOf } from "./samples.js";
import { errorInUlp } from "./ulp.js";

/** What a record without a stated accuracy promises. */
const EXACT: Accuracy = { ulp: 0, scale: "value" };

/** The first element of a float32 result that is further from the float64 one than stated; null when none is. */
export function firstInaccurate(
  example: Example,
  got: TypedArray,
  exact: TypedArray,
  { ulp, scale }: Accuracy = example.primitive.accuracy ?? EXACT,
): string | null {
  if (got.length !== exact.length) return `${example.label}: ${got.length} elements, not ${exact.length}`;
  const scales = scalesOf(example, exact, scale);
  for (let i = 0; i < got.length; i++) {
    const error = errorInUlp(got[i], exact[i], scales[i]);
    if (error <= ulp) continue;
    const pointwise = example.primitive.batching.kind === "pointwise";
    const at = pointwise ? ` at (${example.data.map((input) => input[i]).join(", ")})` : "";
    return `${example.label}: element ${i}${at} is ${got[i]}, not ${exact[i]}: ${error.toPrecision(3)} ulp of ${scale}, not ${ulp}`;
  }
  return null;
}

function scalesOf(example: Example, exact: TypedArray, scale: Accuracy["scale"]): Float64Array {
  const sizes = Float64Array.from(exact, Math.abs);
  if (scale === "unit") return sizes.map((size) => Math.max(size, 1));
  if (scale === "own") return sizes.map((size, i) => Math.max(size, Math.min(1, Math.abs(example.data[0][i]))));
  if (scale === "terms") return Float64Array.from(interpret([example.node], sizesOf(example))[0]);
  return sizes;
}

const sizesOf = ({ parameters, data }: Example) =>
  feedsOf({ parameters, data: data.map((input, i) => (isFloat(parameters[i].dtype) ? input.map(Math.abs) : input)) });
