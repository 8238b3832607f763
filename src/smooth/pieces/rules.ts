import { fault } from "../../ir/fault.js";
import type { Primitive } from "../../ir/primitive.js";
import type { Tensor } from "../../ir/tensor.js";
import { leftPart } from "../../ops/algebraic.js";
import { add, div, maximum, minimum, mul, neg, power, sub } from "../../ops/arithmetic.js";
import { parabolicStep } from "../../ops/bells.js";
import { broadcastTo } from "../../ops/broadcast.js";
import { clip } from "../../ops/clip.js";
import { expm1OfLeft, exponentialLinearUnit, leftExpProduct, scaledExponentialLinear } from "../../ops/exponential-linear.js";
import { identity } from "../../ops/identity.js";
import { hold, isBetween, ramp, softShrinkage, step } from "../../ops/piecewise.js";
import { abs, ceil, exp, expm1, floor, logicalNot, relu, round, sign } from "../../ops/pointwise.js";
import { hardMishGate, hardMishSlope, hardSwishGate, hardSwishSlope, sparsePlusRamp, squaredRelu } from "../../ops/rectified.js";
import * as select from "../../ops/select.js";
import { reshape } from "../../ops/shape.js";
import { NoClosedForm } from "../refusals.js";
import { chooseBySign, combine, compose, mapPieces, polynomialPieces } from "./algebra.js";
import { addPiece, constantOf, constantPiece, mulPiece, negPiece, subPiece, substitute } from "./piece.js";
import type { Piece, Pieces } from "./pieces.js";
import { divScalars, scalar } from "./scalar.js";

/** What a node makes of functions of pieces. */
export type Rule = (inputs: readonly Pieces[], node: Tensor) => Pieces;

/** What an operation makes of functions of pieces, with the node's parameters; truth values are 1 and 0. */
type RuleOf<P> = (inputs: readonly Pieces[], params: P) => Pieces;

const on = <P>({ primitive }: { readonly primitive: Primitive<P> }, rule: RuleOf<P>): [Primitive, Rule] => [
  primitive as Primitive,
  (inputs, node) => rule(inputs, node.params as P),
];

/** A function of one number, written as pieces of that number. */
const of =
  (outer: Pieces): RuleOf<unknown> =>
  ([inner]) =>
    compose(outer, inner);

/** The same, where the pieces depend on the node's parameters. */
const shapedBy =
  <P>(outer: (params: P) => Pieces): RuleOf<P> =>
  ([inner], params) =>
    compose(outer(params), inner);

/** coefficient · e^u, with a constant beside it. */
const exponential = (coefficient: number, constant = 0): Piece => [
  { coefficient: scalar(coefficient), power: 0, rate: scalar(1) },
  ...constantPiece(scalar(constant)),
];

const line = (slope: number, intercept = 0): Piece => polynomialPieces([], [[intercept, slope]]).pieces[0];
const split = (at: number, left: Piece, right: Piece): Pieces => ({ breaks: [scalar(at)], pieces: [left, right] });
const truth = (holds: boolean): Piece => constantPiece(scalar(holds ? 1 : 0));
const isTrue = (piece: Piece): boolean => constantOf(piece)?.at === 1;

/** Truth where the first is above the second, and where the two are equal on a whole interval. */
const relation = (above: boolean, same: boolean): RuleOf<unknown> => {
  return ([a, b]) => chooseBySign(a, b, (left, right, isAbove) => truth(subPiece(left, right).length === 0 ? same : isAbove === above)); // biome-ignore format: one line
};

const connective = (holds: (a: boolean, b: boolean) => boolean): RuleOf<unknown> => {
  return ([a, b]) => combine(a, b, (left, right) => truth(holds(isTrue(left), isTrue(right))));
};

/** Three pieces, of which the outer ones are not there when their bound is at infinity. */
function bounded(low: number, high: number, [left, middle, right]: readonly [Piece, Piece, Piece]): Pieces {
  const [hasLeft, hasRight] = [Number.isFinite(low), Number.isFinite(high)];
  return {
    breaks: [...(hasLeft ? [scalar(low)] : []), ...(hasRight ? [scalar(high)] : [])],
    pieces: [...(hasLeft ? [left] : []), middle, ...(hasRight ? [right] : [])],
  };
}

const held = ({ low, high }: { low: number; high: number }): Pieces =>
  bounded(low, high, [constantPiece(scalar(low)), line(1), constantPiece(scalar(high))]);

/** Quadrature would take it too, slowly, and never be right for all x: there are sums for staircases. */
function staircase(): never {
  throw fault("mollify", "a staircase has breaks without end", {
    fix: "take smoothFloor, smoothCeil, smoothRound, smoothFrac or smoothQuantise(x, { kernel, width })",
  });
}

/** How each operation acts on pieces. An operation without a rule has no closed form; quadrature takes it. */
export const rules: ReadonlyMap<Primitive, Rule> = new Map([
  on(floor, staircase),
  on(ceil, staircase),
  on(round, staircase),
  on(add, ([a, b]) => combine(a, b, addPiece)),
  on(sub, ([a, b]) => combine(a, b, subPiece)),
  on(mul, ([a, b]) => combine(a, b, mulPiece)),
  on(div, ([a, b]) => combine(a, b, dividePiece)),
  on(neg, ([a]) => mapPieces(a, negPiece)),
  on(power, ([base, exponent]) => combine(base, exponent, wholePower)),
  on(maximum, ([a, b]) => chooseBySign(a, b, (left, right, isAbove) => (isAbove ? left : right))),
  on(minimum, ([a, b]) => chooseBySign(a, b, (left, right, isAbove) => (isAbove ? right : left))),
  on(broadcastTo, ([a]) => a),
  on(reshape, ([a]) => a),
  on(identity, ([a]) => a),
  on(select.cast, ([a]) => a),
  on(select.greater, relation(true, false)),
  on(select.greaterEqual, relation(true, true)),
  on(select.less, relation(false, false)),
  on(select.lessEqual, relation(false, true)),
  on(select.equal, ([a, b]) => combine(a, b, (left, right) => truth(subPiece(left, right).length === 0))),
  on(select.notEqual, ([a, b]) => combine(a, b, (left, right) => truth(subPiece(left, right).length > 0))),
  on(
    select.logicalAnd,
    connective((a, b) => a && b),
  ),
  on(
    select.logicalOr,
    connective((a, b) => a || b),
  ),
  on(
    select.logicalXor,
    connective((a, b) => a !== b),
  ),
  on(logicalNot, ([a]) => mapPieces(a, (piece) => truth(!isTrue(piece)))),
  on(select.where, chooseWhere),
  on(
    abs,
    of(
      polynomialPieces(
        [0],
        [
          [0, -1],
          [0, 1],
        ],
      ),
    ),
  ),
  on(sign, of(polynomialPieces([0], [[-1], [1]]))),
  on(relu, of(polynomialPieces([0], [[], [0, 1]]))),
  on(leftPart, of(polynomialPieces([0], [[0, 1], []]))),
  on(squaredRelu, of(polynomialPieces([0], [[], [0, 0, 1]]))),
  on(clip, shapedBy(held)),
  on(hold, shapedBy(held)),
  on(
    isBetween,
    shapedBy(({ low, high }) => bounded(low, high, [truth(false), truth(true), truth(false)])),
  ),
  on(
    step,
    shapedBy(({ at, below, above }) => polynomialPieces([at], [[below], [above]])),
  ),
  on(
    ramp,
    shapedBy(({ from, to }) => polynomialPieces([from, to], [[], [-from / (to - from), 1 / (to - from)], [1]])),
  ),
  on(
    softShrinkage,
    shapedBy(({ radius }) => bounded(-radius, radius, [line(1, radius), [], line(1, -radius)])),
  ),
  on(sparsePlusRamp, of(polynomialPieces([-1, 1], [[], [0.25, 0.5, 0.25], [0, 1]]))),
  on(hardSwishGate, of(polynomialPieces([-3, 3], [[], [0, 0.5, 1 / 6], [0, 1]]))),
  on(hardSwishSlope, of(polynomialPieces([-3, 3], [[], [0.5, 1 / 3], [1]]))),
  on(hardMishGate, of(polynomialPieces([-2, 0], [[], [0, 1, 0.5], [0, 1]]))),
  on(parabolicStep, of(polynomialPieces([-2, 0, 2], [[-1], [0, 1, 0.25], [0, 1, -0.25], [1]]))),
  on(hardMishSlope, of(polynomialPieces([-2, 0], [[], [1, 1], [1]]))),
  on(exp, of({ breaks: [], pieces: [exponential(1)] })),
  on(expm1, of({ breaks: [], pieces: [exponential(1, -1)] })),
  on(expm1OfLeft, of(split(0, exponential(1, -1), []))),
  on(exponentialLinearUnit, of(split(0, exponential(1, -1), line(1)))),
  on(
    scaledExponentialLinear,
    shapedBy(({ depth, scale }) => split(0, exponential(scale * depth, -scale * depth), line(scale))),
  ),
  on(
    leftExpProduct,
    shapedBy(({ shift }) => split(0, mulPiece(line(1, shift), exponential(1)), [])),
  ),
]);

function chooseWhere([condition, a, b]: readonly Pieces[]): Pieces {
  const whenTrue = combine(condition, a, (holds, piece) => (isTrue(holds) ? piece : []));
  const whenFalse = combine(condition, b, (holds, piece) => (isTrue(holds) ? [] : piece));
  return combine(whenTrue, whenFalse, addPiece);
}

function dividePiece(a: Piece, b: Piece): Piece {
  const divisor = constantOf(b);
  if (divisor === null || divisor.at === 0) {
    throw new NoClosedForm(
      "mollify",
      `a division by ${divisor === null ? "something that depends on x" : "0"} has no closed form`,
      {
        fix: divisor === null ? "leave the way open to quadrature: breaks: [...]" : "guard it with where",
      },
    );
  }
  return mulPiece(a, constantPiece(divScalars(scalar(1), divisor)));
}

function wholePower(base: Piece, exponent: Piece): Piece {
  const count = constantOf(exponent);
  if (count === null || count.graph !== count.at || !Number.isInteger(count.at) || count.at < 0) {
    throw new NoClosedForm("mollify", "a power has a closed form for whole exponents of 0 or more", {
      got: String(count?.at ?? "x"),
    });
  }
  const outer: Piece = [{ coefficient: scalar(1), power: count.at, rate: null }];
  return substitute(outer, base);
}
