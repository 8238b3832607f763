import { customJvp, scan } from "../../diff/index.js";
import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { arsinh } from "../../ops/algebraic.js";
import { stopGradient } from "../../ops/identity.js";
import { add, cast, concat, div, equal, greater, greaterEqual, iota, less, lessEqual, logicalAnd, max, maximum, min, minimum, mul, reshape, sinh, sort, sub, sum, takeAlongAxis, tensor, where } from "../../ops/index.js"; // biome-ignore format: one list
import { interpret } from "../../run/interpret.js";
import type { Kernel } from "../kernels/kernel.js";
import type { Levels, OrderMethod } from "./order-method.js";
import { lastAxis, ROW } from "./rows.js";

/** `(… n)` as a column `(… n 1)` and as a line `(… 1 n)`. */
const column = (rows: Tensor): Tensor => reshape(rows, [...rows.shape, 1]);
const line = (rows: Tensor): Tensor => reshape(rows, [...rows.shape.slice(0, -1), 1, rows.shape[rows.rank - 1]]);

/** Steps that halve the interval, and steps of Newton's method that finish where the solution is one point. */
const HALVINGS = 36;
const POLISHING = 4;
/** How near to each other, as a share of 1 + the distance from the nearest entry, halving brings what is one solution. */
const UNIQUE = 1e-8;

const levelValues = (levels: Levels, n: number): readonly number[] =>
  levels.kind === "few" ? levels.values : Array.from({ length: n }, (_, k) => n - 0.5 - k);

/** How far from 0 a share `share` of the kernel is left on either side at most, to a factor of 2. */
function reach(kernel: Kernel, share: number): number {
  if (Number.isFinite(kernel.record.radius)) return kernel.record.radius;
  for (let distance = 1; distance < 1e30; distance *= 2) {
    const at = tensor(Float64Array.of(-distance, distance));
    const [left, right] = interpret([kernel.integral(0, at)])[0];
    if (left < share && right > 1 - share) return distance;
  }
  throw fault("soft order", `the tails of the ${kernel.title} kernel do not end`, { got: kernel.name });
}

type Sides = readonly [Tensor, Tensor];

/**
 * A way of parameter 0 to 2 from one entry to the next, on which distances from the nearer of the two grow exponentially where
 * they are more than a few widths: halving finds a threshold near either just as fast when they are far apart.
 */
function between(left: Tensor, right: Tensor): (u: Tensor) => Tensor {
  const scale = arsinh(mul(sub(right, left), 0.5));
  return (u) => where(lessEqual(u, 1), add(left, sinh(mul(u, scale))), sub(right, sinh(mul(sub(2, u), scale))));
}

/** Between the neighbours, the largest threshold that reaches each level and the smallest that does not exceed it. */
function halve([left, right]: Sides, level: Tensor, totalAt: (theta: Tensor) => Tensor): Sides {
  // Both at once, as the first and the second half of the levels.
  const twice = (x: Tensor): Tensor => concat([x, x], -1);
  const count = left.shape[left.rank - 1];
  const [way, levels, isLast] = [between(twice(left), twice(right)), twice(level), less(iota(2 * count), count)];
  const step = (lower: Tensor, half: Tensor): { carry: Tensor; output: Record<string, never> } => {
    const middle = add(lower, half);
    const total = totalAt(way(middle));
    const above = where(isLast, greaterEqual(total, levels), greater(total, levels));
    return { carry: where(above, middle, lower), output: {} };
  };
  const halves = tensor(Float64Array.from({ length: HALVINGS }, (_, k) => 2 ** -k));
  const { carry } = scan(step, mul(twice(left), 0), halves);
  const found = way(add(carry, 2 ** -HALVINGS));
  return [lastAxis(found, 0, count), lastAxis(found, count, 2 * count)];
}

/** The neighbours `(… levels)` between which each threshold lies; beyond the ends as far as the kernel reaches. */
function neighbours(rows: Tensor, totals: Tensor, values: readonly number[], distance: number): Sides {
  const ends = [sub(min(rows, ROW), distance), add(max(rows, ROW), distance)];
  const count = concat(values.map((value) => sum(cast(greaterEqual(totals, value), "int32"), ROW)), -1); // biome-ignore format: one line
  const ascending = sort(rows);
  return [takeAlongAxis(concat([ends[0], ascending], -1), count), takeAlongAxis(concat([ascending, ends[1]], -1), count)];
}

function solve(kernel: Kernel, rows: Tensor, levels: Levels): Tensor {
  const n = rows.shape[rows.rank - 1];
  const values = levelValues(levels, n);
  const level = tensor(Float64Array.from(values));
  const totalOf =
    (f: (z: Tensor) => Tensor) =>
    (theta: Tensor): Tensor =>
      sum(f(sub(line(rows), column(theta))), { axes: -1 });
  const [totalAt, densityAt] = [totalOf((z) => kernel.integral(0, z)), totalOf((z) => kernel.density(z))];
  const distance = reach(kernel, Math.min(...values, ...values.map((value) => n - value)) / (2 * n));
  const [left, right] = neighbours(rows, totalAt(rows), values, distance);
  const [last, first] = halve([left, right], level, totalAt);
  const middle = mul(add(first, last), 0.5);
  const slack = mul(add(minimum(sub(middle, left), sub(right, middle)), 1), UNIQUE);
  // Between entries too far apart to feel each other a whole interval solves the equation: its middle is taken as it is.
  const unique = lessEqual(sub(last, first), slack);
  let theta = middle;
  for (let step = 0; step < POLISHING; step++) {
    const density = densityAt(theta);
    const usable = logicalAnd(unique, greater(density, 0));
    const move = div(sub(totalAt(theta), level), where(usable, density, 1));
    theta = where(usable, minimum(maximum(add(theta, move), sub(first, slack)), add(last, slack)), theta);
  }
  return theta;
}

/**
 * The share of each entry `(… levels n)` in moving a threshold: φ(xᵢ − θ) / Σ φ. Where no entry is felt, half is the nearest
 * on the left and half the nearest on the right.
 */
function shares(kernel: Kernel, rows: Tensor, theta: Tensor): Tensor {
  const distance = sub(line(rows), column(theta));
  const density = kernel.density(distance);
  const total = sum(density, ROW);
  const felt = greater(total, 0);
  const nearest = (inside: Tensor, beyond: number, extreme: typeof max): Tensor => {
    const held = where(inside, distance, beyond);
    const chosen = cast(logicalAnd(inside, equal(held, extreme(held, ROW))), "float32");
    const count = sum(chosen, ROW);
    return div(chosen, where(equal(count, 0), 1, count));
  };
  const left = stopGradient(nearest(less(distance, 0), Number.NEGATIVE_INFINITY, max));
  const right = stopGradient(nearest(greaterEqual(distance, 0), Number.POSITIVE_INFINITY, min));
  return where(felt, div(density, where(felt, total, 1)), mul(add(left, right), 0.5));
}

/**
 * Order with any kernel in O(n²): every entry is compared with every other, and thresholds are found by halving an interval.
 * For a kernel that is not even, F(xᵢ − xⱼ) and F(xⱼ − xᵢ) need not add up to 1.
 */
export function kernelOrder(kernel: Kernel): OrderMethod {
  const thresholds = (rows: Tensor, levels: Levels): Tensor => {
    requirePositive(kernel);
    const whole: (x: Tensor) => Tensor = customJvp(
      (x: Tensor) => solve(kernel, x, levels),
      ([x], [tangent]) => sum(mul(shares(kernel, x, whole(x)), line(tangent)), { axes: -1 }),
    );
    return whole(rows);
  };
  return {
    thresholds,
    exceeded: (rows) => {
      const n = rows.shape[rows.rank - 1];
      const own = equal(reshape(iota(n), [n, 1]), iota(n));
      return sum(where(own, 0, kernel.integral(0, sub(column(rows), line(rows)))), { axes: -1 });
    },
  };
}

/** Where a density is below 0 counts are not monotone, and several thresholds may have one. */
function requirePositive({ record, title, name }: Kernel): void {
  if (record.positive) return;
  throw fault("soft order", `the ${title} kernel is no density with one peak, so thresholds may not be unique`, {
    expected: "a density that is 0 or more and falls to both sides",
    got: name,
  });
}
