import type { Tensor } from "../../ir/tensor.js";
import { add, concat, exp, mul, sub } from "../../ops/index.js";
import { lastAxis } from "./rows.js";

/** From which end of the row a sum is taken. */
export type From = "left" | "right";

/**
 * Sₖ = Σⱼ vⱼ e^(−|xₖ − xⱼ|) over j ≤ k (`left`) or j ≥ k (`right`), for ascending rows x and any rows v of their shape.
 *
 * A running sum of v·eˣ would overflow where x spreads; here sums over 1, 2, 4, … neighbours are joined, each moved to its
 * place by a factor of at most 1: ⌈log₂ n⌉ passes, and errors that grow with log n.
 */
export function decayingSum(x: Tensor, v: Tensor, from: From): Tensor {
  const count = x.shape[x.rank - 1];
  let total = v;
  for (let reach = 1; reach < count; reach *= 2) {
    const decay = exp(sub(lastAxis(x, 0, count - reach), lastAxis(x, reach, count)));
    const [early, late] = [lastAxis(total, 0, count - reach), lastAxis(total, reach, count)];
    total =
      from === "left"
        ? concat([lastAxis(total, 0, reach), add(late, mul(decay, early))], -1)
        : concat([add(early, mul(decay, late)), lastAxis(total, count - reach, count)], -1);
  }
  return total;
}
