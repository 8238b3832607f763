import { fault } from "../../ir/fault.js";

/** A width that can be smoothed with: a positive, finite number. */
export function requireWidth(where: string, width: number): number {
  if (Number.isFinite(width) && width > 0) return width;
  throw fault(where, "the width must be positive", { expected: "a finite number above 0", got: String(width) });
}
