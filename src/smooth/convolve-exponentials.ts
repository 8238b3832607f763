import type { Tensor } from "../ir/tensor.js";
import { asTensor } from "../ops/create.js";
import { exp, neg, type TensorLike } from "../ops/index.js";
import { type Break, polynomialPart } from "./breaks.js";
import type { Kernel } from "./kernels/kernel.js";
import { addPiece, constantPiece, taylor, valueAt } from "./pieces/piece.js";
import type { Piece, Pieces, Term } from "./pieces/pieces.js";
import { addScalars, mulScalars, negScalar, type Scalar, scalar } from "./pieces/scalar.js";
import { NoClosedForm } from "./refusals.js";
import { scaled, times, total, widthPower } from "./sum.js";

/** A term on the half-line that ends at a break. */
interface Ending {
  readonly side: "left" | "right";
  readonly term: Term;
  readonly stop: Break;
  /** Whether its value at the break is taken off it: e^x − 1. */
  readonly excess: boolean;
}

/**
 * The part of a convolution that comes from terms c·xᵖ·e^(λx). Each is cut into half-lines that end at a break, on the side on which
 * it dies out where there is a choice: c·(x − a)ᵐ e^(λ(x − a)) left of a becomes c·wᵐ·Lₘ((x − a)/w, λw), and right of a the same
 * of the mirrored line. Null when there are none. `anchored`: by {@link anchorExponentials}.
 */
export function convolveExponentials(
  { pieces }: Pieces,
  breaks: readonly Break[],
  kernel: Kernel,
  origin: Break,
  width: TensorLike,
  anchored: ReadonlySet<Term>,
): Tensor | null {
  const endings = pieces.flatMap((piece, k) => {
    const growing = piece.filter(({ rate }) => rate !== null);
    return growing.flatMap((term) => endingsOf(term, breaks[k - 1] ?? null, breaks[k] ?? null, origin, anchored.has(term)));
  });
  return total(endings.map((ending) => smoothedEnding(ending, kernel, width)));
}

/** Polynomials beside which exponentials are convolved, and the exponentials of which a part is among them. */
export interface Anchored {
  readonly polynomials: readonly Piece[];
  readonly terms: ReadonlySet<Term>;
}

/**
 * Where an outer piece is e^x − 1, or nearly so, the 1 goes with the exponential: what both become after convolution is as small
 * as the width, and their difference would be as wrong as they are. Where it would leave a larger constant, as with e^x alone,
 * nothing is done: the sum would lose the exponential's tail.
 */
export function anchorExponentials({ breaks, pieces }: Pieces, kernel: Kernel): Anchored {
  const polynomials = pieces.map(polynomialPart);
  const terms = new Set<Term>();
  if (kernel.record.tiltedExcess === undefined || breaks.length === 0) return { polynomials, terms };
  const last = pieces.length - 1;
  for (const [k, at, direction] of [
    [0, breaks[0], 1],
    [last, breaks[last - 1], -1],
  ] as const) {
    const dying = pieces[k].filter(({ rate, power }) => rate !== null && power === 0 && rate.at * direction > 0);
    const heights = dying.map(({ coefficient, rate }) => mulScalars(coefficient, exponentialAt(mulScalars(rate as Scalar, at))));
    const height = heights.reduce(addScalars, scalar(0));
    const constant = valueAt(polynomials[k], at.at);
    if (Math.abs(constant + height.at) >= Math.abs(constant)) continue;
    for (const term of dying) terms.add(term);
    polynomials[k] = addPiece(polynomials[k], constantPiece(height));
  }
  return { polynomials, terms };
}

/** The half-lines that make up a term between two breaks, of which either may be missing. */
function endingsOf(term: Term, low: Break | null, high: Break | null, origin: Break, excess: boolean): Ending[] {
  const negative = { ...term, coefficient: negScalar(term.coefficient) };
  if (low === null && high === null) return (["left", "right"] as const).map((side) => ({ side, term, stop: origin, excess }));
  const onLeft = high !== null && (low === null || (term.rate as Scalar).at > 0);
  const side = onLeft ? "left" : "right";
  const [first, second] = onLeft ? [high, low] : [low as Break, high];
  return [{ side, term, stop: first, excess }, ...(second === null ? [] : [{ side, term: negative, stop: second, excess } as const])]; // biome-ignore format: one line
}

function smoothedEnding({ side, term, stop, excess }: Ending, kernel: Kernel, width: TensorLike): Tensor | null {
  const tilted = excess ? kernel.record.tiltedExcess : kernel.record.tilted;
  if (tilted === undefined || !kernel.even) {
    throw new NoClosedForm(`mollify (${kernel.name})`, "a piece with an exponential has no closed form under this kernel", {
      fix: 'smooth it by quadrature: { method: "quadrature" }',
    });
  }
  const rate = term.rate as Scalar;
  const height = exponentialAt(mulScalars(rate, stop.at));
  const coefficients = taylor([{ ...term, rate: null }], stop.at).map((value) => mulScalars(value, height));
  const direction = side === "left" ? 1 : -1;
  const steepness = asTensor(times(mulScalars(rate, scalar(direction)), width));
  const z = side === "left" ? stop.z : neg(stop.z);
  return total(
    coefficients.map((factor, m) =>
      factor.graph === 0
        ? null
        : scaled(times(mulScalars(factor, scalar(direction ** m)), widthPower(width, m)), tilted(m, z, steepness)),
    ),
  );
}

const exponentialAt = ({ at, graph }: Scalar): Scalar =>
  typeof graph === "number" ? scalar(Math.exp(at)) : scalar(Math.exp(at), exp(graph));
