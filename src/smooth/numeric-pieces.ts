import type { TensorLike } from "../ops/index.js";
import { polynomialDifferences } from "./breaks.js";
import type { Kernel } from "./kernels/kernel.js";
import type { PlainPieces } from "./kernels/pieces-operation.js";
import { about } from "./numeric/pieces.js";
import type { Piece, Pieces } from "./pieces/pieces.js";

/** The pieces in plain numbers, for the kernel's own operation; null when something is learned or exponential. */
export function numericPieces({ breaks, pieces }: Pieces, kernel: Kernel, width: TensorLike): PlainPieces | null {
  if (typeof width !== "number" || breaks.some(({ graph }) => typeof graph !== "number")) return null;
  const terms = pieces.flat();
  if (terms.some(({ coefficient, rate }) => rate !== null || typeof coefficient.graph !== "number")) return null;
  return {
    width,
    breaks: breaks.map(({ at }) => at),
    smoothed: pieces.map((piece) => shifted(coefficientsOf(piece), kernel, width)),
    jumps: breaks.map((at, k) => polynomialDifferences(pieces[k], pieces[k + 1], at).map((value) => value.at)),
    order: 0,
  };
}

function coefficientsOf(piece: Piece): number[] {
  const coefficients = Array<number>(Math.max(0, ...piece.map(({ power }) => power + 1))).fill(0);
  for (const { coefficient, power } of piece) coefficients[power] += coefficient.at;
  return coefficients;
}

/** E p(x − wU): (x − wμ)ⁿ, and what the central moments add from n = 2 on. Moments that diverge count 0, as the tails have it. */
function shifted(coefficients: readonly number[], kernel: Kernel, width: number): number[] {
  const { mean } = kernel;
  const { variance, thirdMoment = 0, momentsBelow } = kernel.record;
  const spread = momentsBelow > 2 ? variance * width ** 2 : 0;
  const skew = momentsBelow > 3 ? thirdMoment * width ** 3 : 0;
  const [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = coefficients;
  const centred = [c0 + c2 * spread - c3 * skew, c1 + 3 * c3 * spread, c2, c3].slice(0, coefficients.length);
  return mean === 0 ? centred : about(centred, -mean * width);
}
