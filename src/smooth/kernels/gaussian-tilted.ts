import type { Emitter } from "../../ir/emitter.js";
import { parameter } from "../../ops/create.js";
import { expm1, normalPdf } from "../../ops/index.js";
import { preciseNormalCdf } from "../../ops/precise.js";
import { normalCdfExact } from "../../ops/special.js";
import { gaussLegendre } from "../quadrature/legendre.js";
import { densityAt, EMITTED_ORDERS, emitDensity, emitScaledMoment, scaledMoment } from "./gaussian-moments.js";
import { tilted } from "./tilted.js";
import { limit, type Shape } from "./tilted-numbers.js";
import { quadratureForm } from "./tilted-quadrature.js";

const shape: Shape = { density: (u) => normalPdf(u), decay: Infinity, radius: Infinity, spread: 2 };

const byQuadrature = quadratureForm(shape, false);

/** Iₘ(x) for x ≥ 0: x·Iₘ₋₁ + (m − 1)·Iₘ₋₂ from Φ and φ, all of one sign. */
function ramp(order: number, x: number): number {
  let [before, value] = [densityAt(x), normalCdfExact(x)];
  for (let m = 1; m <= order; m++) [before, value] = [value, x * value + Math.max(m - 1, 1) * before];
  return value;
}

/**
 * Completing the square, (−1)ᵐ e^(s(z + s/2))·Iₘ(−y) with y = z + s; for y ≥ 0, where that would be ∞·0, the exponential and the
 * density that is in Iₘ make φ(z).
 */
function value(order: number, z: number, rate: number): number {
  if (Math.abs(z) === Infinity) return limit(order, z, rate, false);
  const y = z + rate;
  const size = y >= 0 ? densityAt(z) * scaledMoment(order, y) : Math.exp(rate * (z + rate / 2)) * ramp(order, -y);
  return order % 2 === 0 ? size : -size;
}

/** Beyond it everything is as it is there, and finite. */
const FURTHEST = 1e9;

function emitRamp(onnx: Emitter, x: string, order: number): string {
  let before = emitDensity(onnx, x);
  let value = emitShare(onnx, x);
  for (let m = 1; m <= order; m++) {
    const scaled = m > 2 ? onnx.op("Mul", [before, onnx.scalar(m - 1)]) : before;
    [before, value] = [value, onnx.op("Add", [onnx.op("Mul", [x, value]), scaled])];
  }
  return value;
}

/** Φ(x) for x ≥ 0. */
function emitShare(onnx: Emitter, x: string): string {
  if (onnx.precision === "precise") return preciseNormalCdf(onnx, x);
  const half = onnx.scalar(0.5);
  const erf = onnx.op("Erf", [onnx.op("Mul", [x, onnx.scalar(Math.SQRT1_2)])]);
  return onnx.op("Add", [onnx.op("Mul", [erf, half]), half]);
}

function lower(onnx: Emitter, order: number, z: string, rate: string): string {
  if (order >= EMITTED_ORDERS) return byQuadrature.lower(onnx, order, z, rate);
  const held = onnx.op("Clip", [z, onnx.scalar(-FURTHEST), onnx.scalar(FURTHEST)]);
  const y = onnx.op("Add", [held, rate]);
  const right = onnx.op("Mul", [emitDensity(onnx, held), emitScaledMoment(onnx, onnx.op("Relu", [y]), order)]);
  const centre = onnx.op("Add", [held, onnx.op("Mul", [rate, onnx.scalar(0.5)])]);
  const left = onnx.op("Mul", [
    onnx.op("Exp", [onnx.op("Mul", [rate, centre])]),
    emitRamp(onnx, onnx.op("Relu", [onnx.op("Neg", [y])]), order),
  ]);
  const size = onnx.op("Where", [onnx.op("Less", [y, onnx.scalar(0)]), left, right]);
  return order % 2 === 0 ? size : onnx.op("Neg", [size]);
}

/** Right of it the excess is 0 in float32. */
const RIGHTMOST = 14;

/** For larger rates the difference that the excess is by definition loses nothing beside 1. */
const GENTLE = 1;

/**
 * E₀ in float32. With w = s(z + s/2) and Q the share beyond, (e^w − 1)·Q(z + s) less the integral of φ from z to z + s, which
 * are both of the size of s: right to the rounding of s where s is small.
 */
function lowerExcess(onnx: Emitter, z: string, rate: string): string {
  const one = onnx.scalar(1);
  const held = onnx.op("Clip", [z, onnx.scalar(-FURTHEST), onnx.scalar(RIGHTMOST)]);
  const y = onnx.op("Add", [held, rate]);
  const distance = onnx.op("Abs", [y]);
  const moment = emitScaledMoment(onnx, distance, 0);
  const tail = onnx.op("Mul", [emitDensity(onnx, distance), moment]);
  const isLeft = onnx.op("Less", [y, onnx.scalar(0)]);
  const rest = onnx.op("Sub", [one, tail]);
  const exponent = onnx.op("Mul", [rate, onnx.op("Add", [held, onnx.op("Mul", [rate, onnx.scalar(0.5)])])]);
  const growth = parameter([], "float32");
  const [above] = onnx.inline({ parameters: [growth], outputs: [expm1(growth)] }, [exponent]);
  const gentle = onnx.op("Sub", [onnx.op("Mul", [above, onnx.op("Where", [isLeft, rest, tail])]), emitStep(onnx, held, rate)]);
  const left = onnx.op("Mul", [onnx.op("Exp", [exponent]), rest]);
  const whole = onnx.op("Where", [isLeft, left, onnx.op("Mul", [emitDensity(onnx, held), moment])]);
  const steep = onnx.op("Sub", [whole, onnx.op("Sub", [one, emitShare(onnx, held)])]);
  return onnx.op("Where", [onnx.op("Less", [onnx.op("Abs", [rate]), onnx.scalar(GENTLE)]), gentle, steep]);
}

/** The integral of φ from z to z + s for |s| ≤ 1, to 2e-8 of s. */
function emitStep(onnx: Emitter, z: string, rate: string): string {
  const { nodes, weights } = gaussLegendre(4);
  const terms = Array.from(nodes, (node, k) => {
    const u = onnx.op("Add", [z, onnx.op("Mul", [rate, onnx.scalar((1 + node) / 2)])]);
    return onnx.op("Mul", [emitDensity(onnx, u), onnx.scalar(weights[k] / 2)]);
  });
  return onnx.op("Mul", [rate, terms.reduce((sum, term) => onnx.op("Add", [sum, term]))]);
}

const excess = quadratureForm(shape, true);

export const gaussianTilted = tilted({
  name: "gaussian",
  title: "Gaussian",
  density: shape.density,
  decay: Infinity,
  momentsBelow: Infinity,
  whole: { value, lower },
  excess: {
    value: excess.value,
    lower: (onnx, order, z, rate) =>
      order === 0 && onnx.precision === "default" ? lowerExcess(onnx, z, rate) : excess.lower(onnx, order, z, rate),
  },
});
