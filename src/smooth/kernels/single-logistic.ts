import type { Emitter } from "../../ir/emitter.js";
import { emitBounded, emitScaled, emitWeighted, type Weighted } from "./emit.js";
import { degreeOf, emitSum, emitTotal, HEADROOM, type SingleForm, scaleAt } from "./single-form.js";
import { emitStretches, isSteady } from "./single-lines.js";

/** Up to so many widths from 0 a break is told from x/w as well as from x. */
const NEAR = 12;

/** Coefficients from tools/coefficients/kernels.py: −log(1 − b/2) = b·(flat + Σ height/(pole − b)) for 0 ≤ b ≤ 1, to 1e-7. */
const ROUNDING = {
  flat: 0.07686522,
  poles: [
    { height: 1.27332416, pole: 4.59709249 },
    { height: 0.33007395, pole: 2.25840824 },
  ],
} as const;

/** From the same program: log((1 + s)/(1 − s)) = s·(flat + slope·s² + height/(pole − s²)) for |s| ≤ 1/3, to 5e-9. */
const RATIO = { flat: 1.24226928, slope: 0.11643337, height: 1.04345021, pole: 1.37707281 } as const;

/**
 * The logistic kernel, up to lines: with τ = tanh(z/2) a step is (1 + τ)/2, and a ramp the sharp one plus w·log(2/(1 + |τ|)). Two ramps
 * that turn against each other share the logarithm, as that of a quotient. ONNX Runtime's logarithm costs ten other operators.
 */
export const logisticSingle: SingleForm = (onnx, x, pieces) => {
  const { width, breaks, smoothed, jumps } = pieces;
  if (smoothed.some((piece) => degreeOf(piece) > 1)) return null;
  const steps = jumps.map(([c = 0]) => c);
  const ramps = jumps.map(([, c = 0]) => c * width);
  const [c0 = 0, c1 = 0] = smoothed[0];
  const sharp = { ends: breaks, stretches: smoothed.map(([, slope = 0]) => [0, slope]), start: c0 + c1 * breaks[0] };
  const scale = (k: number): number => scaleAt(pieces, k);
  if (!isSteady(sharp, scale) || steps.some((c, k) => Math.abs(c) > (HEADROOM / 4) * scale(k))) return null;
  const turns = breaks.map((at) => emitTurn(onnx, x, at, width));
  const line = emitStretches(onnx, x, sharp);
  const halves = turns.flatMap((turn, k) => (steps[k] === 0 ? [] : [{ factor: steps[k] / 2, x: turn }]));
  const step = emitBounded(onnx, halves, halves.reduce((total, { factor }) => total + factor, line === null ? sharp.start : 0)); // biome-ignore format: one line
  const parts = [line, emitRounding(onnx, turns, ramps), step.sum && emitScaled(onnx, step.sum.x, step.sum.factor)];
  return emitSum(onnx, x, parts, step.offset);
};

/** τ = tanh((x − a)/(2w)). */
function emitTurn(onnx: Emitter, x: string, at: number, width: number): string {
  const near = at !== 0 && Math.abs(at) <= NEAR * width;
  const distance = at === 0 || near ? x : onnx.op("Sub", [x, onnx.scalar(at)]);
  const half = emitScaled(onnx, distance, 0.5 / width);
  return onnx.op("Tanh", [near ? onnx.op("Sub", [half, onnx.scalar(at * (0.5 / width))]) : half]);
}

/** Σ cₖ·log(2/(1 + |τₖ|)). */
function emitRounding(onnx: Emitter, turns: readonly string[], factors: readonly number[]): string | null {
  const rest = turns.map((turn, k) => ({ factor: factors[k], x: turn })).filter(({ factor }) => factor !== 0);
  const terms: Weighted[] = [];
  while (rest.length > 0) {
    const [{ factor, x }] = rest.splice(0, 1);
    const depth = onnx.op("Abs", [x]);
    const opposite = rest.findIndex((other) => Math.abs(other.factor + factor) <= 1e-12 * Math.abs(factor));
    if (opposite < 0) terms.push({ factor: 1, x: emitOne(onnx, depth, factor) });
    else terms.push({ factor: 1, x: emitTwo(onnx, depth, onnx.op("Abs", [rest.splice(opposite, 1)[0].x]), factor) });
  }
  return emitWeighted(onnx, terms);
}

/** factor·log(2/(1 + |τ|)), by b = 1 − |τ|. */
function emitOne(onnx: Emitter, depth: string, factor: number): string {
  const poles = ROUNDING.poles.map(({ height, pole }) =>
    onnx.op("Div", [onnx.scalar(factor * height), onnx.op("Add", [depth, onnx.scalar(pole - 1)])]),
  );
  const sum = onnx.op("Add", [emitTotal(onnx, poles) as string, onnx.scalar(factor * ROUNDING.flat)]);
  return onnx.op("Mul", [sum, onnx.op("Sub", [onnx.scalar(1), depth])]);
}

/** factor·log((1 + |τ₂|)/(1 + |τ₁|)), by s = (|τ₂| − |τ₁|)/(2 + |τ₁| + |τ₂|). */
function emitTwo(onnx: Emitter, first: string, second: string, factor: number): string {
  const whole = onnx.op("Add", [onnx.op("Add", [first, second]), onnx.scalar(2)]);
  const s = onnx.op("Div", [onnx.op("Sub", [second, first]), whole]);
  const square = onnx.op("Mul", [s, s]);
  const { flat, slope, height, pole } = RATIO;
  const hyperbola = onnx.op("Div", [onnx.scalar(factor * height), onnx.op("Sub", [onnx.scalar(pole), square])]);
  const line = onnx.op("Add", [onnx.op("Mul", [square, onnx.scalar(factor * slope)]), onnx.scalar(factor * flat)]);
  return onnx.op("Mul", [s, onnx.op("Add", [hyperbola, line])]);
}
