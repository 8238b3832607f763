import type { Emitter } from "../../ir/emitter.js";
import { reciprocalHypot } from "../../ops/algebraic.js";
import { cauchyCdf } from "../../ops/gates.js";
import { abs, exp, mul, neg, square } from "../../ops/index.js";
import { angleAt, FAR, logLengthAt, lowerAngle, lowerLogLength, lowerNear, lowerNearLogLength } from "./angle.js";
import type { Tail } from "./deviation.js";
import { polynomial, polynomialAt } from "./emissions.js";
import { kernel } from "./kernel.js";
import { harmonics, stairOf } from "./lattice.js";

/** Only the step has a finite integral; from the ramp on these are antiderivatives, which bounded functions are made of. */
const step: Tail = {
  value: (d) => angleAt(d) / Math.PI,
  lower: (onnx, d) => overPi(onnx, lowerAngle(onnx, d)),
};

/** −(dθ + log √(1 + d²))/π with θ = arccot d. */
const ramp: Tail = {
  value: (d) => -(shareAt(d) + logLengthAt(d)) / Math.PI,
  lower: (onnx, d) => onnx.op("Neg", [overPi(onnx, onnx.op("Add", [lowerShare(onnx, d), lowerLogLength(onnx, d)]))]),
};

/** (d(dθ + log(1 + d²)) + arctan d − d)/π. */
const parabola: Tail = {
  value: (d) => (d === Infinity ? d : (d * (shareAt(d) + 2 * logLengthAt(d)) + defectAt(d)) / Math.PI),
  lower: (onnx, d) => {
    const growth = onnx.op("Add", [lowerShare(onnx, d), twice(onnx, lowerLogLength(onnx, d))]);
    return overPi(onnx, onnx.op("Add", [onnx.op("Mul", [d, growth]), lowerDefect(onnx, d)]));
  },
};

/** (d(d(5⁄2 − dθ − 3 log √(1 + d²)) − 3 arctan d) + log √(1 + d²))/π − 1: no zero for d ≥ 0. */
const cubic: Tail = {
  value: (d) => {
    const growth = d * (2.5 - shareAt(d) - 3 * logLengthAt(d)) - 3 * Math.atan(d);
    return (d * growth + logLengthAt(Math.min(d, FAR))) / Math.PI - 1;
  },
  lower: (onnx, d) => {
    const turn = onnx.op("Mul", [onnx.op("Sub", [onnx.scalar(Math.PI / 2), lowerAngle(onnx, d)]), onnx.scalar(3)]);
    const logs = onnx.op("Mul", [lowerLogLength(onnx, d), onnx.scalar(3)]);
    const inner = onnx.op("Sub", [onnx.op("Sub", [onnx.scalar(2.5), lowerShare(onnx, d)]), logs]);
    const growth = onnx.op("Mul", [d, onnx.op("Sub", [onnx.op("Mul", [d, inner]), turn])]);
    const total = overPi(onnx, onnx.op("Add", [growth, lowerNearLogLength(onnx, d)]));
    return onnx.op("Sub", [total, onnx.scalar(1)]);
  },
};

const overPi = (onnx: Emitter, x: string): string => onnx.op("Mul", [x, onnx.scalar(1 / Math.PI)]);
const twice = (onnx: Emitter, x: string): string => onnx.op("Add", [x, x]);

/** d·arccot d, 1 far out. */
const shareAt = (d: number): number => (d > FAR ? 1 : d * angleAt(d));

function lowerShare(onnx: Emitter, d: string): string {
  const near = lowerNear(onnx, d);
  return onnx.op("Mul", [near, lowerAngle(onnx, near)]);
}

/** arctan d − d, near 0 as d³ times a series in d². */
const NEAR = 0.25;
const SERIES = Array.from({ length: 13 }, (_, k) => (k % 2 === 0 ? -1 : 1) / (2 * k + 3));

const defectAt = (d: number): number => (d < NEAR ? d ** 3 * polynomialAt(d * d, SERIES) : Math.atan(d) - d);

function lowerDefect(onnx: Emitter, d: string): string {
  const plain = onnx.op("Sub", [onnx.op("Sub", [onnx.scalar(Math.PI / 2), lowerAngle(onnx, d)]), lowerNearby(onnx, d)]);
  if (onnx.precision === "default") return plain;
  const near = onnx.op("Min", [d, onnx.scalar(NEAR)]);
  const square = onnx.op("Mul", [near, near]);
  const series = onnx.op("Mul", [onnx.op("Mul", [near, square]), polynomial(onnx, square, SERIES)]);
  return onnx.op("Where", [onnx.op("Less", [d, onnx.scalar(NEAR)]), series, plain]);
}

/** d itself, but finite: what is added to it has outgrown it by then. */
const lowerNearby = (onnx: Emitter, d: string): string => onnx.op("Min", [d, onnx.scalar(3e38)]);

/** 1/(π(1 + u²)): tails so heavy that it has no mean. Takes functions that stay bounded. */
export const cauchy = kernel({
  name: "cauchy",
  aliases: ["lorentz", "t1"],
  title: "Cauchy",
  tex: String.raw`\frac1{\pi (1 + u^2)}`,
  source: "Poisson 1824; Cauchy 1853",
  radius: Infinity,
  momentsBelow: 1,
  absoluteMoment: Infinity,
  variance: Infinity,
  fourthMoment: Infinity,
  smoothness: Infinity,
  decay: 0,
  positive: true,
  characteristic: (frequency) => exp(neg(abs(frequency))),
  density: (u) => mul(square(reciprocalHypot(u)), 1 / Math.PI),
  tails: [step, ramp, parabola, cubic],
  direct: [cauchyCdf, null, null, null],
  staircase: (r, width) => stairOf(r, harmonics(r, width).angle),
});
