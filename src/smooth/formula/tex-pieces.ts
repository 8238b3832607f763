import type { KernelNumbers } from "../numeric/kernel-numbers.js";
import { about, changesAt, difference, type NumericPieces, polynomialOf } from "../numeric/pieces.js";
import type { FormKind } from "../numeric/smooth.js";
import { numberTex, polynomialTex } from "./tex-parts.js";
import { integralPolynomial, type TexEdge } from "./tex-rules.js";

/** A polynomial up to a point; the last one has no end. */
export interface PolynomialCase {
  readonly polynomial: readonly number[];
  readonly to: number;
}

/** A function smoothed with a kernel that is itself made of polynomials: polynomials between more breaks. */
export function smoothedCases(
  pieces: NumericPieces,
  edges: readonly TexEdge[],
  width: number,
  form: FormKind,
  numbers: KernelNumbers,
): PolynomialCase[] {
  const { breaks } = pieces;
  const knots = [...new Set(edges.flatMap(({ at }) => [-at, at]))];
  const inner = edges.length > 1 || Object.keys(edges[0].powers).some((p) => Number(p) % 2 === 1) ? [...knots, 0] : knots;
  const ends = distinct(
    breaks.flatMap((a) => inner.map((knot) => a + knot * width)).sort((a, b) => a - b),
    width,
  );
  const changes = changesAt(pieces);
  const first = polynomialOf(pieces.pieces[0]);
  const base = form === "gate" ? first : added(first, numbers.shift(first, width));
  const cases = [...ends, Infinity].map((to, i): PolynomialCase => {
    const from = i === 0 ? -Infinity : ends[i - 1];
    const middle = from === -Infinity ? to - width : to === Infinity ? from + width : (from + to) / 2;
    const sum = breaks.reduce((total, a, k) => {
      const z = (middle - a) / width;
      const power = (n: number): number[] => inX(integralAt(edges, n, z, numbers), a, width);
      if (form === "gate") return added(total, times(polynomialOf(difference(pieces.pieces[k + 1], pieces.pieces[k])), power(0)));
      return changes[k].reduce((all, c, n) => added(all, power(n).map((value) => value * c * width ** n)), total); // biome-ignore format: one line
    }, base);
    return { polynomial: tidied(sum, Math.abs(middle) + width), to };
  });
  return cases.filter(({ polynomial }, i) => i === cases.length - 1 || String(polynomial) !== String(cases[i + 1].polynomial));
}

/** Iₙ as a polynomial in z, where z lies. */
function integralAt(edges: readonly TexEdge[], n: number, z: number, numbers: KernelNumbers): number[] {
  const left = (at: number): number[] =>
    edges.filter((edge) => at > -edge.at).reduce<number[]>((sum, edge) => added(sum, integralPolynomial(edge, n)), []);
  if (z <= 0) return left(z);
  const power = Array.from({ length: n + 1 }, (_, k) => (k === n ? 1 : 0));
  const mean = added(power, numbers.shift(power, 1));
  // Iₙ(z) = Mₙ(z) − (−1)ⁿ Iₙ(−z).
  return added(
    mean,
    left(-z).map((c, k) => ((n + k) % 2 === 0 ? -c : c)),
  );
}

/** A polynomial in z = (x − a)/w as one in x. */
const inX = (polynomial: readonly number[], a: number, width: number): number[] =>
  about(polynomial.map((c, n) => c / width ** n), -a); // biome-ignore format: one line

const added = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, n) => (a[n] ?? 0) + (b[n] ?? 0));

function times(a: readonly number[], b: readonly number[]): number[] {
  const result = Array<number>(Math.max(0, a.length + b.length - 1)).fill(0);
  a.forEach((x, i) => b.forEach((y, j) => (result[i + j] += x * y)));
  return result;
}

/** Without the coefficients that are rounding, at the size of x where the polynomial holds. */
function tidied(polynomial: readonly number[], reach: number): number[] {
  const size = Math.max(...polynomial.map((c, n) => Math.abs(c) * reach ** n), 1e-300);
  const kept = polynomial.map((c, n) => (Math.abs(c) * reach ** n < 1e-11 * size ? 0 : Number(c.toPrecision(13))));
  return kept.slice(0, kept.findLastIndex((c) => c !== 0) + 1);
}

const distinct = (ends: readonly number[], width: number): number[] =>
  ends.filter((end, i) => i === 0 || end - ends[i - 1] > 1e-12 * width);

/** Cases of x; a single one stands without a brace. */
export function casesTex(cases: readonly { readonly tex: string; readonly to: number }[]): string {
  if (cases.length === 1) return cases[0].tex;
  const rows = cases.map(({ tex, to }, i) => {
    const condition = i === cases.length - 1 ? `x > ${numberTex(cases[i - 1].to)}` : `x \\le ${numberTex(to)}`;
    return `${tex} & ${condition}`;
  });
  return `\\begin{cases} ${rows.join(" \\\\ ")} \\end{cases}`;
}

export const polynomialCasesTex = (cases: readonly PolynomialCase[]): string =>
  casesTex(cases.map(({ polynomial, to }) => ({ tex: polynomialTex(polynomial, { tex: "x" }).tex, to })));
