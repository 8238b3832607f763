import { squareplus } from "../../activations/rounded-ramps.js";
import type { Emitter } from "../../ir/emitter.js";
import type { Tensor } from "../../ir/tensor.js";
import { hypotSlope } from "../../ops/algebraic.js";
import { abs, exp, mul, neg, reshape, sum, tensor } from "../../ops/index.js";
import { hold } from "../../ops/piecewise.js";
import { lowerArsinh, lowerLength, lowerNear } from "./angle.js";
import type { Tail } from "./deviation.js";
import { kernel } from "./kernel.js";

/** √(1 + d²) + d, over which everything is written: its inverse is √(1 + d²) − d without the cancellation. */
const sumAt = (d: number): number => Math.hypot(1, d) + d;
const lowerSum = (onnx: Emitter, d: string): string => onnx.op("Add", [lowerLength(onnx, d), d]);

const halved = (onnx: Emitter, x: string): string => onnx.op("Mul", [onnx.op("Reciprocal", [x]), onnx.scalar(0.5)]);

const step: Tail = {
  value: (d) => 0.5 / Math.hypot(1, d) / sumAt(d),
  lower: (onnx, d) => {
    const length = lowerLength(onnx, d);
    return halved(onnx, onnx.op("Mul", [length, onnx.op("Add", [length, d])]));
  },
};

const ramp: Tail = { value: (d) => 0.5 / sumAt(d), lower: (onnx, d) => halved(onnx, lowerSum(onnx, d)) };

/** From here on the integrals diverge; antiderivatives instead. −½(d/(√(1 + d²) + d) + arsinh d). */
const parabola: Tail = {
  value: (d) => -0.5 * (shareAt(d) + Math.asinh(d)),
  lower: (onnx, d) => {
    const near = lowerNear(onnx, d);
    const share = onnx.op("Div", [near, lowerSum(onnx, near)]);
    return onnx.op("Mul", [onnx.op("Add", [share, lowerArsinh(onnx, d)]), onnx.scalar(-0.5)]);
  },
};

/** 2 + 3⁄2 d(share − 1 + arsinh d) + r(½ share − 1), where r = √(1 + d²) − d and share = dr: no zero for d ≥ 0. */
const cubic: Tail = {
  value: (d) => 2 + 1.5 * d * (shareAt(d) - 1 + Math.asinh(d)) + (0.5 * shareAt(d) - 1) / sumAt(d),
  lower: (onnx, d) => {
    const near = lowerNear(onnx, d);
    const rest = onnx.op("Reciprocal", [lowerSum(onnx, near)]);
    const share = onnx.op("Mul", [near, rest]);
    const less = onnx.op("Sub", [share, onnx.scalar(1)]);
    const growth = onnx.op("Mul", [onnx.op("Mul", [d, onnx.scalar(1.5)]), onnx.op("Add", [less, lowerArsinh(onnx, d)])]);
    const bend = onnx.op("Mul", [rest, onnx.op("Sub", [onnx.op("Mul", [share, onnx.scalar(0.5)]), onnx.scalar(1)])]);
    return onnx.op("Add", [onnx.op("Add", [growth, bend]), onnx.scalar(2)]);
  },
};

const shareAt = (d: number): number => (d > 1e9 ? 0.5 : d / sumAt(d));

/** Step of the trapezoidal rule below, and how many: to where ω = 1e-8 has died out. */
const STEP = 0.2;
const COSHES = Array.from({ length: 118 }, (_, j) => Math.cosh(j * STEP));

/** ω K₁(ω) = ∫₀^∞ ω cosh t · e^(−ω cosh t) dt, by the trapezoidal rule, which has no error to speak of here. */
function bessel(frequency: Tensor): Tensor {
  const held = hold(abs(frequency), { low: 1e-8, high: 1e3 });
  const rates = mul(reshape(held, [...held.shape, 1]), tensor(COSHES));
  const weights = tensor(COSHES.map((_, j) => (j === 0 ? STEP / 2 : STEP)));
  return sum(mul(mul(rates, exp(neg(rates))), weights), { axes: -1 });
}

/** ½(1 + u²)^(−3/2): Student's law with two degrees of freedom, scaled; the relu becomes squareplus. */
export const algebraic = kernel({
  name: "algebraic",
  aliases: ["t2", "student2"],
  title: "algebraic",
  tex: String.raw`\tfrac12 \left(1 + u^2\right)^{-3/2}`,
  source: "Chen & Harker 1993; squareplus: Barron 2021, arXiv:2112.11687",
  radius: Infinity,
  momentsBelow: 2,
  absoluteMoment: 1,
  variance: Infinity,
  fourthMoment: Infinity,
  smoothness: Infinity,
  decay: 0,
  positive: true,
  characteristic: bessel,
  density: (u) => mul(hypotSlope(u), 0.5),
  tails: [step, ramp, parabola, cubic],
  direct: [null, (z) => squareplus.with({ b: 1 })(z), null, null],
});
