import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { asTensor } from "../ops/create.js";
import { exp, neg, type TensorLike } from "../ops/index.js";
import type { Break } from "./breaks.js";
import type { Kernel } from "./kernels/kernel.js";
import { taylor } from "./pieces/piece.js";
import type { Pieces, Term } from "./pieces/pieces.js";
import { mulScalars, negScalar, type Scalar, scalar } from "./pieces/scalar.js";
import { scaled, times, total, widthPower } from "./sum.js";

/** A term on the half-line that ends at a break. */
interface Ending {
  readonly side: "left" | "right";
  readonly term: Term;
  readonly stop: Break;
}

/**
 * The part of a convolution that comes from terms c·xᵖ·e^(λx). Each is cut into half-lines that end at a break, on the side on which
 * it dies out where there is a choice: c·(x − a)ᵐ e^(λ(x − a)) left of a becomes c·wᵐ·Lₘ((x − a)/w, λw), and right of a the same
 * of the mirrored line. Null when there are none.
 */
export function convolveExponentials(
  { pieces }: Pieces,
  breaks: readonly Break[],
  kernel: Kernel,
  origin: Break,
  width: TensorLike,
): Tensor | null {
  const endings = pieces.flatMap((piece, k) => {
    const growing = piece.filter(({ rate }) => rate !== null);
    return growing.flatMap((term) => endingsOf(term, breaks[k - 1] ?? null, breaks[k] ?? null, origin));
  });
  return total(endings.map((ending) => smoothedEnding(ending, kernel, width)));
}

/** The half-lines that make up a term between two breaks, of which either may be missing. */
function endingsOf(term: Term, low: Break | null, high: Break | null, origin: Break): Ending[] {
  const negative = { ...term, coefficient: negScalar(term.coefficient) };
  if (low === null && high === null) return [{ side: "left", term, stop: origin }, { side: "right", term, stop: origin }]; // biome-ignore format: one line
  const onLeft = high !== null && (low === null || (term.rate as Scalar).at > 0);
  const side = onLeft ? "left" : "right";
  const [first, second] = onLeft ? [high, low] : [low as Break, high];
  return [{ side, term, stop: first }, ...(second === null ? [] : [{ side, term: negative, stop: second } as const])];
}

function smoothedEnding({ side, term, stop }: Ending, kernel: Kernel, width: TensorLike): Tensor | null {
  const { tilted } = kernel.record;
  if (tilted === undefined || !kernel.even) {
    throw fault(`mollify (${kernel.name})`, "a piece with an exponential has no closed form under this kernel", {
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
