import type { Emitter } from "../../ir/emitter.js";
import type { Tensor } from "../../ir/tensor.js";
import { mul } from "../../ops/arithmetic.js";
import type { TensorLike } from "../../ops/create.js";
import { type Operation, smooth } from "../../ops/define.js";
import { shaped } from "../../ops/shaped.js";
import { polynomial, polynomialAt } from "./emissions.js";

interface Degree {
  readonly order: number;
}

/**
 * Γ(ν + 1)(2/ω)^ν J_ν(ω) with ν = order + ½: how a density in proportion to (1 − u²)^order on −1 … 1 damps waves. sin ω/ω for
 * order 0; spherical Bessel functions, scaled to 1 at 0. The slope of one is −ω/(2·order + 3) times the next.
 */
export const sphericalWave: Operation<(x: TensorLike, params: Degree) => Tensor, Degree> = shaped<Degree>({
  name: "sphericalWave",
  doc: "(2n + 1)!! jₙ(x)/xⁿ with the spherical Bessel function of order n, 1 at 0: sin(x)/x for n = 0.",
  value: (x, { order }) => {
    const size = Math.abs(x);
    if (size === Infinity) return 0;
    return size < crossing(order) ? polynomialAt(x * x, series(order, 1e-18)) : closedForm(size, order);
  },
  derivative: smooth((t, { inputs: [x], params: { order } }) =>
    mul(t, mul(mul(x, -1 / (2 * order + 3)), sphericalWave(x, { order: order + 1 }))),
  ),
  lower: (onnx, x, { order }) => {
    const precise = onnx.precision === "precise";
    const size = onnx.op("Abs", [x]);
    const from = crossing(order);
    const near = onnx.op("Min", [size, onnx.scalar(from)]);
    const series0 = polynomial(onnx, onnx.op("Mul", [near, near]), series(order, precise ? 1e-17 : 1e-9));
    const far = onnx.op("Clip", [size, onnx.scalar(from), onnx.scalar(precise ? 1e15 : 1e7)]);
    return onnx.op("Where", [onnx.op("Less", [size, onnx.scalar(from)]), series0, lowerClosedForm(onnx, far, order)]);
  },
  examples: [{ order: 0 }, { order: 1 }, { order: 3 }],
  accuracy: { ulp: 8, scale: "unit" },
});

/** sin ω/ω, 1 at 0. */
export const cardinalSine = (frequency: Tensor): Tensor => sphericalWave(frequency, { order: 0 });

/** Below it the series, above it the recurrence from sin x/x and cos x/x, which gains errors as long as x < order. */
const crossing = (order: number): number => order + 1.5;

/** Coefficients of Σ (−x²/4)^j / (j! (order + 3/2)_j), down to terms of a size below the crossing. */
function series(order: number, smallest: number): readonly number[] {
  const coefficients = [1];
  const scale = crossing(order) ** 2;
  for (let j = 1, size = 1; size > smallest; j++) {
    coefficients.push(-coefficients[j - 1] / (4 * j * (order + 0.5 + j)));
    size = Math.abs(coefficients[j]) * scale ** j;
  }
  return coefficients;
}

/** Scaled functions Λₙ₊₁ = (2n + 3)(2n + 1)/x² · (Λₙ − Λₙ₋₁), begun with Λ₋₁ = cos x and Λ₀ = sin x/x. */
function closedForm(x: number, order: number): number {
  let below = Math.cos(x);
  let wave = Math.sin(x) / x;
  for (let n = 0; n < order; n++) [below, wave] = [wave, ((wave - below) * (2 * n + 3) * (2 * n + 1)) / (x * x)];
  return wave;
}

function lowerClosedForm(onnx: Emitter, x: string, order: number): string {
  let below = onnx.op("Cos", [x]);
  let wave = onnx.op("Div", [onnx.op("Sin", [x]), x]);
  if (order === 0) return wave;
  const square = onnx.op("Mul", [x, x]);
  for (let n = 0; n < order; n++) {
    const scale = onnx.op("Mul", [onnx.op("Sub", [wave, below]), onnx.scalar((2 * n + 3) * (2 * n + 1))]);
    [below, wave] = [wave, onnx.op("Div", [scale, square])];
  }
  return wave;
}
