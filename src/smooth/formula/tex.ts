import { requireConvergent, requireWidth } from "../facts/require.js";
import { kernels } from "../kernels/catalogue.js";
import type { Kernel } from "../kernels/kernel.js";
import { type KernelNumbers, kernelNumbers } from "../numeric/kernel-numbers.js";
import { changesAt, difference, exponentialPart, isPolynomial, type NumericPiece, type NumericPieces, numbersOf, polynomialOf } from "../numeric/pieces.js"; // biome-ignore format: one list
import type { FormKind } from "../numeric/smooth.js";
import type { Pieces } from "../pieces/pieces.js";
import { apartTex, callTex, factorTex, multipleTex, numberTex, polynomialTex, productTex, sumTex, type TexPart } from "./tex-parts.js"; // biome-ignore format: one list
import { casesTex, polynomialCasesTex, smoothedCases } from "./tex-pieces.js";
import { type TexRule, texRules } from "./tex-rules.js";

/** Polynomials of a higher degree, and more cases, are named rather than written out. */
const LEGIBLE = { degree: 5, cases: 7 };

/**
 * A smoothed function as TeX, in x: in closed form where the kernel has one that can be read, else by the kernel's integrals Iₙ and what
 * they are, and for pieces with exponentials by the convolution itself.
 */
export function texOf(pieces: Pieces, kernel: Kernel, width: number, form: FormKind = "mollify"): string {
  requireWidth("tex", width);
  const numeric = numbersOf(pieces);
  requireConvergent("tex", numeric, kernel, form);
  const rule: TexRule = (kernels.includes(kernel) ? texRules[kernel.name] : undefined) ?? { kind: "defined", definitions: [] };
  const numbers = kernelNumbers(kernel);
  if (rule.kind === "pieces" && isPolynomial(numeric)) {
    const cases = smoothedCases(numeric, rule.edges, width, form, numbers);
    const legible = cases.every(({ polynomial }) => polynomial.length <= LEGIBLE.degree + 1) && cases.length <= LEGIBLE.cases;
    if (legible) return polynomialCasesTex(cases);
  }
  if (form === "gate") return gatedTex(numeric, rule, kernel, width);
  if (!isPolynomial(numeric)) return `\\int f(x - ${factorTex(width, { tex: "u" })})\\,\\varphi(u)\\,du,\\quad f(x) = ${piecesTex(numeric)},\\quad \\varphi(u) = ${kernel.record.tex}`; // biome-ignore format: one line
  if (rule.kind === "decaying") return decayingTex(numeric, rule, width, numbers);
  const base = smoothedPiece(numeric.pieces[0], numbers, width);
  const changes = changesAt(numeric);
  const terms = changes.flatMap((coefficients, k) => {
    const place = placeOf(numeric.breaks[k], width);
    if (rule.kind === "closed") return rule.terms(coefficients, place);
    return coefficients.flatMap((c, n) =>
      c === 0 ? [] : [factorTex(c * width ** n, { tex: callTex(`I_${n}`, place.distance) })],
    );
  });
  const orders = rule.kind === "closed" ? [] : [0, 1, 2, 3].filter((n) => changes.some((coefficients) => (coefficients[n] ?? 0) !== 0)); // biome-ignore format: one line
  return joined(sumTex([...(base === "0" ? [] : [base]), ...terms]), orders, rule, kernel);
}

const placeOf = (a: number, width: number) => ({ at: a, apart: apartTex(a), distance: multipleTex(a, 1 / width), width });

const smoothedPiece = (piece: NumericPiece, numbers: KernelNumbers, width: number): string => {
  const polynomial = polynomialOf(piece);
  const shift = numbers.shift(polynomial, width);
  return polynomialTex(polynomial.map((c, n) => c + (shift[n] ?? 0)), { tex: "x" }).tex; // biome-ignore format: one line
};

/** A formula, and what the Iₙ in it are. */
function joined(formula: string, orders: readonly number[], rule: TexRule, kernel: Kernel): string {
  const given = orders.map((n) => `I_${n}(z) = ${definitionOf(n, rule, kernel)}`);
  const density = given.some((text) => text.includes("\\int")) ? [`\\varphi(u) = ${kernel.record.tex}`] : [];
  // Antiderivatives that a closed form calls by name, for sums in which they cancel.
  const named = [2, 3]
    .filter((n) => rule.kind === "closed" && formula.includes(`I_${n}`))
    .map((n) => `I_${n}' = ${n} I_${n - 1}`);
  return [formula, ...given, ...density, ...named].join(",\\quad ");
}

function definitionOf(n: number, rule: TexRule, kernel: Kernel): string {
  const { radius, variance } = kernel.record;
  const closed = rule.kind === "defined" ? rule.definitions[n] : undefined;
  if (!closed) {
    const power = n === 0 ? "" : n === 1 ? "(z - u)\\," : `(z - u)^${n}\\,`;
    return `\\int_{-\\infty}^z ${power}\\varphi(u)\\,du`;
  }
  if (!Number.isFinite(radius)) return closed;
  const beyond = ["1", "z", `z^2 + ${numberTex(variance)}`, `z^3 + ${numberTex(3 * variance)} z`][n];
  const cases = [
    `0 & z \\le ${numberTex(-radius)}`,
    `${closed} & |z| < ${numberTex(radius)}`,
    `${beyond} & z \\ge ${numberTex(radius)}`,
  ];
  return `\\begin{cases} ${cases.join(" \\\\ ")} \\end{cases}`;
}

/** The pieces themselves, and what dies out beside their breaks. */
function decayingTex(
  numeric: NumericPieces,
  rule: TexRule & { kind: "decaying" },
  width: number,
  numbers: KernelNumbers,
): string {
  const changes = changesAt(numeric);
  const terms = changes.flatMap((coefficients, k) => rule.terms(coefficients, placeOf(numeric.breaks[k], width)));
  const [kink] = changes;
  if (changes.length === 1 && kink.length === 2 && kink[0] === 0) {
    const base = smoothedPiece(numeric.pieces[0], numbers, width);
    const ramp = factorTex(kink[1], { tex: `\\max(${apartTex(numeric.breaks[0]).tex}, 0)` });
    return sumTex([...(base === "0" ? [] : [base]), ramp, ...terms]);
  }
  const cases = numeric.pieces.map((piece, k) => ({
    tex: smoothedPiece(piece, numbers, width),
    to: numeric.breaks[k] ?? Infinity,
  }));
  return sumTex([casesTex(cases), ...terms]);
}

/** p₀(x) + Σ Δₖ(x)·I₀(zₖ). */
function gatedTex(numeric: NumericPieces, rule: TexRule, kernel: Kernel, width: number): string {
  const gates = numeric.breaks.map((a, k) => {
    const change = pieceTex(difference(numeric.pieces[k + 1], numeric.pieces[k]));
    const place = placeOf(a, width);
    if (rule.kind !== "closed") return productTex(change, { tex: callTex("I_0", place.distance) });
    const tex = sumTex(rule.terms([1], place));
    const [, number, rest] = /^(\\tfrac\{\d+\}\{[^}]+\}) ?([^+-]*\\left\(.*)$/.exec(tex) ?? [];
    if (number !== undefined) return `${number} ${productTex(change, { tex: rest })}`;
    return productTex(change, { tex, sum: / [+-] /.test(tex.replace(/\\left\(.*\\right\)/, "")) });
  });
  const base = pieceTex(numeric.pieces[0]).tex;
  const formula = sumTex([...(base === "0" ? [] : [base]), ...gates]);
  if (rule.kind === "decaying")
    return `${formula},\\quad I_0(z) = \\tfrac{1}{2} + \\tfrac{1}{2} \\operatorname{sign}(z)\\left(1 - e^{-|z|}\\right)`;
  return joined(formula, rule.kind === "closed" || gates.length === 0 ? [] : [0], rule, kernel);
}

/** The sharp function. */
const piecesTex = ({ breaks, pieces }: NumericPieces): string =>
  casesTex(pieces.map((piece, k) => ({ tex: pieceTex(piece).tex, to: breaks[k] ?? Infinity })));

function pieceTex(piece: NumericPiece): TexPart {
  const polynomial = polynomialTex(polynomialOf(piece), { tex: "x" });
  const exponentials = exponentialPart(piece).map(({ coefficient, power, rate }) => {
    const powers = power === 0 ? "" : power === 1 ? "x\\," : `x^${power}\\,`;
    return factorTex(coefficient, { tex: `${powers}e^{${factorTex(rate ?? 0, { tex: "x" })}}` });
  });
  if (exponentials.length === 0) return polynomial;
  const terms = [...exponentials, ...(polynomial.tex === "0" ? [] : [polynomial.tex])];
  return { tex: sumTex(terms), sum: terms.length > 1 };
}
