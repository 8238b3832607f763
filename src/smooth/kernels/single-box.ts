import type { Emitter } from "../../ir/emitter.js";
import { about } from "../numeric/pieces.js";
import { emitUnitLine, emitWeighted } from "./emit.js";
import type { PlainPieces } from "./pieces-operation.js";
import { degreeOf, emitSum, HEADROOM, type SingleForm, scaleAt } from "./single-form.js";
import { emitStretches, isSteady, type Stretches } from "./single-lines.js";

/**
 * The box kernel, up to order 2, with t = (z + 1)/2 held to 0 … 1 and r = max(z − 1, 0): I₀ = t, I₁ = t² + r and
 * I₂ = 4t³/3 + r(r + 2). What has r is a function of stretches, which begin a width beyond the breaks.
 */
export const boxSingle: SingleForm = (onnx, x, pieces) => {
  const { width, breaks, jumps } = pieces;
  if (jumps.some((jump) => degreeOf(jump) > 2)) return null;
  const powers = [1, 2, 3].map((n) => jumps.map((jump) => CURVE[n - 1] * (jump[n - 1] ?? 0) * width ** (n - 1)));
  const sizes = breaks.map((_, k) => powers.reduce((sum, factors) => sum + Math.abs(factors[k]), 0));
  const beyond = stretchesBeyond(pieces);
  if (sizes.some((size, k) => size > HEADROOM * scaleAt(pieces, k)) || !isSteady(beyond, (k) => scaleAt(pieces, k))) return null;
  const turns = breaks.map((at) => emitTurn(onnx, x, at, width));
  const curves = powers.map(
    (factors, i) =>
    emitWeighted(onnx, factors.flatMap((factor, k) => (factor === 0 ? [] : [{ factor, x: emitPower(onnx, turns[k], i + 1) }]))), // biome-ignore format: one line
  );
  const line = emitStretches(onnx, x, beyond);
  return emitSum(onnx, x, [line, ...curves], line === null ? beyond.start : 0);
};

/** Of tⁿ in Iₙ₋₁. */
const CURVE = [1, 1, 4 / 3] as const;

/** Up to so many widths from 0 a break is told from x/w as well as from x. */
const NEAR = 12;

/** t = (z + 1)/2, held to 0 … 1. */
function emitTurn(onnx: Emitter, x: string, at: number, width: number): string {
  if (Math.abs(at) <= NEAR * width) return emitUnitLine(onnx, x, 0.5 / width, 0.5 - (0.5 * at) / width);
  return emitUnitLine(onnx, onnx.op("Sub", [x, onnx.scalar(at)]), 0.5 / width, 0.5);
}

function emitPower(onnx: Emitter, t: string, n: number): string {
  return n === 1 ? t : onnx.op("Mul", [emitPower(onnx, t, n - 1), t]);
}

/** The piece on the far left, and for every break cₙwⁿ times what Iₙ has of r. */
function stretchesBeyond({ width, breaks, smoothed, jumps }: PlainPieces): Stretches {
  const ends = breaks.map((at) => at + width);
  const [start = 0, ...rest] = about(smoothed[0], ends[0]);
  const stretches = [[0, ...rest]];
  jumps.forEach(([, c1 = 0, c2 = 0], k) => {
    const before = about(stretches[k], k === 0 ? 0 : ends[k] - ends[k - 1]);
    const added = [0, c1 + 2 * width * c2, c2];
    const size = Math.max(...[...before, ...added].map(Math.abs));
    stretches.push(added.map((c, n) => (n === 0 || Math.abs(c + (before[n] ?? 0)) < 1e-12 * size ? 0 : c + (before[n] ?? 0))));
  });
  return { ends, stretches, start };
}
