/** A programming language in which smoothed functions are written out. */
export interface Language {
  readonly name: LanguageName;
  readonly title: string;
  /** Whether it computes in float32: constants and tables are then no longer than that needs. */
  readonly single: boolean;
  /** A number as a value of the shape of x. */
  constant(value: string): string;
  /** What a file begins with, such as imports: by the name that makes it necessary, or always. */
  readonly opening: readonly { readonly for: string | null; readonly line: string }[];
  /** A comment of one line. */
  comment(text: string): string;
  number(value: number): string;
  /** How a function of one argument is called, `$` being the argument; one that is not listed is called by its name. */
  readonly calls: Readonly<Record<string, string>>;
  /** Whether erfc is among the functions of the language or its library. */
  readonly erfc: boolean;
  select(condition: string, yes: string, no: string): string;
  /** A function of one number (or of every element): named intermediate values, and the result. */
  define(made: Definition): string;
  /** A function that evaluates a series of Chebyshev polynomials for an argument between −1 and 1. */
  table(name: string, coefficients: readonly number[]): string;
}

export type LanguageName = "typescript" | "pytorch" | "jax" | "glsl" | "wgsl";

export interface Definition {
  readonly name: string;
  readonly parameter: string;
  readonly lines: readonly (readonly [name: string, value: string])[];
  readonly result: string;
  readonly doc?: string;
  /** Whether others are meant to call it. */
  readonly public?: boolean;
}

/**
 * An expression in the notation that the languages share (numbers, names, + − · /, brackets, calls of one argument) as one of them
 * writes it.
 */
export function write(language: Language, expression: string): string {
  const call = /([A-Za-z_]\w*)\(/.exec(expression);
  if (call === null) return numbersIn(language, expression);
  const from = call.index + call[0].length;
  const to = closing(expression, from);
  const inner = write(language, expression.slice(from, to));
  const template = language.calls[call[1]] ?? `${call[1]}($)`;
  return numbersIn(language, expression.slice(0, call.index)) + template.replaceAll("$", inner) + write(language, expression.slice(to + 1)); // biome-ignore format: one line
}

const numbersIn = (language: Language, text: string): string =>
  text.replace(/(?<![\w.])\d+(?:\.\d+)?(?:e[+-]?\d+)?/g, (digits) => language.number(Number(digits)));

/** Where the bracket that was opened before `from` is closed. */
function closing(text: string, from: number): number {
  let depth = 1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "(") depth++;
    if (text[i] === ")") depth--;
    if (depth === 0) return i;
  }
  return text.length;
}

/** c₀ + x(c₁ + x(c₂ + …)), brackets only where they are needed. */
export function hornerExpression(coefficients: readonly number[], x: string): string {
  const last = coefficients.findLastIndex((c) => c !== 0);
  if (last < 0) return "0";
  let sum = signed(coefficients[last]);
  for (let n = last - 1; n >= 0; n--) {
    const product = sum === "1" ? x : sum === "-1" ? `-${x}` : / [+-] /.test(sum) ? `${x} * (${sum})` : `${sum} * ${x}`;
    const c = coefficients[n];
    sum = c === 0 ? product : product.startsWith("-") ? `${signed(c)} - ${product.slice(1)}` : `${signed(c)} + ${product}`;
  }
  return sum;
}

const signed = (value: number): string => String(value);

/** Terms of a sum, each with its own sign: "a − b + c". */
export function sumExpression(terms: readonly string[]): string {
  if (terms.length === 0) return "0";
  return terms.reduce((sum, term) => (term.startsWith("-") ? `${sum} - ${term.slice(1)}` : `${sum} + ${term}`));
}

/** A factor before an expression that is a product or a call: 1 and −1 are not written. */
export const scaledExpression = (factor: number, x: string): string =>
  factor === 1 ? x : factor === -1 ? `-${x}` : `${factor} * ${x}`;
