import type { Emitter } from "../../ir/emitter.js";
import type { Tensor } from "../../ir/tensor.js";
import { smooth } from "../../ops/define.js";
import { add, mul, square } from "../../ops/index.js";
import { between, hold } from "../../ops/piecewise.js";
import { own, type UnaryOperation, unary } from "../../ops/unary.js";
import type { Tail } from "./deviation.js";
import { inside, polynomial, polynomialAt, wholePower } from "./emissions.js";
import { emitScaled } from "./emit.js";
import { kernel } from "./kernel.js";
import { cardinalSine } from "./waves.js";

const QUARTER = Math.PI / 2;

/** cos(πu/2) on −1 … 1, 0 outside: sin of the way inside the edge, where that keeps its digits. */
const arch: UnaryOperation = unary({
  name: "cosineArch",
  doc: "cos(πx/2) where |x| < 1, 0 elsewhere.",
  value: (x) => Math.sin(QUARTER * Math.max(1 - Math.abs(x), 0)),
  derivative: smooth((t, { inputs: [x] }) => mul(t, mul(wave(x), -QUARTER))),
  lower: (onnx, x) => onnx.op("Sin", [onnx.op("Mul", [inside(onnx, onnx.op("Abs", [x]), 1), onnx.scalar(QUARTER)])]),
  accuracy: own(8),
});

/** sin(πu/2) on −1 … 1, 0 outside: but for a factor the slope of the arch. */
const wave = (u: Tensor): Tensor => {
  const bounds = { low: -1, high: 1 };
  return mul(between(u, bounds), waveWithin(hold(u, bounds)));
};

const waveWithin: UnaryOperation = unary({
  name: "sineArch",
  doc: "sin(πx/2), for |x| ≤ 1.",
  value: (x) => Math.sin(QUARTER * x),
  derivative: smooth((t, { inputs: [x] }) => mul(t, mul(arch(x), QUARTER))),
  lower: (onnx, x) => onnx.op("Sin", [onnx.op("Mul", [x, onnx.scalar(QUARTER)])]),
  range: [-1, 1],
  extremes: [0, 1e-30, 1, -1, NaN],
  accuracy: own(8),
});

/** powers[k]·t^k summed, and an amount of the sine or cosine of πt/2 or πt: t is the way inside the edge. */
interface Closed {
  readonly powers: readonly number[];
  readonly wave: "Sin" | "Cos";
  readonly rate: number;
  readonly amount: number;
}

/**
 * A tail twice: in closed form, which cancels at the edge but is right at the scale of 1, and as the Taylor series about the edge,
 * lead power first, of which the value and the precise lowering are made. The density is amount·Σₖ (−1)^k (rate·t)^(first + 2k)/(first + 2k)!.
 */
function tailOf(order: number, density: { amount: number; rate: number; first: number }, closed: Closed): Tail {
  const lead = density.first + order + 1;
  const coefficients = taylor(order, density);
  return {
    value: (d) => {
      const t = Math.max(1 - d, 0);
      return t ** lead * polynomialAt(t * t, coefficients);
    },
    lower: (onnx, d) => lowerClosed(onnx, inside(onnx, d, 1), closed),
    precise: (onnx, d) => {
      const t = inside(onnx, d, 1);
      return onnx.op("Mul", [wholePower(onnx, t, lead), polynomial(onnx, onnx.op("Mul", [t, t]), coefficients)]);
    },
  };
}

/** order!·amount·rate^p/(p + order + 1)! with alternating signs, p = first, first + 2, …: what is left out is below 1e-17. */
function taylor(order: number, { amount, rate, first }: { amount: number; rate: number; first: number }): readonly number[] {
  const coefficients: number[] = [];
  for (let p = first, sign = amount; p < first + 2 * TERMS; p += 2, sign = -sign) {
    let size = sign * rate ** p;
    for (let i = 1; i <= p + order + 1; i++) size /= i;
    for (let i = 2; i <= order; i++) size *= i;
    coefficients.push(size);
  }
  return coefficients;
}

const TERMS = 14;

function lowerClosed(onnx: Emitter, t: string, { powers, wave: operator, rate, amount }: Closed): string {
  const angle = onnx.op("Mul", [t, onnx.scalar(rate)]);
  const wavy = emitScaled(onnx, onnx.op(operator, [angle]), amount);
  return onnx.op("Add", [polynomial(onnx, t, powers), wavy]);
}

const COSINE = { amount: Math.PI / 4, rate: QUARTER, first: 1 };

/** (π/4) cos(πu/2) on −1 … 1. */
export const cosine = kernel({
  name: "cosine",
  title: "cosine",
  tex: String.raw`\tfrac{\pi}4 \cos\left(\tfrac{\pi}2 u\right) \left[|u| < 1\right]`,
  source: "Eubank 1988",
  radius: 1,
  momentsBelow: Infinity,
  absoluteMoment: 1 - 2 / Math.PI,
  variance: 1 - 8 / Math.PI ** 2,
  fourthMoment: 1 - 48 / Math.PI ** 2 + 384 / Math.PI ** 4,
  smoothness: 0,
  decay: Infinity,
  positive: true,
  characteristic: (frequency) =>
    mul(add(cardinalSine(add(frequency, QUARTER)), cardinalSine(add(frequency, -QUARTER))), Math.PI / 4),
  density: (u) => mul(arch(u), Math.PI / 4),
  tails: [
    tailOf(0, COSINE, { powers: [1 / 2], wave: "Cos", rate: QUARTER, amount: -1 / 2 }),
    tailOf(1, COSINE, { powers: [0, 1 / 2], wave: "Sin", rate: QUARTER, amount: -1 / Math.PI }),
    tailOf(2, COSINE, { powers: [-4 / Math.PI ** 2, 0, 1 / 2], wave: "Cos", rate: QUARTER, amount: 4 / Math.PI ** 2 }),
    tailOf(3, COSINE, { powers: [0, -12 / Math.PI ** 2, 0, 1 / 2], wave: "Sin", rate: QUARTER, amount: 24 / Math.PI ** 3 }),
  ],
});

const RAISED = { amount: 1 / 2, rate: Math.PI, first: 2 };

/** ½(1 + cos πu) on −1 … 1: zero with its slope at the edges, like a Hann window. */
export const raisedCosine = kernel({
  name: "raisedCosine",
  aliases: ["hann"],
  title: "raised cosine",
  tex: String.raw`\tfrac12 \left(1 + \cos \pi u\right) \left[|u| < 1\right]`,
  source: "von Hann; Blackman & Tukey 1958",
  radius: 1,
  momentsBelow: Infinity,
  absoluteMoment: 1 / 2 - 2 / Math.PI ** 2,
  variance: 1 / 3 - 2 / Math.PI ** 2,
  fourthMoment: 1 / 5 - 4 / Math.PI ** 2 + 24 / Math.PI ** 4,
  smoothness: 1,
  decay: Infinity,
  positive: true,
  characteristic: (frequency) => {
    const beside = add(cardinalSine(add(frequency, Math.PI)), cardinalSine(add(frequency, -Math.PI)));
    return add(cardinalSine(frequency), mul(beside, 0.5));
  },
  density: (u) => square(arch(u)),
  tails: [
    tailOf(0, RAISED, { powers: [0, 1 / 2], wave: "Sin", rate: Math.PI, amount: -1 / (2 * Math.PI) }),
    tailOf(1, RAISED, {
      powers: [-1 / (2 * Math.PI ** 2), 0, 1 / 4],
      wave: "Cos",
      rate: Math.PI,
      amount: 1 / (2 * Math.PI ** 2),
    }),
    tailOf(2, RAISED, { powers: [0, -1 / Math.PI ** 2, 0, 1 / 6], wave: "Sin", rate: Math.PI, amount: 1 / Math.PI ** 3 }),
    tailOf(3, RAISED, {
      powers: [3 / Math.PI ** 4, 0, -3 / (2 * Math.PI ** 2), 0, 1 / 8],
      wave: "Cos",
      rate: Math.PI,
      amount: -3 / Math.PI ** 4,
    }),
  ],
});
