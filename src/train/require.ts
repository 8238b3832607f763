import { fault } from "../ir/fault.js";

/** Throws unless an option of `fit` is a number of something. */
export function requireCount(option: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw fault("fit", `${option} is not a count`, { expected: "a whole number, 1 or more", got: String(value) });
}
