import { choose } from "../numeric/choose.js";
import { bracketed, callTex, factorTex, multipleTex, numberTex, polynomialTex, productTex, type TexPart } from "./tex-parts.js";

/** Where a break is: a itself, x − a, (x − a)/w, and the width. */
export interface TexPlace {
  readonly at: number;
  readonly apart: TexPart;
  readonly distance: TexPart;
  readonly width: number;
}

/**
 * How a kernel's truncated powers are written. `sum`: Σ cₙwⁿIₙ(z) at a break in closed form, as terms. `density`: by powers of the way inside
 * an edge, from which pieces follow. `definitions`: Iₙ(z) explained beside a formula that calls them by that name.
 */
export type TexRule =
  | { readonly kind: "closed"; readonly terms: (coefficients: readonly number[], place: TexPlace) => string[] }
  | { readonly kind: "decaying"; readonly terms: (coefficients: readonly number[], place: TexPlace) => string[] }
  | { readonly kind: "pieces"; readonly edges: readonly TexEdge[] }
  | { readonly kind: "defined"; readonly definitions: readonly (string | null)[] };

/** A density that is Σ cₚtᵖ left of 0, t the way inside the edge. */
export interface TexEdge {
  readonly at: number;
  readonly powers: Readonly<Record<number, number>>;
}

/** Terms order by order: cₙwⁿ before Iₙ(z), which may be a number over a symbol times a part. */
const each =
  (parts: readonly ((place: TexPlace) => TexPart & { readonly factor?: number; readonly over?: string })[]) =>
  (coefficients: readonly number[], place: TexPlace): string[] =>
    coefficients.flatMap((c, n) => {
      if (c === 0) return [];
      const { factor = 1, over, ...part } = parts[n](place);
      const scale = c * place.width ** n * factor;
      if (over === undefined) return [factorTex(scale, part)];
      return [`${scale < 0 ? "-" : ""}\\tfrac{${numberTex(Math.abs(scale))}}{${over}} ${part.tex}`];
    });

/** The Gaussian kernel: A(t)·Φ(t/w) + B(t)·φ(t/w), t = x − a. */
function gaussianTerms(coefficients: readonly number[], { apart, distance, width }: TexPlace): string[] {
  const step: number[] = [];
  const bell: number[] = [];
  const add = (to: number[], power: number, value: number): void => {
    to[power] = (to[power] ?? 0) + value;
  };
  coefficients.forEach((c, n) => {
    // The powers of t in wⁿIₙ: moments of the normal law before Φ, and what their recursion leaves before φ.
    const parts = GAUSSIAN[n];
    for (const [power, factor] of parts.step) add(step, power, c * factor * width ** (n - power));
    for (const [power, factor] of parts.bell) add(bell, power, c * factor * width ** (n - power));
  });
  const filled = (values: number[]): number[] => Array.from(values, (value) => value ?? 0);
  return [
    [filled(step), String.raw`\Phi`],
    [filled(bell), String.raw`\varphi`],
  ].flatMap(([values, name]) => {
    const polynomial = values as number[];
    if (polynomial.every((value) => value === 0)) return [];
    return [productTex(polynomialTex(polynomial, apart), { tex: callTex(name as string, distance) })];
  });
}

const GAUSSIAN: readonly { step: readonly (readonly [number, number])[]; bell: readonly (readonly [number, number])[] }[] = [
  { step: [[0, 1]], bell: [] },
  { step: [[1, 1]], bell: [[0, 1]] },
  { step: [[2, 1], [0, 1]], bell: [[1, 1]] },
  { step: [[3, 1], [1, 3]], bell: [[2, 1], [0, 2]] },
]; // biome-ignore format: a table

const exponential = ({ tex }: TexPart): string => `e^{${tex.replace("\\tfrac", "\\frac")}}`;

/** The kernel ½(1 + u²)^(−3/2): ½(t + √(t² + w²)). Orders above 1 have no name. */
function algebraicTerms(coefficients: readonly number[], { apart, distance, width }: TexPlace): string[] {
  const squared = (part: TexPart): string => (part.sum ? `${bracketed(part.tex)}^2` : /^[a-z]$/.test(part.tex) ? `${part.tex}^2` : `${bracketed(part.tex)}^2`); // biome-ignore format: one line
  return coefficients.flatMap((c, n) => {
    if (c === 0) return [];
    if (n === 0) return [factorTex(c / 2, { tex: `1 + \\frac{${distance.tex}}{\\sqrt{1 + ${squared(distance)}}}`, sum: true })];
    if (n > 1) return [factorTex(c * width ** n, { tex: callTex(`I_${n}`, distance) })];
    return [factorTex(c / 2, { tex: `${apart.tex} + \\sqrt{${squared(apart)} + ${numberTex(width ** 2)}}`, sum: true })];
  });
}

const angle = (z: TexPart): string => String.raw`\tfrac{1}{2} + \tfrac{1}{\pi} \arctan${z.tex.length > 1 ? bracketed(z.tex) : ` ${z.tex}`}`; // biome-ignore format: one line
/** e^(πz/2), of which the kernel with the hyperbolic secant is made. */
const quarterTurn = ({ at, width }: TexPlace): string => exponential(multipleTex(at, 1 / (2 * width), String.raw`\pi`));
const wave =
  (n: number, factor: number, over: string) =>
  (place: TexPlace): TexPart & { factor: number; over: string } => ({ tex: `\\operatorname{Ti}_${n}${bracketed(quarterTurn(place))}`, factor, over }); // biome-ignore format: one line

/** What a Laplace kernel adds: exponentials of the distance, those of even orders with the sign of x − a. */
function laplaceTerms(coefficients: readonly number[], { at, apart, width }: TexPlace): string[] {
  const scaled = coefficients.map((c, n) => c * width ** n * [-0.5, 0.5, -1, 3][n]);
  const [even, odd] = [0, 1].map((parity) => scaled.reduce((sum, c, n) => (n % 2 === parity ? sum + c : sum), 0));
  const rate = Math.round(1 / width);
  const size = `|${apart.tex}|`;
  const far = Math.abs(rate * width - 1) < 1e-14 ? factorTex(-rate, { tex: size }) : `-${size}/${numberTex(width)}`;
  const decay = { tex: `e^{${far}}` };
  const sign = { tex: at === 0 ? String.raw`\operatorname{sign}(x)` : `\\operatorname{sign}${bracketed(apart.tex)}` };
  if (even === 0 || odd === 0) return even === 0 && odd === 0 ? [] : [even === 0 ? factorTex(odd, decay) : factorTex(even, { tex: `${sign.tex}\\,${decay.tex}` })]; // biome-ignore format: one line
  const both = `${factorTex(even, sign)} ${odd < 0 ? "-" : "+"} ${numberTex(Math.abs(odd))}`;
  return [`${bracketed(both)} ${decay.tex}`];
}

const A = String.raw`\tfrac{1}{2} + \tfrac{1}{\pi} \arctan z`;

/** How each kernel is written; kernels that are not here are defined by their density. */
export const texRules: Readonly<Record<string, TexRule>> = {
  gaussian: { kind: "closed", terms: gaussianTerms },
  logistic: {
    kind: "closed",
    terms: each([
      ({ distance }) => ({ tex: callTex(String.raw`\sigma`, distance) }),
      ({ distance }) => ({ tex: `\\log${bracketed(`1 + ${exponential(distance)}`)}` }),
      ({ distance }) => ({ tex: `\\operatorname{Li}_2${bracketed(`-${exponential(distance)}`)}`, factor: -2 }),
      ({ distance }) => ({ tex: `\\operatorname{Li}_3${bracketed(`-${exponential(distance)}`)}`, factor: -6 }),
    ]),
  },
  algebraic: { kind: "closed", terms: algebraicTerms },
  cauchy: {
    kind: "closed",
    terms: each([
      ({ distance }) => ({ tex: angle(distance), sum: true }),
      ({ distance: z }) => ({ tex: `${z.sum ? bracketed(z.tex) : z.tex}${bracketed(angle(z))} - \\tfrac{1}{2\\pi} \\log${bracketed(`1 + ${/^\w$/.test(z.tex) ? z.tex : bracketed(z.tex)}^2`)}`, sum: true }), // biome-ignore format: one line
      ({ distance }) => ({ tex: callTex("I_2", distance) }),
      ({ distance }) => ({ tex: callTex("I_3", distance) }),
    ]),
  },
  hyperbolicSecant: {
    kind: "closed",
    terms: each([
      (place) => ({ tex: `\\arctan${bracketed(quarterTurn(place))}`, factor: 2, over: String.raw`\pi` }),
      wave(2, 4, String.raw`\pi^2`),
      wave(3, 16, String.raw`\pi^3`),
      wave(4, 96, String.raw`\pi^4`),
    ]),
  },
  laplace: { kind: "decaying", terms: laplaceTerms },
  box: { kind: "pieces", edges: [{ at: 1, powers: { 0: 1 / 2 } }] },
  triangular: { kind: "pieces", edges: [{ at: 1, powers: { 1: 1 } }] },
  epanechnikov: { kind: "pieces", edges: [{ at: 1, powers: { 1: 3 / 2, 2: -3 / 4 } }] },
  cubicSpline: {
    kind: "pieces",
    edges: [
      { at: 2, powers: { 3: 1 / 6 } },
      { at: 1, powers: { 3: -4 / 6 } },
    ],
  },
  biweight: { kind: "pieces", edges: [{ at: 1, powers: { 2: 15 / 4, 3: -15 / 4, 4: 15 / 16 } }] },
  triweight: { kind: "pieces", edges: [{ at: 1, powers: { 3: 35 / 4, 4: -105 / 8, 5: 105 / 16, 6: -35 / 32 } }] },
  t3: {
    kind: "defined",
    definitions: [
      String.raw`${A} + \tfrac{z}{\pi(1 + z^2)}`,
      String.raw`z\left(${A}\right) + \tfrac{1}{\pi}`,
      String.raw`(z^2 + 1)\left(${A}\right) + \tfrac{z}{\pi}`,
      null,
    ],
  },
  t5: {
    kind: "defined",
    definitions: [
      String.raw`${A} + \tfrac{z}{\pi(1 + z^2)} + \tfrac{2z}{3\pi(1 + z^2)^2}`,
      String.raw`z\left(${A} + \tfrac{z}{\pi(1 + z^2)} + \tfrac{2z}{3\pi(1 + z^2)^2}\right) + \tfrac{2}{3\pi(1 + z^2)^2}`,
      null,
      null,
    ],
  },
  cosine: {
    kind: "defined",
    definitions: [
      String.raw`\tfrac{1}{2}\left(1 + \sin\tfrac{\pi z}{2}\right)`,
      String.raw`\tfrac{1}{2}(1 + z) - \tfrac{1}{\pi} \cos\tfrac{\pi z}{2}`,
      String.raw`\tfrac{1}{2}(1 + z)^2 - \tfrac{4}{\pi^2}\left(1 + \sin\tfrac{\pi z}{2}\right)`,
      String.raw`\tfrac{1}{2}(1 + z)^3 - \tfrac{12}{\pi^2}(1 + z) + \tfrac{24}{\pi^3} \cos\tfrac{\pi z}{2}`,
    ],
  },
  raisedCosine: {
    kind: "defined",
    definitions: [
      String.raw`\tfrac{1}{2}\left(1 + z + \tfrac{1}{\pi} \sin(\pi z)\right)`,
      String.raw`\tfrac{1}{4}(1 + z)^2 - \tfrac{1}{2\pi^2}\left(1 + \cos(\pi z)\right)`,
      String.raw`\tfrac{1}{6}(1 + z)^3 - \tfrac{1}{\pi^2}(1 + z) - \tfrac{1}{\pi^3} \sin(\pi z)`,
      String.raw`\tfrac{1}{8}(1 + z)^4 - \tfrac{3}{2\pi^2}(1 + z)^2 + \tfrac{3}{\pi^4}\left(1 + \cos(\pi z)\right)`,
    ],
  },
};

/** Coefficients of 1, z, z², … of Iₙ(z) for z between −at and 0 of every edge that is inside: as polynomials by knot. */
export function integralPolynomial(edge: TexEdge, order: number): number[] {
  const result: number[] = [];
  for (const [p, c] of Object.entries(edge.powers)) {
    const power = Number(p) + order + 1;
    let factor = c / power;
    for (let i = 1; i <= order; i++) factor *= i / (Number(p) + i);
    // (at + z)^power by the binomial theorem.
    for (let j = 0; j <= power; j++) result[j] = (result[j] ?? 0) + factor * choose(power, j) * edge.at ** (power - j);
  }
  return Array.from(result, (value) => value ?? 0);
}
