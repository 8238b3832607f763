import { type Activation, findActivation } from "../../activations/index.js";
import { fault } from "../../ir/fault.js";

/** The activation that a plan names; null for "none". */
export function planActivation(name: string, where = "plan"): Activation | null {
  if (name === "none") return null;
  const known = findActivation(name);
  if (known !== null) return known;
  throw fault(where, "there is no such activation", {
    expected: "none, or one of the catalogue",
    got: `"${name}"`,
    fix: "softgrad activations lists the catalogue",
  });
}
