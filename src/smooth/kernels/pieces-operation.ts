import type { Emitter } from "../../ir/emitter.js";
import type { Primitive } from "../../ir/primitive.js";
import { Tensor } from "../../ir/tensor.js";
import { asTensor, type TensorLike } from "../../ops/create.js";
import { elementwise, floatOnly, pointwise, sameDtype, smooth } from "../../ops/define.js";
import { add, mul, sub } from "../../ops/index.js";
import { deviationAt, emitDeviation, type Sides } from "./deviation.js";
import { emitPolynomial, emitScaled } from "./emit.js";
import { emitSingle, type SingleForm } from "./single-form.js";

/** A function of pieces in plain numbers, as a convolution needs it. */
export interface PlainPieces {
  readonly width: number;
  readonly breaks: readonly number[];
  /** Each piece convolved with the kernel as if it went on for ever: coefficients by rising power of x. */
  readonly smoothed: readonly (readonly number[])[];
  /** The sharp piece right of each break less the one left of it, by rising power of x − a. */
  readonly jumps: readonly (readonly number[])[];
  /** How often the function has been differentiated: what is right to the width in f is right to 1 in its slope. */
  readonly order: number;
}

/** What the operation asks of a kernel. */
export interface PiecesKernel {
  readonly name: string;
  readonly title: string;
  readonly sides: readonly Sides[];
  density(u: Tensor): Tensor;
  readonly single?: SingleForm;
}

/**
 * The convolution of a function of pieces with a kernel, as one operation: the sum f̃(x) + Σₖ Σₙ cₖₙ wⁿ Dₙ((x − aₖ)/w) where digits
 * count, and in float32 the cheapest sum that is right at the scale of the function.
 */
export function piecesOperation(kernel: PiecesKernel): (x: TensorLike, pieces: PlainPieces) => Tensor {
  const name = `${kernel.name}Pieces`;
  const primitive: Primitive<PlainPieces> = {
    name,
    doc: `A function of pieces convolved with the ${kernel.title} kernel.`,
    shape: elementwise,
    dtype: sameDtype(name, floatOnly),
    derivative: smooth((t, { inputs: [x], params }) => mul(t, slope(x, params))),
    batching: pointwise,
    meaning: {
      kind: "direct",
      evaluate: ([x], { params }) => Float64Array.from(x as ArrayLike<number>, (at) => valueAt(kernel, params, at)),
      lower: (onnx, [x], { params }) => {
        const single = onnx.precision === "default" && kernel.single !== undefined;
        return (single ? emitSingle(onnx, kernel.single as SingleForm, x, params) : null) ?? emitExact(onnx, kernel, x, params);
      },
    },
    samples: [],
    accuracy: { ulp: 8, scale: "unit" },
  };
  const call = (x: TensorLike, pieces: PlainPieces): Tensor => Tensor.of(primitive, [asTensor(x)], pieces);
  /** The pieces' slopes convolved, and a density where f jumps. */
  const slope = (x: Tensor, { width, breaks, smoothed, jumps, order }: PlainPieces): Tensor => {
    const slopes = {
      width,
      breaks,
      smoothed: smoothed.map(derived),
      jumps: jumps.map(derived),
      order: order + 1,
    };
    const densities = breaks.flatMap((at, k) => {
      const height = (jumps[k][0] ?? 0) / width;
      if (height === 0) return [];
      return [mul(kernel.density(mul(at === 0 ? x : sub(x, at), 1 / width)), height)];
    });
    const flat = [...slopes.smoothed, ...slopes.jumps].every((list) => list.every((value) => value === 0));
    const terms = flat && densities.length > 0 ? densities : [call(x, slopes), ...densities];
    return terms.reduce((sum, term) => add(sum, term));
  };
  return call;
}

/** Coefficients of the derivative. */
const derived = (coefficients: readonly number[]): number[] => coefficients.slice(1).map((value, n) => value * (n + 1));

function valueAt({ sides }: PiecesKernel, { width, breaks, smoothed, jumps }: PlainPieces, x: number): number {
  const distances = breaks.map((at) => (x - at) / width);
  const right = distances.findLastIndex((z) => z > 0);
  let sum = horner(smoothed[right + 1], x);
  // Only what is there is added: 0 · ∞ is NaN.
  distances.forEach((z, k) => {
    jumps[k].forEach((coefficient, n) => {
      if (coefficient !== 0) sum += coefficient * width ** n * deviationAt(sides[n], z);
    });
  });
  return Number.isNaN(x) ? x : sum;
}

function horner(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight(
    (sum, coefficient, n) => (n === coefficients.length - 1 ? coefficient : sum * x + coefficient),
    0,
  );
}

function emitExact(
  onnx: Emitter,
  { sides }: PiecesKernel,
  x: string,
  { width, breaks, smoothed, jumps, order }: PlainPieces,
): string {
  const plus = (a: string | null, b: string | null): string | null => (a === null ? b : b === null ? a : onnx.op("Add", [a, b]));
  const zs = breaks.map((at) => emitDistance(onnx, x, at, width));
  const local = zs.reduce<string | null>(
    (value, z, k) => {
      const next = emitPolynomial(onnx, x, smoothed[k + 1]);
      if (value === null && next === null) return null;
      return onnx.op("Where", [onnx.op("Greater", [z, onnx.scalar(0)]), next ?? onnx.scalar(0), value ?? onnx.scalar(0)]);
    },
    emitPolynomial(onnx, x, smoothed[0]),
  );
  const close = (coefficient: number, n: number): boolean =>
    onnx.precision === "precise" || (n > 1 && Math.abs(coefficient) * width ** n > (order === 0 ? width : 1));
  const corrections = zs.flatMap((z, k) =>
    jumps[k].flatMap((coefficient, n) =>
      coefficient === 0
        ? []
        : [emitScaled(onnx, emitDeviation(onnx, sides[n], z, close(coefficient, n)), coefficient * width ** n)],
    ),
  );
  const sum = corrections.reduce<string | null>(plus, local);
  // A constant takes the shape of x, and its NaNs.
  return sum === null || breaks.length === 0 ? onnx.op("Add", [onnx.op("Mul", [x, onnx.scalar(0)]), sum ?? onnx.scalar(0)]) : sum;
}

function emitDistance(onnx: Emitter, x: string, at: number, width: number): string {
  const distance = at === 0 ? x : onnx.op("Sub", [x, onnx.scalar(at)]);
  return emitScaled(onnx, distance, 1 / width);
}
