import { SUPERSCRIPT_DIGITS } from "./grammar.js";

/** A formula as text, with what is needed to put it into a larger one: its sign apart, and how tightly it binds. */
export interface Written {
  readonly negative: boolean;
  /** Without the sign. */
  readonly text: string;
  readonly binds: number;
  /** Of a product: the numbers in it, and the rest. */
  readonly factors: { readonly numbers: readonly string[]; readonly others: readonly string[] };
}

/** How tightly the parts of a formula bind, loosest first. */
export const BINDS = { relation: 0, sum: 1, quotient: 2, product: 3, power: 4, atom: 5 } as const;

function written(text: string, binds: number, negative = false): Written {
  return { negative, text, binds, factors: { numbers: [], others: [text] } };
}

export const atom = (text: string): Written => written(text, BINDS.atom);

/** A number, from its text, which may begin with a minus. */
export function numeral(text: string): Written {
  const negative = text.startsWith("−");
  const size = negative ? text.slice(1) : text;
  return { negative, text: size, binds: BINDS.atom, factors: { numbers: [size], others: [] } };
}

export const whole = ({ negative, text }: Written): string => (negative ? `−${text}` : text);

/** In brackets unless it binds at least so tightly and has no sign. */
const within = (part: Written, binds: number): string => (part.negative || part.binds < binds ? `(${whole(part)})` : part.text);

/** Without its sign, in brackets if it binds more loosely than that. */
const size = (part: Written, binds: number): string => (part.binds < binds ? `(${part.text})` : part.text);

export const negated = (part: Written): Written => ({
  ...(part.binds < BINDS.quotient ? written(`(${whole(part)})`, BINDS.atom) : part),
  negative: part.binds < BINDS.quotient || !part.negative,
});

export function summed(left: Written, right: Written, minus = false): Written {
  const subtract = right.negative !== minus;
  const second = minus && right.binds === BINDS.sum ? `(${right.text})` : size(right, BINDS.sum);
  // The sign of the first term is not that of the sum.
  const first = `${left.negative ? "−" : ""}${size(left, BINDS.sum)}`;
  return written(`${first} ${subtract ? "−" : "+"} ${second}`, BINDS.sum);
}

/** Signs and numbers in front: 2·(−x)·y is −2·x·y. */
export function multiplied(left: Written, right: Written): Written {
  const factorsOf = (part: Written) =>
    part.binds === BINDS.product || part.factors.numbers.length > 0
      ? part.factors
      : { numbers: [], others: [size(part, BINDS.product)] };
  const [first, second] = [factorsOf(left), factorsOf(right)];
  const factors = { numbers: [...first.numbers, ...second.numbers], others: [...first.others, ...second.others] };
  const text = [...factors.numbers, ...factors.others].join("·");
  return { negative: left.negative !== right.negative, text, binds: BINDS.product, factors };
}

export function divided(left: Written, right: Written): Written {
  const text = `${size(left, BINDS.product)} / ${size(right, BINDS.power)}`;
  return written(text, BINDS.quotient, left.negative !== right.negative);
}

const SUPERSCRIPTS: Readonly<Record<string, string>> = {
  "−": "⁻",
  ...Object.fromEntries([...SUPERSCRIPT_DIGITS].map((sign, digit) => [digit, sign])),
};

/** x², x⁻¹, 2^(y + 1). */
export function raised(base: Written, exponent: Written): Written {
  const foot = within(base, BINDS.atom);
  const plain = whole(exponent);
  const raisable = exponent.factors.numbers.length > 0 && [...plain].every((sign) => sign in SUPERSCRIPTS);
  const head = raisable ? [...plain].map((sign) => SUPERSCRIPTS[sign]).join("") : `^${within(exponent, BINDS.atom)}`;
  return written(foot + head, BINDS.power);
}

/** x > y. */
export function related(sign: string, left: Written, right: Written): Written {
  const side = (part: Written): string => (part.binds < BINDS.sum ? `(${whole(part)})` : whole(part));
  return written(`${side(left)} ${sign} ${side(right)}`, BINDS.relation);
}

/** A product of matrices, xᵀ @ y. */
export function times(left: Written, leftTurned: boolean, right: Written, rightTurned: boolean): Written {
  const turned = (part: Written, isTurned: boolean): string =>
    isTurned ? `${within(part, BINDS.atom)}ᵀ` : size(part, BINDS.power);
  const text = `${turned(left, leftTurned)} @ ${turned(right, rightTurned)}`;
  return written(text, BINDS.quotient, (!leftTurned && left.negative) !== (!rightTurned && right.negative));
}
