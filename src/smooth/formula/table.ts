import { fault } from "../../ir/fault.js";

const COUNTS = [16, 32, 64, 128, 256, 512];
/** What may be left out at most, of the largest coefficient. */
const LEAST = 1e-8;

/**
 * A function of many points, on from … to, as a series of Chebyshev polynomials: as few terms as leave out no more than the tolerance. A function with
 * corners, whose series does not end, is refused.
 */
export function chebyshevSeries(
  f: (points: readonly number[]) => readonly number[],
  from: number,
  to: number,
  tolerance: number,
): number[] {
  let coefficients: number[] = [];
  for (const count of COUNTS) {
    coefficients = fitted(f, from, to, count);
    const significant = lastAbove(coefficients, tolerance) + 1;
    if (significant <= count - 4) return coefficients.slice(0, Math.max(significant, 1));
  }
  if (lastAbove(coefficients, LEAST) < coefficients.length - 16) return coefficients;
  throw fault("source", "the tails of the kernel have no series that ends", {
    expected: "a density without corners inside its support",
    got: `${coefficients.length} terms that leave out ${Math.abs(coefficients[coefficients.length - 1])}`,
    fix: "export the function as ONNX",
  });
}

function lastAbove(coefficients: readonly number[], tolerance: number): number {
  const size = Math.max(...coefficients.map(Math.abs));
  return coefficients.findLastIndex((c) => Math.abs(c) > tolerance * size);
}

/** From the values at the roots of the polynomial of degree `count`. */
function fitted(f: (points: readonly number[]) => readonly number[], from: number, to: number, count: number): number[] {
  // Angles are whole multiples of a part of the circle, kept within it so that their cosines keep their digits.
  const cosine = (multiple: number): number => Math.cos((Math.PI * (multiple % (4 * count))) / (2 * count));
  const points = Array.from({ length: count }, (_, i) => (from + to) / 2 + ((to - from) / 2) * cosine(2 * i + 1));
  const values = f(points);
  return Array.from({ length: count }, (_, k) => {
    const sum = values.reduce((total, value, i) => total + value * cosine(k * (2 * i + 1)), 0);
    return ((k === 0 ? 1 : 2) / count) * sum;
  });
}
