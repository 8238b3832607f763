import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";

/** The elements of a tensor that has been computed. */
export function storedElements({ primitive: { meaning, name }, params }: Tensor): ArrayLike<number> {
  if (meaning.kind === "stored") return meaning.data(params);
  throw fault("models", "a tensor is not computed yet", { got: name, fix: "evaluate it first: await evaluate(x)" });
}
