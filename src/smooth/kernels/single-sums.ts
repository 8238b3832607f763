import type { Emitter } from "../../ir/emitter.js";
import { emitPolynomial, emitWeighted } from "./emit.js";
import type { SingleForm, SingleTerm } from "./single-form.js";

const highestOrder = (terms: readonly SingleTerm[]): number =>
  Math.max(...terms.map(({ coefficients }) => coefficients.findLastIndex((value) => value !== 0)));

/** What Iₙ is made of, with u = z/√2 by rising power: Iₙ = Aₙ(u)·(1 + erf u) + Bₙ(u)·e^(−u²)/√π. */
const GAUSSIAN_PARTS = [
  { error: [0.5], bell: [] },
  { error: [0, Math.SQRT1_2], bell: [Math.SQRT1_2] },
  { error: [0.5, 0, 1], bell: [0, 1] },
  { error: [0, 3 * Math.SQRT1_2, 0, Math.SQRT2], bell: [Math.SQRT2, 0, Math.SQRT2] },
] as const;

/** The Gaussian kernel: an error function and an exponential to a break, whatever the degree. */
export const gaussianSingle: SingleForm = {
  reach: 6,
  sum: (onnx, terms) =>
    emitWeighted(
      onnx,
      terms.flatMap(({ coefficients, z }) => {
        const [error, bell] = (["error", "bell"] as const).map((part) =>
          [0, 1, 2, 3].map((power) => coefficients.reduce((sum, c, n) => sum + c * (GAUSSIAN_PARTS[n][part][power] ?? 0), 0)),
        );
        const factor = error.findLast((value) => value !== 0);
        return factor === undefined
          ? []
          : [{ factor, x: emitGaussian(onnx, z(Math.SQRT1_2), over(error, factor), over(bell, factor)) }];
      }),
    ),
};

const over = (coefficients: readonly number[], factor: number): number[] => coefficients.map((value) => value / factor);

function emitGaussian(onnx: Emitter, u: string, error: readonly number[], bell: readonly number[]): string {
  const share = onnx.op("Add", [onnx.op("Erf", [u]), onnx.scalar(1)]);
  const first = timesPolynomial(onnx, share, u, error);
  if (bell.every((value) => value === 0)) return first;
  // The height of a constant factor is inside the exponent, which saves a pass.
  const constant = bell.slice(1).every((value) => value === 0) && bell[0] > 0;
  const height = Math.log((constant ? bell[0] : 1) / Math.sqrt(Math.PI));
  const exponential = onnx.op("Exp", [onnx.op("Sub", [onnx.scalar(height), onnx.op("Mul", [u, u])])]);
  return onnx.op("Add", [first, constant ? exponential : timesPolynomial(onnx, exponential, u, bell)]);
}

function timesPolynomial(onnx: Emitter, x: string, u: string, coefficients: readonly number[]): string {
  if (coefficients[0] === 1 && coefficients.slice(1).every((value) => value === 0)) return x;
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
        terms.flatMap(({ z }, k) => [...separateStep(onnx, z, steps[k]), ...separateRamp(onnx, z, ramps[k])]),
      );
    const growth = onnx.op("Exp", [terms[0].z(1)]);
    const sums = terms.map(({ offset }) => {
      const own = offset === 0 ? growth : onnx.op("Mul", [growth, onnx.scalar(Math.exp(-offset))]);
      return onnx.op("Add", [own, onnx.scalar(1)]);
    });
    const parts = [...sharedSteps(onnx, sums, steps), ...sharedRamps(onnx, sums, ramps)];
    return parts.length === 0 ? null : parts.reduce((a, b) => onnx.op("Add", [a, b]));
  },
};

/** c·σ(z). */
const separateStep = (onnx: Emitter, z: SingleTerm["z"], factor: number) =>
  factor === 0 ? [] : [{ factor, x: onnx.op("Sigmoid", [z(1)]) }];

/** c·(max(z, 0) + log(1 + e^(−|z|))). */
function separateRamp(onnx: Emitter, z: SingleTerm["z"], factor: number) {
  if (factor === 0) return [];
  const distance = z(1);
  const decay = onnx.op("Exp", [onnx.op("Neg", [onnx.op("Abs", [distance])])]);
  const rounding = onnx.op("Log", [onnx.op("Add", [decay, onnx.scalar(1)])]);
  return [{ factor, x: onnx.op("Add", [onnx.op("Relu", [distance]), rounding]) }];
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
  sum: (onnx, terms) => {
    if (highestOrder(terms) > 2) return null;
    return emitWeighted(
      onnx,
      terms.flatMap(({ coefficients: [c0 = 0, c1 = 0, c2 = 0], z }) => {
        const half = onnx.op("Add", [z(0.5), onnx.scalar(0.5)]);
        const t = onnx.op("Clip", [half, onnx.scalar(0), onnx.scalar(1)]);
        if (c1 === 0 && c2 === 0) return c0 === 0 ? [] : [{ factor: c0, x: t }];
        const square = onnx.op("Mul", [t, t]);
        // t² + r is t² up to z = 1, where it meets z.
        if (c2 === 0) return [{ factor: c1, x: onnx.op("Max", [square, z(1)]) }, ...(c0 === 0 ? [] : [{ factor: c0, x: t }])];
        const beyond = onnx.op("Relu", [onnx.op("Sub", [z(1), onnx.scalar(1)])]);
        const inner = onnx.op("Mul", [square, emitPolynomial(onnx, t, [c1 / c2, 4 / 3]) as string]);
        const outer = onnx.op("Mul", [beyond, emitPolynomial(onnx, beyond, [c1 / c2 + 2, 1]) as string]);
        return [{ factor: c2, x: onnx.op("Add", [inner, outer]) }, ...(c0 === 0 ? [] : [{ factor: c0, x: t }])];
      }),
    );
  },
};
