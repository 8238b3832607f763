import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { smooth } from "../../ops/define.js";
import { add, mul, square, sub } from "../../ops/index.js";
import { between, ramp } from "../../ops/piecewise.js";
import { sparsePlusRamp } from "../../ops/rectified.js";
import { own, type UnaryOperation, unary } from "../../ops/unary.js";
import { type Edge, edgeTails, edgeValue, lowerEdge } from "./edges.js";
import { type Kernel, kernel } from "./kernel.js";
import { boxSingle } from "./single-box.js";
import { cardinalSine } from "./waves.js";

/** ½ on −1 … 1: of all densities no higher than it the one that moves a kink the least. */
export const box = kernel({
  name: "box",
  aliases: ["uniform", "rectangular"],
  title: "box",
  tex: String.raw`\tfrac12 \left[|u| < 1\right]`,
  source: "Zang 1980; SmeLU: Shamir & Lin 2022, arXiv:2202.06499",
  radius: 1,
  momentsBelow: Infinity,
  absoluteMoment: 1 / 2,
  variance: 1 / 3,
  fourthMoment: 1 / 5,
  smoothness: -1,
  decay: Infinity,
  positive: true,
  characteristic: cardinalSine,
  density: (u) => mul(between(u, { low: -1, high: 1 }), 0.5),
  tails: edgeTails([{ at: 1, lead: 0, coefficients: [0.5] }]),
  direct: [(z) => ramp(z, { from: -1, to: 1 }), sparsePlusRamp, null, null],
  single: boxSingle,
});

/** 1 − |u| on −1 … 1: two boxes convolved. */
export const triangular = splineOf(2, {
  name: "triangular",
  aliases: ["triangle", "tent"],
  title: "triangular",
  tex: String.raw`\max(1 - |u|, 0)`,
  source: "Bartlett 1950",
});

/** Four boxes convolved: cubic pieces on −2 … 2, two continuous derivatives. */
export const cubicSpline = splineOf(4, {
  name: "cubicSpline",
  aliases: ["cubic"],
  title: "cubic B-spline",
  tex: String.raw`\tfrac16 \textstyle\sum_{j=0}^{4} (-1)^j \binom4j \left(u + 2 - j\right)_+^3`,
  source: "Schoenberg 1946",
});

/**
 * The B-spline of an order 1 … 8: so many boxes of width 1 convolved, order − 2 continuous derivatives, 0 beyond order/2.
 * `bSpline(2)` is the triangular kernel, `bSpline(4)` the cubic spline.
 */
export function bSpline(order: number): Kernel {
  if (!Number.isInteger(order) || order < 1 || order > 8) {
    throw fault("bSpline", "there is no spline of this order", { expected: "a whole number from 1 to 8", got: String(order) });
  }
  return splineOf(order, {
    name: `bSpline${order}`,
    title: `B-spline of order ${order}`,
    tex: String.raw`\tfrac{1}{${factorial(order - 1)}} \textstyle\sum_{j=0}^{${order}} (-1)^j \binom{${order}}{j} \left(u + \tfrac{${order}}2 - j\right)_+^{${order - 1}}`,
    source: "Schoenberg 1946",
  });
}

interface Naming {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly title: string;
  readonly tex: string;
  readonly source: string;
}

function splineOf(order: number, naming: Naming): Kernel {
  const variance = order / 12;
  const tails = edgeTails(splineEdges(order));
  return kernel({
    ...naming,
    radius: order / 2,
    momentsBelow: Infinity,
    absoluteMoment: 2 * tails[1].value(0),
    variance,
    fourthMoment: order / 80 + 3 * order * (order - 1) * (1 / 12) ** 2,
    smoothness: order - 2,
    decay: Infinity,
    kinks: Array.from({ length: order - 1 }, (_, j) => j + 1 - order / 2),
    positive: true,
    characteristic: (frequency) => powerOf(cardinalSine(mul(frequency, 0.5)), order),
    density: splineDensity(order),
    tails,
  });
}

/** Left of 0 the spline is Σⱼ (−1)^j C(m, j) (u + m/2 − j)₊^(m − 1)/(m − 1)!, of the knots left of 0. */
function splineEdges(order: number): readonly Edge[] {
  const knots = Array.from({ length: Math.ceil(order / 2) }, (_, j) => j);
  return knots.map((j) => {
    const weight = ((-1) ** j * order) / (factorial(j) * factorial(order - j));
    return { at: order / 2 - j, lead: order - 1, coefficients: [weight] };
  });
}

/** The slope of a spline is the difference of two of the order below, half a box to either side. */
function splineDensity(order: number): (u: Tensor) => Tensor {
  if (order === 1) return (u) => between(u, { low: -0.5, high: 0.5 });
  const edges = splineEdges(order);
  const density: UnaryOperation = unary({
    name: `splineDensity${order}`,
    doc: `The B-spline of order ${order} with knots a unit apart, about 0.`,
    value: (u) => edges.reduce((total, edge) => total + edgeValue(edge, Math.abs(u)), 0),
    derivative: smooth((t, { inputs: [u] }) => {
      const below = splineDensity(order - 1);
      return mul(t, sub(below(add(u, 0.5)), below(add(u, -0.5))));
    }),
    lower: (onnx, u) => {
      const d = onnx.op("Abs", [u]);
      return edges.map((edge) => lowerEdge(onnx, edge, d)).reduce((total, term) => onnx.op("Add", [total, term]));
    },
    accuracy: own(8),
  });
  return density;
}

/** A whole power of 1 or more, by squaring. */
function powerOf(x: Tensor, exponent: number): Tensor {
  if (exponent === 1) return x;
  const even = square(powerOf(x, Math.floor(exponent / 2)));
  return exponent % 2 === 0 ? even : mul(even, x);
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
