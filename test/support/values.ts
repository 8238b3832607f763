import type { Tensor } from "../../src/ir/tensor.js";
import { interpret } from "../../src/run/interpret.js";

/** The elements of a tensor without open placeholders, in float64. */
export const elements = (x: Tensor): number[] => [...interpret([x])[0]];

/** The one element of a scalar. */
export const scalar = (x: Tensor): number => elements(x)[0];
