import { fault } from "../../ir/fault.js";
import { requireConvergent, requireWidth } from "../facts/require.js";
import type { Kernel } from "../kernels/kernel.js";
import { kernelNumbers } from "../numeric/kernel-numbers.js";
import { changesAt, isPolynomial, type NumericPieces, numbersOf, polynomialOf } from "../numeric/pieces.js";
import type { FormKind } from "../numeric/smooth.js";
import type { Pieces } from "../pieces/pieces.js";
import { type ExponentialSource, exponentialSource } from "./exponential-source.js";
import { ruleOf, tailRule } from "./kernel-rules.js";
import { hornerExpression, type Language, type LanguageName, scaledExpression, sumExpression, write } from "./language.js";
import { languages } from "./languages.js";

/**
 * A smoothed function as source code that stands alone: `smoothed(x)`, for one number in TypeScript and the shading languages, for a tensor
 * in PyTorch and JAX, where it can be differentiated. It is written as the library computes it, the piece at x and what each break adds to
 * it, so that it is right far from the breaks and in the tails.
 */
export function sourceOf(
  pieces: Pieces,
  kernel: Kernel,
  width: number,
  language: LanguageName,
  form: FormKind = "mollify",
): string {
  requireWidth("source", width);
  const target = languages[language];
  if (target === undefined) {
    throw fault("source", `there is no code in ${language}`, {
      expected: Object.keys(languages).join(", "),
      got: String(language),
    });
  }
  const numeric = numbersOf(pieces);
  requireConvergent("source", numeric, kernel, form);
  if (form === "gate" && !isPolynomial(numeric)) {
    throw fault("source", "a piece with an exponential has no gated form", { fix: "take mollify" });
  }
  const grown = exponentialSource(numeric, kernel, width, target);
  const changes = changesAt(numeric);
  const orders = form === "gate" ? (changes.length > 0 ? [0] : []) : ordersOf(changes);
  const helpers = [...orders.flatMap((order) => helpersFor(kernel, order, target)), ...grown.helpers];
  const main = mainOf(numeric, kernel, width, form, target, grown);
  const gap = target.name === "pytorch" || target.name === "jax" ? "\n\n\n" : "\n\n";
  const about = `${kernel.title} kernel, width ${width}: the piece at x, and what each break adds to it.`;
  const body = [...helpers, main].join(gap);
  const opening = target.opening.filter(({ for: name }) => name === null || new RegExp(`\\b${name}\\(`).test(body));
  return [[target.comment(about), ...opening.map(({ line }) => line)].join("\n"), body].join(gap).concat("\n");
}

/** The orders of the deviations that are called. */
const ordersOf = (changes: readonly (readonly number[])[]): number[] =>
  [0, 1, 2, 3].filter((n) => changes.some((coefficients) => (coefficients[n] ?? 0) !== 0));

/** The deviation of an order, and the series it calls. */
function helpersFor(kernel: Kernel, order: number, language: Language): string[] {
  const even = kernel.record.mirroredTails === undefined || ruleOf(kernel) !== null;
  const sides = even ? ([-1] as const) : ([-1, 1] as const);
  const rules = sides.map((side) => {
    const suffix = even ? "" : side === -1 ? "Left" : "Right";
    return { name: `tail${order}${suffix}`, rule: tailRule(kernel, side, order, language, `series${order}${suffix}`), series: `series${order}${suffix}` }; // biome-ignore format: one line
  });
  const text = (expression: string): string => write(language, expression);
  const made = rules.flatMap(({ name, rule, series }) => [
    ...(rule.table === undefined ? [] : [language.table(series, rule.table)]),
    language.define({
      name,
      parameter: "d",
      lines: rule.lines.map(([local, value]) => [local, text(value)] as const),
      result: text(rule.result),
    }),
  ]);
  const [left, right] = [rules[0].name, rules[rules.length - 1].name];
  const distance = ["d", language.select(`z > ${language.number(0)}`, "z", "-z")] as const;
  const sign = order % 2 === 0 ? "-" : "";
  const zero = language.number(0);
  const deviation =
    even && sign === ""
      ? { lines: [distance], result: `${left}(d)` }
      : even
        ? { lines: [distance, ["value", `${left}(d)`] as const], result: language.select(`z > ${zero}`, "-value", "value") }
        : { lines: [distance], result: language.select(`z > ${zero}`, `${sign}${right}(d)`, `${left}(d)`) };
  return [...made, language.define({ name: `deviation${order}`, parameter: "z", ...deviation, doc: docOf(order) })];
}

const docOf = (order: number): string =>
  order === 0
    ? "What smoothing adds to a step at 0."
    : `What smoothing adds to max(z, 0)${order === 1 ? "" : ` to the power ${order}`}.`;

function mainOf(
  { breaks, pieces }: NumericPieces,
  kernel: Kernel,
  width: number,
  form: FormKind,
  language: Language,
  grown: ExponentialSource,
): string {
  const numbers = kernelNumbers(kernel);
  const text = (expression: string): string => write(language, expression);
  const distances = breaks.map((a, k) => [`z${k}`, text(scaledBy(apart("x", a), width))] as const);
  const local = pieces.map((piece) => {
    const polynomial = polynomialOf(piece);
    const shift = form === "gate" ? [] : numbers.shift(polynomial, width);
    const written = hornerExpression(polynomial.map((c, n) => c + (shift[n] ?? 0)), "x"); // biome-ignore format: one line
    return text(written);
  });
  const added = changesAt({ breaks, pieces }).flatMap((coefficients, k) => {
    if (form === "gate") {
      const change = hornerExpression(coefficients.map((c, n) => c * width ** n), `z${k}`); // biome-ignore format: one line
      return [change === "1" ? `deviation0(z${k})` : change === "-1" ? `-deviation0(z${k})` : `(${change}) * deviation0(z${k})`];
    }
    return coefficients.flatMap((c, n) => (c === 0 ? [] : [scaledExpression(c * width ** n, `deviation${n}(z${k})`)]));
  });
  const all = [...added, ...grown.terms].map(text);
  const chosen = breaks.reduce(
    (sum, a, k) =>
      bracketed(language.select(`x > ${language.number(a)}`, asValue(local[k + 1], language), sum), k < breaks.length - 1),
    asValue(local[0], language),
  );
  const isZero = local.every((piece) => piece === language.number(0));
  const result = isZero && all.length > 0 ? sumExpression(all) : sumExpression(["sharp", ...all]);
  const lines = [...(result.startsWith("sharp") ? [["sharp", chosen] as const] : []), ...distances, ...grown.distances];
  const doc =
    form === "gate" ? "The pieces, with the steps between them smoothed." : "The convolution of the pieces with the kernel.";
  return language.define({ name: "smoothed", parameter: "x", lines, result, doc, public: true });
}

/** x − a, without what is 0, and x + |a| for a below 0. */
const apart = (x: string, a: number): string => (a === 0 ? x : a > 0 ? `x - ${a}` : `x + ${-a}`);

const scaledBy = (distance: string, width: number): string =>
  width === 1 ? distance : distance.includes(" ") ? `(${distance}) / ${width}` : `${distance} / ${width}`;

/** A piece that is a plain number has the shape of x too. */
const asValue = (piece: string, language: Language): string => (/\bx\b/.test(piece) ? piece : language.constant(piece));

/** A choice inside a choice, in languages that write it with ? and :. */
const bracketed = (choice: string, inner: boolean): string => (inner && choice.includes(" ? ") ? `(${choice})` : choice);
