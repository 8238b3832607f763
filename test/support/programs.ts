import fc from "fast-check";
import { broadcastShapes, type Shape } from "../../src/ir/shape.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as o from "../../src/ops/index.js";

/** A random graph in numbers that shrink: shapes of its arguments, and steps of an operation and what it is applied to. */
export interface Program {
  readonly shapes: readonly Shape[];
  readonly steps: readonly Step[];
}

export interface Step {
  readonly operation: number;
  readonly operands: readonly [number, number];
  readonly detail: number;
}

const shape = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 });
const step = fc.record({
  operation: fc.nat(999),
  operands: fc.tuple(fc.nat(99), fc.nat(99)),
  detail: fc.nat(99),
});

/** Programs of 5 to 30 operations on one to three arguments. */
export const programs: fc.Arbitrary<Program> = fc.record({
  shapes: fc.array(shape, { minLength: 1, maxLength: 3 }),
  steps: fc.array(step, { minLength: 5, maxLength: 30, size: "max" }),
});

/** An operation on one or two tensors; null where it cannot be applied to them. `detail` picks axes and positions. */
export type Rule = (x: Tensor, y: Tensor, detail: number) => Tensor | null;

const positive = (x: Tensor): Tensor => o.add(o.abs(x), 0.5);
const axisOf = (x: Tensor, detail: number): number => detail % x.rank;
const onAxis =
  (rule: (x: Tensor, axis: number, detail: number) => Tensor): Rule =>
  (x, _, detail) =>
    x.rank === 0 ? null : rule(x, axisOf(x, detail), Math.floor(detail / 4));
const together =
  (rule: (x: Tensor, y: Tensor) => Tensor): Rule =>
  (x, y) =>
    broadcastShapes(x.shape, y.shape) === null ? null : rule(x, y);
const ranges = (axis: number, range: o.SliceRange): o.SliceRange[] => [...new Array<null>(axis).fill(null), range];
const indicesFor = (length: number, detail: number): Tensor =>
  o.tensor(Int32Array.from({ length: 3 }, (_, i) => ((detail + 7 * i) % (2 * length)) - length));

/** Smooth in all that they are given: their derivatives may be checked by differences. */
export const smoothRules: readonly Rule[] = [
  (x) => o.neg(x),
  (x) => o.tanh(x),
  (x) => o.sigmoid(x),
  (x) => o.sin(x),
  (x) => o.cos(x),
  (x) => o.atan(x),
  (x) => o.erf(x),
  (x) => o.erfc(x),
  (x) => o.normalCdf(x),
  (x) => o.softplus(x),
  (x) => o.exp(o.tanh(x)),
  (x) => o.expm1(o.sin(x)),
  (x) => o.log(o.add(o.square(o.tanh(x)), 0.5)),
  (x) => o.log1p(o.square(o.sin(x))),
  (x) => o.sqrt(o.add(o.square(o.tanh(x)), 0.5)),
  (x) => o.rsqrt(o.add(o.sigmoid(x), 0.5)),
  (x) => o.reciprocal(o.add(o.sigmoid(x), 0.5)),
  (x) => o.tan(o.tanh(x)),
  together((x, y) => o.add(x, y)),
  together((x, y) => o.sub(x, y)),
  together((x, y) => o.mul(o.tanh(x), y)),
  together((x, y) => o.div(x, o.add(o.sigmoid(y), 0.5))),
  together((x, y) => o.power(o.add(o.sigmoid(x), 0.5), o.tanh(y))),
  (x, _, detail) => o.mul(x, ((detail % 7) - 3) / 2),
  (x) => o.reshape(x, [x.size]),
  (x) => o.reshape(x, [1, ...x.shape]),
  (x) => o.permute(x),
  (x) => o.broadcastTo(x, [2, ...x.shape]),
  onAxis((x, axis) => o.sum(x, { axes: axis })),
  onAxis((x, axis) => o.mean(x, { axes: axis, keepAxes: true })),
  onAxis((x, axis) => o.logsumexp(x, { axes: axis })),
  onAxis((x, axis) => o.softmax(x, axis)),
  onAxis((x, axis) => o.logSoftmax(x, axis)),
  onAxis((x, axis) => o.product(o.tanh(x), { axes: axis })),
  onAxis((x, axis) => o.variance(x, { axes: axis, keepAxes: true })),
  onAxis((x, axis, detail) => o.cumulativeSum(x, axis, { reverse: detail % 2 === 1, exclusive: detail % 3 === 1 })),
  onAxis((x, axis) => o.flip(x, axis)),
  onAxis((x, axis, detail) => o.slice(x, ...ranges(axis, [detail % x.shape[axis], null, 1 + (detail % 2)]))),
  onAxis((x, axis, detail) => o.slice(x, ...ranges(axis, detail % x.shape[axis]))),
  (x, _, detail) =>
    o.pad(x, { low: x.shape.map(() => detail % 2), high: x.shape.map(() => 0), interior: x.shape.map(() => detail % 3) }),
  onAxis((x, axis) => o.concat([x, o.tanh(x)], axis)),
  onAxis((x, axis, detail) => o.take(x, indicesFor(x.shape[axis], detail), axis)),
  (x, _, detail) =>
    x.rank === 0
      ? null
      : o.scatterAdd(
          o.tensor(Int32Array.from(x.shape.slice(0, 1).flatMap((n) => Array.from({ length: n }, (__, i) => (i * detail) % 3)))),
          x,
          3,
        ),
  (x, y) => (x.rank === 2 && y.rank === 2 && x.shape[1] === y.shape[0] ? o.matmul(x, o.tanh(y)) : null),
  (x) => (x.rank === 2 ? o.matmul(x, o.sin(x), { transposeB: true }) : null),
  (x) => (x.rank === 3 ? o.matmul(x, o.sin(x), { transposeA: true }) : null),
  (x) => (x.rank === 2 ? o.einsum("ij,kj->ik", x, o.cos(x)) : null),
];

/** With kinks and jumps, whole numbers and truth values. */
export const roughRules: readonly Rule[] = [
  (x) => o.abs(x),
  (x) => o.relu(x),
  (x) => o.sign(x),
  (x) => o.floor(o.mul(x, 3)),
  (x) => o.ceil(x),
  (x) => o.round(o.mul(x, 2)),
  (x) => o.sqrt(o.add(o.abs(x), 0.25)),
  (x) => o.stopGradient(x),
  (x) => o.reciprocal(positive(x)),
  (x) => o.clip(x, -0.75, 0.5),
  together((x, y) => o.maximum(x, y)),
  together((x, y) => o.minimum(x, y)),
  together((x, y) => o.where(o.greater(x, y), o.sin(x), y)),
  together((x, y) => o.where(o.logicalAnd(o.less(x, 0.5), o.greaterEqual(y, -0.5)), x, 0)),
  together((x, y) => o.mod(x, positive(y))),
  onAxis((x, axis) => o.max(x, { axes: axis })),
  onAxis((x, axis) => o.min(x, { axes: axis, keepAxes: true })),
  onAxis((x, axis) => o.norm(x, { axes: axis })),
  onAxis((x, axis) => o.sort(x, axis)),
  onAxis((x, axis, detail) => o.topK(x, 1 + (detail % x.shape[axis]), { axis }).values),
  onAxis((x, axis) => o.cast(o.argmax(x, axis), "float32")),
  onAxis((x, axis) => o.cast(o.argsort(x, axis), "float32")),
  (x) => o.oneHot(o.cast(o.clip(o.mul(x, 2), 0, 3), "int32"), 3),
  together((x, y) => o.cast(o.equal(o.round(x), o.round(y)), "float32")),
  (x) => o.cast(o.div(o.mul(o.cast(o.clip(o.mul(x, 5), -50, 50), "int32"), 7), 3), "float32"),
  onAxis((x, axis) => o.cast(o.any(o.greater(x, 0), { axes: axis }), "float32")),
];

const MOST_ELEMENTS = 300;

/** The value of a program: the last thing it computes, mixed with whatever else was not used. */
export function run(program: Program, args: readonly Tensor[], rules: readonly Rule[]): Tensor {
  const pool = [...args];
  const used = new Set<Tensor>();
  for (const { operation, operands, detail } of program.steps) {
    // Operands from the end of the pool first, so that graphs grow deep.
    const [x, y] = operands.map((pick) => pool[pool.length - 1 - (pick % Math.min(pool.length, 5))]);
    const result = rules[operation % rules.length](x, y, detail);
    if (result === null || result.size > MOST_ELEMENTS || result.rank > 4) continue;
    used.add(x).add(y);
    pool.push(result);
  }
  const open = pool.filter((tensor) => !used.has(tensor));
  return open.map((tensor) => o.mean(tensor)).reduce((total, part) => o.add(total, part), o.mean(pool[pool.length - 1]));
}

export const allRules: readonly Rule[] = [...smoothRules, ...roughRules];
