import type { Emitter } from "../../ir/emitter.js";
import { emitPolynomial, emitScaled, emitWeighted, type Weighted } from "./emit.js";
import type { SingleForm, SingleTerm } from "./single-form.js";

const highestOrder = (terms: readonly SingleTerm[]): number =>
  Math.max(...terms.map(({ coefficients }) => coefficients.findLastIndex((value) => value !== 0)));

/** What Iₙ is made of, by rising power of z: Iₙ = Aₙ(z)·(1 + erf(z/√2)) + Bₙ(z)·e^(−z²/2)/√(2π). */
const GAUSSIAN_PARTS = [
  { error: [0.5], bell: [] },
  { error: [0, 0.5], bell: [1] },
  { error: [0.5, 0, 0.5], bell: [0, 1] },
  { error: [0, 1.5, 0, 0.5], bell: [2, 0, 1] },
] as const;

/** Here 1 + erf becomes 0 in float32; up to here its rounding is multiplied by powers of z. */
const GAUSSIAN_REACH = 6;

/** The Gaussian kernel: an error function and an exponential to a break, whatever the degree. */
export const gaussianSingle: SingleForm = {
  reach: GAUSSIAN_REACH,
  sum: (onnx, terms) => {
    const rounding = terms.map(({ coefficients, width }) =>
      coefficients.map((c, n) => (n < 2 ? 0 : Math.abs(c) * width ** (n - 1) * GAUSSIAN_REACH ** n)),
    );
    if (Math.max(...rounding.flat()) > 16) return null;
    return emitWeighted(
      onnx,
      terms.flatMap((term) => gaussianTerm(onnx, term, terms.length === 1)),
    );
  },
};

function gaussianTerm(onnx: Emitter, { coefficients, width, distance, z }: SingleTerm, alone: boolean): Weighted[] {
  // Powers of the distance, not of z, which may overflow where the distance does not.
  const [error, bell] = (["error", "bell"] as const).map((part) =>
    [0, 1, 2, 3].map((power) =>
      coefficients.reduce((sum, c, n) => sum + c * (GAUSSIAN_PARTS[n][part][power] ?? 0) * width ** (n - power), 0),
    ),
  );
  const leading = error.findLast((value) => value !== 0);
  if (leading === undefined) return [];
  // Alone it is scaled from within, so that 2·max(x, 0)/2 does not overflow; together, once for all.
  const factor = alone ? Math.sign(leading) : leading;
  const u = z(Math.SQRT1_2);
  const share = onnx.op("Add", [onnx.op("Erf", [u]), onnx.scalar(1)]);
  const gated = timesPolynomial(onnx, share, distance, over(error, factor));
  const round = over(bell, factor);
  if (round.every((value) => value === 0)) return [{ factor, x: gated }];
  return [{ factor, x: onnx.op("Add", [gated, emitBell(onnx, u, distance, round)]) }];
}

const over = (coefficients: readonly number[], factor: number): number[] => coefficients.map((value) => value / factor);

/** B(distance)·e^(−u²)/√(2π); a positive constant goes into the exponent, which saves a pass. */
function emitBell(onnx: Emitter, u: string, distance: string, factors: readonly number[]): string {
  const degree = factors.findLastIndex((value) => value !== 0);
  const inside = degree === 0 && factors[0] > 0;
  const height = Math.log((inside ? factors[0] : 1) / Math.sqrt(2 * Math.PI));
  const bell = onnx.op("Exp", [onnx.op("Sub", [onnx.scalar(height), onnx.op("Mul", [u, u])])]);
  if (inside) return bell;
  // Where the square of the distance overflows, the bell is 0 long since.
  const held = degree < 2 ? distance : onnx.op("Clip", [distance, onnx.scalar(-1e18), onnx.scalar(1e18)]);
  return timesPolynomial(onnx, bell, held, factors);
}

/** x·p(u); a leading constant first, so that nothing overflows before it is small. */
function timesPolynomial(onnx: Emitter, x: string, u: string, coefficients: readonly number[]): string {
  const degree = coefficients.findLastIndex((value) => value !== 0);
  if (degree === 0) return emitScaled(onnx, x, coefficients[0]);
  return onnx.op("Mul", [x, emitPolynomial(onnx, u, coefficients) ?? onnx.scalar(0)]);
}

/** Beyond it e^z would leave float32. */
const LOGISTIC_SPAN = 60;

/**
 * The logistic kernel, up to order 1: one exponential of the distance from the first break serves all breaks, and one logarithm all
 * whose coefficients are of one size. Where the breaks are too far apart for that, each has its own.
 */
export const logisticSingle: SingleForm = {
  reach: 18,
  sum: (onnx, terms) => {
    if (highestOrder(terms) > 1) return null;
    const shared = terms.length > 1 && terms[terms.length - 1].offset <= LOGISTIC_SPAN;
    const steps = terms.map(({ coefficients: [c = 0] }) => c);
    const ramps = terms.map(({ coefficients: [, c = 0] }) => c);
    if (!shared)
      return emitWeighted(
        onnx,
        terms.flatMap((term, k) => [...separateStep(onnx, term, steps[k]), ...separateRamp(onnx, term, ramps[k])]),
      );
    const growth = onnx.op("Exp", [terms[0].z(1)]);
    const sums = terms.map(({ offset }) => {
      const own = offset === 0 ? growth : onnx.op("Mul", [growth, onnx.scalar(Math.exp(-offset))]);
      return onnx.op("Add", [own, onnx.scalar(1)]);
    });
    const parts = [
      ...sharedSteps(onnx, sums, steps),
      ...sharedRamps(
        onnx,
        sums,
        ramps.map((c) => c * terms[0].width),
      ),
    ];
    return parts.length === 0 ? null : parts.reduce((a, b) => onnx.op("Add", [a, b]));
  },
};

/** c·σ(z). */
const separateStep = (onnx: Emitter, { z }: SingleTerm, factor: number): Weighted[] =>
  factor === 0 ? [] : [{ factor, x: onnx.op("Sigmoid", [z(1)]) }];

/** c·(max(x − a, 0) + w·log(1 + e^(−|z|))). */
function separateRamp(onnx: Emitter, { z, distance, width }: SingleTerm, factor: number): Weighted[] {
  if (factor === 0) return [];
  const decay = onnx.op("Exp", [onnx.op("Neg", [onnx.op("Abs", [z(1)])])]);
  const rounding = onnx.op("Log", [onnx.op("Add", [decay, onnx.scalar(1)])]);
  return [
    { factor, x: onnx.op("Relu", [distance]) },
    { factor: factor * width, x: rounding },
  ];
}

/** Σ cₖσ(zₖ) = Σ cₖ − Σ cₖ/(1 + e^zₖ). */
function sharedSteps(onnx: Emitter, sums: readonly string[], factors: readonly number[]): string[] {
  const falls = emitWeighted(onnx, factors.flatMap((c, k) => (c === 0 ? [] : [{ factor: -c, x: onnx.op("Reciprocal", [sums[k]]) }]))); // biome-ignore format: one line
  if (falls === null) return [];
  const whole = factors.reduce((a, b) => a + b, 0);
  return [whole === 0 ? falls : onnx.op("Add", [falls, onnx.scalar(whole)])];
}

/** Σ cₖ log(1 + e^zₖ), the logarithms of one size as that of a product. */
function sharedRamps(onnx: Emitter, sums: readonly string[], factors: readonly number[]): string[] {
  const sizes = [...new Set(factors.filter((c) => c !== 0).map(Math.abs))];
  const logarithms = sizes.map((size) => {
    const product = (sign: 1 | -1): string | null =>
      sums
        .filter((_, k) => factors[k] === sign * size)
        .reduce<string | null>((a, b) => (a === null ? b : onnx.op("Mul", [a, b])), null);
    const [above, below] = [product(1), product(-1)];
    if (above === null) return { factor: -size, x: onnx.op("Log", [below as string]) };
    return { factor: size, x: onnx.op("Log", [below === null ? above : onnx.op("Div", [above, below])]) };
  });
  const sum = emitWeighted(onnx, logarithms);
  return sum === null ? [] : [sum];
}

/**
 * The box kernel, up to order 2, with t = (z + 1)/2 held to 0 … 1 and r = max(z − 1, 0): I₀ = t, I₁ = t² + r and
 * I₂ = 4t³/3 + r(r + 2).
 */
export const boxSingle: SingleForm = {
  reach: 1,
  sum: (onnx, terms) =>
    highestOrder(terms) > 2
      ? null
      : emitWeighted(
          onnx,
          terms.flatMap((term) => boxTerm(onnx, term)),
        ),
};

function boxTerm(onnx: Emitter, { coefficients: [c0 = 0, c1 = 0, c2 = 0], z, distance, width }: SingleTerm): Weighted[] {
  const t = onnx.op("Clip", [onnx.op("Add", [z(0.5), onnx.scalar(0.5)]), onnx.scalar(0), onnx.scalar(1)]);
  const step = c0 === 0 ? [] : [{ factor: c0, x: t }];
  if (c1 === 0 && c2 === 0) return step;
  const square = onnx.op("Mul", [t, t]);
  // w·t² is what the ramp is up to z = 1, where it meets x − a.
  if (c2 === 0) return [{ factor: c1, x: onnx.op("Max", [emitScaled(onnx, square, width), distance]) }, ...step];
  const beyond = onnx.op("Relu", [onnx.op("Sub", [distance, onnx.scalar(width)])]);
  const inner = onnx.op("Mul", [square, emitPolynomial(onnx, t, [(c1 / c2) * width, (4 / 3) * width ** 2]) as string]);
  const outer = onnx.op("Mul", [beyond, emitPolynomial(onnx, beyond, [c1 / c2 + 2 * width, 1]) as string]);
  return [{ factor: c2, x: onnx.op("Add", [inner, outer]) }, ...step];
}
