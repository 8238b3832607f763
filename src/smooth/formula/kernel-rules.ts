import { kernels } from "../kernels/catalogue.js";
import { scaledMoment } from "../kernels/gaussian-moments.js";
import type { Kernel } from "../kernels/kernel.js";
import { T3, T5 } from "../kernels/student-coefficients.js";
import { hornerExpression, type Language } from "./language.js";
import { chebyshevSeries } from "./table.js";

/** How a tail Iₙ(−d), d ≥ 0, is computed: named values, and the result, in the notation of `write`. */
export interface TailRule {
  readonly lines: readonly (readonly [name: string, value: string])[];
  readonly result: string;
  /** A series that the lines call, as `table…(y)`. */
  readonly table?: readonly number[];
}

/** The tail of an order in a language; `table` is the name under which a series would be called. */
type Rule = (order: number, language: Language, table: string) => TailRule;

const plain = (result: string, ...lines: TailRule["lines"]): TailRule => ({ lines, result });

/** One of four results by the order, after common lines. */
const byOrder =
  (results: readonly string[], ...lines: TailRule["lines"]): Rule =>
  (order) => ({ lines: lines.filter(([name]) => uses(results[order], name, lines)), result: results[order] });

/** Whether a result reads a line, by itself or through another one. */
function uses(text: string, name: string, lines: TailRule["lines"]): boolean {
  if (new RegExp(`\\b${name}\\b`).test(text)) return true;
  return lines.some(([other, value]) => other !== name && new RegExp(`\\b${name}\\b`).test(value) && new RegExp(`\\b${other}\\b`).test(text)); // biome-ignore format: one line
}

/** A density that is, left of 0, a sum of powers of the way t inside an edge: cₚtᵖ becomes n! p!/(p + n + 1)! cₚ tᵖ⁺ⁿ⁺¹. */
const edges =
  (...all: readonly { readonly at: number; readonly powers: Readonly<Record<number, number>> }[]): Rule =>
  (order) => {
    const names = all.map((_, i) => (all.length === 1 ? "t" : `t${i}`));
    const terms = all.map(({ powers }, i) => {
      const own = Object.entries(powers).map(([p, c]) => [Number(p), c] as const);
      const lead = Math.min(...own.map(([p]) => p)) + order + 1;
      const coefficients: number[] = [];
      for (const [p, c] of own) coefficients[p + order + 1 - lead] = integrated(p, order) * c;
      const sum = hornerExpression(Array.from(coefficients, (c) => c ?? 0), names[i]); // biome-ignore format: one line
      const power = Array<string>(lead).fill(names[i]).join(" * ");
      return sum === "1" ? power : `${power} * ${/[ ]/.test(sum) || sum.startsWith("-") ? `(${sum})` : sum}`;
    });
    return plain(terms.join(" + "), ...all.map(({ at }, i) => [names[i], `positive(${at} - d)`] as const));
  };

/** n! p!/(p + n + 1)! */
function integrated(p: number, n: number): number {
  let factor = 1 / (p + n + 1);
  for (let i = 1; i <= n; i++) factor *= i / (p + i);
  return factor;
}

/** A factor times a series in a variable that runs from 0 to 1. */
function series(variable: string, factor: string, f: (share: number) => number, language: Language, table: string): TailRule {
  const coefficients = chebyshevSeries((shares) => shares.map(f), 0, 1, language.single ? 1e-8 : 2e-15);
  return { lines: [["s", variable]], result: `${factor} * ${table}(2 * s - 1)`, table: coefficients };
}

const gaussian: Rule = (order, language, table) => {
  const bell = ["bell", `${1 / Math.sqrt(2 * Math.PI)} * exp(-0.5 * d * d)`] as const;
  if (!language.erfc) {
    // Iₙ(−d) is the density times what falls as a power of s = 4/(4 + d).
    const power = Array<string>(order + 1)
      .fill("s")
      .join(" * ");
    const scaled = (s: number): number => scaledMoment(order, 4 / s - 4) / s ** (order + 1);
    const made = series("4 / (4 + d)", `bell * ${power}`, scaled, language, table);
    return { ...made, lines: [bell, ...made.lines] };
  }
  const tail = ["tail", `0.5 * erfc(${Math.SQRT1_2} * d)`] as const;
  const results = ["tail", "bell - d * tail", "(d * d + 1) * tail - d * bell", "(d * d + 2) * bell - d * (d * d + 3) * tail"];
  return plain(results[order], ...(order === 0 ? [tail] : [bell, tail]));
};

const logistic: Rule = (order, language, table) => {
  if (order === 0) return plain("u / (1 + u)", ["u", "exp(-d)"]);
  if (order === 1) return plain("log1p(exp(-d))");
  // A polylogarithm, by what it is over its argument.
  return series("exp(-d)", "s", (s) => polylogarithm(order, s) * (order === 2 ? 2 : 6), language, table);
};

/** −Liₙ(−s)/s = Σ (−s)ᵏ/(k + 1)ⁿ, the terms averaged until they settle (Euler's transform). */
const polylogarithm = (order: number, s: number): number => eulerSum((k) => s ** k / (k + 1) ** order);

function eulerSum(term: (k: number) => number): number {
  const START = 24;
  let sum = 0;
  for (let k = 0; k < START; k++) sum += (k % 2 === 0 ? 1 : -1) * term(k);
  let differences = Array.from({ length: 24 }, (_, k) => term(START + k));
  for (let weight = 0.5; differences.length > 0; weight /= 2) {
    sum += weight * differences[0];
    differences = differences.slice(1).map((value, i) => differences[i] - value);
  }
  return sum;
}

const hyperbolicSecant: Rule = (order, language, table) => {
  const angle = Math.PI / 2;
  if (order === 0) return plain(`${2 / Math.PI} * atan(exp(-${angle} * d))`);
  const factorial = [1, 1, 2, 6][order];
  const scale = factorial * (2 / Math.PI) ** (order + 1);
  const arctangents = (s: number): number => scale * eulerSum((k) => s ** k / (2 * k + 1) ** (order + 1));
  const made = series(`exp(-${Math.PI} * d)`, "q", arctangents, language, table);
  return { ...made, lines: [["q", `exp(-${angle} * d)`], ...made.lines] };
};

const PI = String(Math.PI);
const over = (amount: number, power: number): string => String(amount / Math.PI ** power);

const algebraic = byOrder(
  [
    "0.5 / (r * (r + d))",
    "0.5 / (r + d)",
    "-0.5 * (share + asinh(d))",
    "2 + 1.5 * d * (share - 1 + asinh(d)) + (0.5 * share - 1) / (r + d)",
  ],
  ["r", "sqrt(1 + d * d)"],
  ["share", "d / (r + d)"],
);

const cauchy = byOrder(
  [
    `${over(1, 1)} * arccot(d)`,
    `-${over(1, 1)} * (share + logs)`,
    `${over(1, 1)} * (d * (share + 2 * logs) + atan(d) - d)`,
    `${over(1, 1)} * (d * (d * (2.5 - share - 3 * logs) - 3 * atan(d)) + logs) - 1`,
  ],
  ["share", "near(d) * arccot(near(d))"],
  ["logs", "0.5 * log1p(d * d)"],
);

interface Powers {
  readonly lead: number;
  readonly double: readonly number[];
  readonly single: readonly number[];
}

/** θ^lead · polynomial(θ²), θ = arccot d. */
const angular =
  (tails: readonly Powers[]): Rule =>
  (order, { single }) => {
    const { lead, double, single: short } = tails[order];
    const sum = hornerExpression(single ? short : double, "q");
    return plain(`${Array<string>(lead).fill("angle").join(" * ")} * (${sum})`, ["angle", "arccot(d)"], ["q", "angle * angle"]);
  };

const t3: Rule = (order, language, table) => {
  if (order < 3) return angular(T3)(order, language, table);
  const sum = hornerExpression(language.single ? T3[1].single : T3[1].double, "q");
  const lines = [
    ["angle", "arccot(near(d))"],
    ["q", "angle * angle"],
    ["share", "near(d) * angle"],
  ] as const;
  return plain(`share * share * (${sum}) - ${over(1, 1)} * (3 * share + log1p(d * d))`, ...lines);
};

/** How the tails of each kernel are written out. Kernels that are not here have tables. */
export const kernelRules: Readonly<Record<string, Rule>> = {
  gaussian,
  logistic,
  hyperbolicSecant,
  laplace: byOrder(["0.5 * exp(-d)", "0.5 * exp(-d)", "exp(-d)", "3 * exp(-d)"]),
  box: edges({ at: 1, powers: { 0: 1 / 2 } }),
  triangular: edges({ at: 1, powers: { 1: 1 } }),
  cubicSpline: edges({ at: 2, powers: { 3: 1 / 6 } }, { at: 1, powers: { 3: -4 / 6 } }),
  epanechnikov: edges({ at: 1, powers: { 1: 3 / 2, 2: -3 / 4 } }),
  biweight: edges({ at: 1, powers: { 2: 15 / 4, 3: -15 / 4, 4: 15 / 16 } }),
  triweight: edges({ at: 1, powers: { 3: 35 / 4, 4: -105 / 8, 5: 105 / 16, 6: -35 / 32 } }),
  cosine: byOrder(
    [
      "sine * sine",
      `0.5 * t - ${over(1, 1)} * sin(${Math.PI / 2} * t)`,
      `0.5 * t * t - ${over(8, 2)} * sine * sine`,
      `t * (0.5 * t * t - ${over(12, 2)}) + ${over(24, 3)} * sin(${Math.PI / 2} * t)`,
    ],
    ["t", "positive(1 - d)"],
    ["sine", `sin(${Math.PI / 4} * t)`],
  ),
  raisedCosine: byOrder(
    [
      `0.5 * (t - ${over(1, 1)} * sin(${PI} * t))`,
      `0.25 * t * t - ${over(1, 2)} * sine * sine`,
      `t * (${1 / 6} * t * t - ${over(1, 2)}) + ${over(1, 3)} * sin(${PI} * t)`,
      `t * t * (0.125 * t * t - ${over(1.5, 2)}) + ${over(6, 4)} * sine * sine`,
    ],
    ["t", "positive(1 - d)"],
    ["sine", `sin(${Math.PI / 2} * t)`],
  ),
  algebraic,
  cauchy,
  t3,
  t5: angular(T5),
};

/** The rule of a kernel of the catalogue; null for others, whatever they are called. */
export const ruleOf = (kernel: Kernel): Rule | null => (kernels.includes(kernel) ? (kernelRules[kernel.name] ?? null) : null);

/** The tail of any kernel: by its rule, or as a series over the support, or over d/(1 + d) on the whole line. */
export function tailRule(kernel: Kernel, side: -1 | 1, order: number, language: Language, table: string): TailRule {
  const rule = ruleOf(kernel);
  if (rule !== null) return rule(order, language, table);
  const { tails, mirroredTails = tails, radius } = kernel.record;
  const { value } = (side === -1 ? tails : mirroredTails)[order as 0 | 1 | 2 | 3];
  if (Number.isFinite(radius)) {
    const coefficients = chebyshevSeries(
      (shares) => shares.map((share) => value(share * radius)),
      0,
      1,
      language.single ? 1e-8 : 2e-15,
    );
    return { lines: [["s", `1 - positive(1 - ${1 / radius} * d)`]], result: `${table}(2 * s - 1)`, table: coefficients };
  }
  const coefficients = chebyshevSeries(
    (shares) => shares.map((share) => (share < 1 ? value(share / (1 - share)) : 0)),
    0,
    1,
    language.single ? 1e-8 : 2e-15,
  );
  return { lines: [["s", "near(d) / (1 + near(d))"]], result: `${table}(2 * s - 1)`, table: coefficients };
}
