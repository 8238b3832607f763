import type { Emitter } from "../../ir/emitter.js";
import type { Tensor } from "../../ir/tensor.js";
import { reciprocalHypot } from "../../ops/algebraic.js";
import { abs, add, exp, mul, neg, square } from "../../ops/index.js";
import { hold } from "../../ops/piecewise.js";
import { angleAt, FAR, logLengthAt, lowerAngle, lowerLogLength, lowerNear } from "./angle.js";
import type { Tail } from "./deviation.js";
import { polynomial, polynomialAt, wholePower } from "./emissions.js";
import { kernel } from "./kernel.js";
import { harmonics, stairOf } from "./lattice.js";
import { T3, T5 } from "./student-coefficients.js";

interface Powers {
  readonly lead: number;
  readonly single: readonly number[];
  readonly double: readonly number[];
}

/** θ^lead · polynomial(θ²) with θ = arccot d: to the last digits however far out. */
function tailOf({ lead, single, double }: Powers): Tail {
  const lower = (onnx: Emitter, d: string, coefficients: readonly number[]): string => {
    const angle = lowerAngle(onnx, d);
    return onnx.op("Mul", [wholePower(onnx, angle, lead), polynomial(onnx, onnx.op("Mul", [angle, angle]), coefficients)]);
  };
  return {
    value: (d) => {
      const angle = angleAt(d);
      return angle ** lead * polynomialAt(angle * angle, double);
    },
    lower: (onnx, d) => lower(onnx, d, single),
    precise: (onnx, d) => lower(onnx, d, double),
  };
}

/** 1 − dθ over π: the relu of t₃ in five passes, right at the scale of 1. */
const t3Ramp: Tail = {
  ...tailOf(T3[1]),
  lower: (onnx, d) => {
    const near = lowerNear(onnx, d);
    const share = onnx.op("Mul", [near, lowerAngle(onnx, near)]);
    return onnx.op("Mul", [onnx.op("Sub", [onnx.scalar(1), share]), onnx.scalar(1 / Math.PI)]);
  },
};

/** Three times the antiderivative of I₂, which grows like a logarithm: (dθ)²·I₁/θ² − (3dθ + log(1 + d²))/π. */
const t3Divergent: Tail = {
  value: (d) => {
    const angle = angleAt(d);
    const share = d > FAR ? 1 : d * angle;
    return share ** 2 * polynomialAt(angle * angle, T3[1].double) - (3 * share + 2 * logLengthAt(d)) / Math.PI;
  },
  lower: (onnx, d) => {
    const near = lowerNear(onnx, d);
    const angle = lowerAngle(onnx, near);
    const share = onnx.op("Mul", [near, angle]);
    const coefficients = onnx.precision === "precise" ? T3[1].double : T3[1].single;
    const ramp = polynomial(onnx, onnx.op("Mul", [angle, angle]), coefficients);
    const twice = onnx.op("Mul", [lowerLogLength(onnx, d), onnx.scalar(2 / Math.PI)]);
    const growth = onnx.op("Add", [onnx.op("Mul", [share, onnx.scalar(3 / Math.PI)]), twice]);
    return onnx.op("Sub", [onnx.op("Mul", [onnx.op("Mul", [share, share]), ramp]), growth]);
  },
};

/** |ω|, held where e^(−|ω|) is long 0. */
const size = (frequency: Tensor): Tensor => hold(abs(frequency), { low: 0, high: 1e4 });

/** (2/π)(1 + u²)⁻²: Student's law with three degrees of freedom, of variance 1. */
export const t3 = kernel({
  name: "t3",
  aliases: ["student3"],
  title: "t₃",
  tex: String.raw`\tfrac2\pi \left(1 + u^2\right)^{-2}`,
  source: "Student 1908",
  radius: Infinity,
  momentsBelow: 3,
  absoluteMoment: 2 / Math.PI,
  variance: 1,
  fourthMoment: Infinity,
  smoothness: Infinity,
  decay: 0,
  positive: true,
  characteristic: (frequency) => {
    const rate = size(frequency);
    return mul(add(rate, 1), exp(neg(rate)));
  },
  density: (u) => mul(square(square(reciprocalHypot(u))), 2 / Math.PI),
  tails: [tailOf(T3[0]), t3Ramp, tailOf(T3[2]), t3Divergent],
  staircase: (r, width) => {
    const { rate, angle, first } = harmonics(r, width);
    return stairOf(r, add(angle, mul(rate, first)));
  },
});

/** 8/(3π)·(1 + u²)⁻³: Student's law with five degrees of freedom, of variance ⅓. */
export const t5 = kernel({
  name: "t5",
  aliases: ["student5"],
  title: "t₅",
  tex: String.raw`\tfrac8{3\pi} \left(1 + u^2\right)^{-3}`,
  source: "Student 1908",
  radius: Infinity,
  momentsBelow: 5,
  absoluteMoment: 4 / (3 * Math.PI),
  variance: 1 / 3,
  fourthMoment: 1,
  smoothness: Infinity,
  decay: 0,
  positive: true,
  characteristic: (frequency) => {
    const rate = size(frequency);
    return mul(add(add(rate, mul(square(rate), 1 / 3)), 1), exp(neg(rate)));
  },
  density: (u) => {
    const share = square(reciprocalHypot(u));
    return mul(mul(square(share), share), 8 / (3 * Math.PI));
  },
  tails: [tailOf(T5[0]), tailOf(T5[1]), tailOf(T5[2]), tailOf(T5[3])],
  staircase: (r, width) => {
    const { rate, angle, first, second } = harmonics(r, width);
    return stairOf(r, add(add(angle, mul(rate, first)), mul(mul(square(rate), 1 / 3), second)));
  },
});
