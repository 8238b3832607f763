import { customJvp } from "../../diff/index.js";
import type { Tensor } from "../../ir/tensor.js";
import { stopGradient } from "../../ops/identity.js";
import { abs, add, addAlongAxis, argsort, cast, ceil, clip, concat, cumulativeSum, div, equal, exp, greater, greaterEqual, iota, less, log, minimum, mul, ones, sqrt, sub, sum, takeAlongAxis, tensor, where, zeros } from "../../ops/index.js"; // biome-ignore format: one list
import { decayingSum } from "./decaying-sum.js";
import type { Levels, OrderMethod } from "./order-method.js";
import { lastAxis, ROW } from "./rows.js";

const countOf = (rows: Tensor): number => rows.shape[rows.rank - 1];

/** Ascending rows, what the entries up to and from each on add to its sums, and how many entries lie above each, smoothly. */
interface Sorted {
  readonly order: Tensor;
  readonly entries: Tensor;
  readonly before: Tensor;
  readonly after: Tensor;
}

function sortRows(rows: Tensor): Sorted {
  const order = argsort(rows);
  const entries = takeAlongAxis(rows, order);
  const one = ones(rows.shape);
  return { order, entries, before: decayingSum(entries, one, "left"), after: decayingSum(entries, one, "right") };
}

/** Places of the sorted entries, 0 … n − 1. */
const places = (rows: Tensor): Tensor => cast(iota(countOf(rows)), "float32");

/**
 * Σ F(xᵢ − xⱼ) for F(z) = 1 − ½e^(−z), z ≥ 0, and ½e^z below: the place among the sorted, less half of what decays from the
 * left, plus half of what decays from the right. The entry itself is in both sums.
 */
const exceeded: (rows: Tensor) => Tensor = customJvp(
  (rows: Tensor) => {
    const { order, entries, before, after } = sortRows(rows);
    return addAlongAxis(order, add(places(entries), mul(sub(after, before), 0.5)), countOf(rows));
  },
  // Σ φ(xᵢ − xⱼ)(xᵢ′ − xⱼ′), where φ is half of what decays.
  ([rows], [tangent]) => {
    const { order, entries, before, after } = sortRows(rows);
    const moving = takeAlongAxis(tangent, order);
    const moved = add(decayingSum(entries, moving, "left"), decayingSum(entries, moving, "right"));
    return addAlongAxis(order, mul(sub(mul(moving, add(before, after)), moved), 0.5), countOf(rows));
  },
);

/** What lies around each threshold: the number of entries left of it, the two neighbours, and their sums. 0 beyond the ends. */
interface Around {
  readonly count: Tensor;
  readonly left: Tensor;
  readonly right: Tensor;
  readonly before: Tensor;
  readonly after: Tensor;
}

function around(entries: Tensor, before: Tensor, after: Tensor, count: Tensor): Around {
  const nothing = zeros([...entries.shape.slice(0, -1), 1]);
  const last = countOf(entries);
  const at = (first: Tensor, second: Tensor): Tensor => takeAlongAxis(concat([first, second], -1), count);
  return {
    count,
    left: at(lastAxis(entries, 0, 1), entries),
    right: at(entries, lastAxis(entries, last - 1, last)),
    before: at(nothing, before),
    after: at(after, nothing),
  };
}

/** For each threshold, how many entries lie left of it: those above which the smooth number of entries still reaches its level. */
function placed({ entries, before, after }: Sorted, levels: Levels): Tensor {
  const n = countOf(entries);
  const above = add(sub(n, places(entries)), sub(mul(sub(before, after), 0.5), 0.5));
  if (levels.kind === "few") {
    const reached = levels.values.map((level) => sum(cast(greaterEqual(above, level), "int32"), ROW));
    return reached.length === 1 ? reached[0] : concat(reached, -1);
  }
  // Levels fall by 1 from n − ½: every entry reaches all levels from a certain one on, so counting is a running sum.
  const first = ceil(sub(n - 0.5, above));
  const known = where(less(abs(first), Number.POSITIVE_INFINITY), clip(first, 0, n), n);
  const starts = addAlongAxis(cast(known, "int32"), ones(entries.shape), n + 1);
  return cast(lastAxis(cumulativeSum(starts, -1), 0, n), "int32");
}

const levelValues = (levels: Levels, n: number): Tensor =>
  levels.kind === "few" ? tensor(Float64Array.from(levels.values)) : sub(n - 0.5, cast(iota(n), "float32"));

/**
 * Between neighbours l ≤ θ ≤ r with n − p entries to the right, e^θ solves a quadratic equation:
 *
 *     (n − p) − ½ B e^(θ − r) + ½ A e^(l − θ) = level        A, B: the sums at l from the left, at r from the right
 *
 * Each root is taken from the side on which nothing cancels. Where level = n − p, which happens between neighbours too far apart
 * to feel each other as well, θ lies in the middle.
 */
function solve(rows: Tensor, levels: Levels): Tensor {
  const sorted = sortRows(rows);
  const n = countOf(rows);
  const { count, left, right, before, after } = around(sorted.entries, sorted.before, sorted.after, placed(sorted, levels));
  const missing = sub(sub(n, cast(count, "float32")), levelValues(levels, n));
  const root = sqrt(add(mul(missing, missing), mul(mul(before, after), exp(sub(left, right)))));
  const size = add(abs(missing), root);
  const fromRight = add(right, log(div(size, after)));
  const fromLeft = sub(left, log(div(size, before)));
  const middle = mul(add(add(left, right), log(div(before, after))), 0.5);
  return where(equal(missing, 0), middle, where(greater(missing, 0), fromRight, fromLeft));
}

/** θ′ = Σ φ(xᵢ − θ) xᵢ′ / Σ φ(xᵢ − θ): both sums decay from the neighbours, and their common part, which may underflow, cancels. */
function solveTangent(rows: Tensor, tangent: Tensor, threshold: Tensor, levels: Levels): Tensor {
  const sorted = sortRows(rows);
  const { order, entries } = sorted;
  const n = countOf(rows);
  const moving = takeAlongAxis(tangent, order);
  const count = placed(sorted, levels);
  const own = around(entries, sorted.before, sorted.after, count);
  const moved = around(entries, decayingSum(entries, moving, "left"), decayingSum(entries, moving, "right"), count);
  const [toLeft, toRight] = [sub(threshold, own.left), sub(own.right, threshold)];
  const leftDistance = where(equal(count, 0), toRight, toLeft);
  const rightDistance = where(equal(count, n), toLeft, toRight);
  const nearest = stopGradient(minimum(leftDistance, rightDistance));
  const joined = ({ before, after }: Around): Tensor =>
    add(mul(before, exp(sub(nearest, leftDistance))), mul(after, exp(sub(nearest, rightDistance))));
  return div(joined(moved), joined(own));
}

function thresholds(rows: Tensor, levels: Levels): Tensor {
  const whole: (x: Tensor) => Tensor = customJvp(
    (x: Tensor) => solve(x, levels),
    ([x], [tangent]) => solveTangent(x, tangent, whole(x), levels),
  );
  return whole(rows);
}

/**
 * Order with the Laplace kernel in O(n log n): one sort, and sums that decay along the sorted row.
 * Struski, Bednarczyk, Podolak & Tabor, LapSum, ICML 2025, arXiv:2503.06242.
 */
export const laplaceOrder: OrderMethod = { exceeded, thresholds };
