import { fault } from "../../ir/fault.js";
import type { TensorLike } from "../../ops/create.js";
import { type Kernel, ORDERS } from "../kernels/kernel.js";
import { isPolynomial, type NumericPieces, polynomialOf } from "../numeric/pieces.js";
import type { FormKind } from "../numeric/smooth.js";
import { Divergence } from "../refusals.js";

/** The width as it came, if it is a learned one or a positive, finite number. */
export function requireWidth<W extends TensorLike>(where: string, width: W): W {
  if (typeof width !== "number" || (width > 0 && width < Infinity)) return width;
  throw fault(where, "the width must be positive", {
    expected: "a finite number above 0",
    got: String(width),
    fix: "harden() is the width of 0",
  });
}

/** Pieces of a degree for which kernels have integrals, and that grow no faster at their ends than the kernel's tails allow. */
export function requireConvergent(where: string, pieces: NumericPieces, kernel: Kernel, form: FormKind): void {
  const degrees = pieces.pieces.map((piece) => polynomialOf(piece).length - 1);
  const degree = Math.max(...degrees);
  if (degree >= ORDERS.length) {
    throw fault(where, "a piece is of too high a degree", {
      expected: `degree ${ORDERS.length - 1} at most`,
      got: `degree ${degree}`,
    });
  }
  const ends = Math.max(degrees[0], degrees[degrees.length - 1]);
  if (form === "gate" || Math.max(ends, 0) < kernel.record.momentsBelow) return;
  throw new Divergence(where, "the convolution diverges: the function outgrows the tails of the kernel", {
    expected: `a function that grows more slowly than |x|^${kernel.record.momentsBelow}`,
    got: `a function that grows like |x|^${ends}${isPolynomial(pieces) ? "" : " or an exponential"}, and the ${kernel.title} kernel`,
    fix: "take a kernel with lighter tails (gaussian, logistic, t5), a bounded function, or gate",
  });
}
