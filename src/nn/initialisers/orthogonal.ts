import { fault } from "../../ir/fault.js";
import { formatShape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { tensor } from "../../ops/index.js";
import { concreteKey, type KeyLike, normal } from "../../random/index.js";
import { interpret } from "../../run/interpret.js";
import type { Initialiser, Slot } from "./initialiser.js";

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, times the gain (default: that of the activation that
 * follows): every signal keeps its length, not only on average. Axes before the last are joined into one. Uniform over all
 * such matrices. Computed in float64 when the parameters are made, so the key must be known then.
 */
export const orthogonal = ({ gain: chosen }: { gain?: number } = {}): Initialiser => ({
  name: "orthogonal",
  aliases: [],
  tex: String.raw`W^\top W = g^2 I`,
  source: "Saxe, McClelland & Ganguli 2013, arXiv:1312.6120",
  draw: (key, slot) => drawOrthogonal(key, slot, chosen ?? slot.gain ?? 1),
});

function drawOrthogonal(key: KeyLike, { shape }: Slot, gain: number): Tensor {
  if (shape.length < 2) {
    throw fault("orthogonal", "only a matrix can be orthogonal", { expected: "two axes or more", got: formatShape(shape) });
  }
  const known = concreteKey(key);
  if (known === null) {
    throw fault("orthogonal", "its key is known only when the graph runs", { fix: "initialise with key(seed), outside compile" });
  }
  const columns = shape[shape.length - 1];
  const rows = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
  const vectors = orthonormalize(gaussianVectors(known, count, length));
  const data = new Float64Array(rows * columns);
  vectors.forEach((vector, i) => {
    for (let j = 0; j < length; j++) data[rows <= columns ? i * columns + j : j * columns + i] = gain * vector[j];
  });
  return tensor(data, { shape });
}

function gaussianVectors(key: KeyLike, count: number, length: number): Float64Array[] {
  const [numbers] = interpret([normal(key, [count, length])]);
  return Array.from({ length: count }, (_, i) => Float64Array.from(numbers.subarray(i * length, (i + 1) * length)));
}

/**
 * Gram–Schmidt, every vector cleaned twice of those before it: one pass leaves what rounding left, the second takes it away
 * (Giraud, Langou & Rozložník 2005). Normal vectors come out uniform over all orthonormal families (Stewart 1980).
 */
function orthonormalize(vectors: readonly Float64Array[]): readonly Float64Array[] {
  vectors.forEach((vector, i) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let before = 0; before < i; before++) addScaled(vector, vectors[before], -dot(vector, vectors[before]));
    }
    const length = Math.sqrt(dot(vector, vector));
    for (let j = 0; j < vector.length; j++) vector[j] /= length;
  });
  return vectors;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i] * b[i];
  return total;
}

function addScaled(target: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * vector[i];
}
