import type { Tensor } from "../ir/tensor.js";
import { storedScalar } from "./arithmetic.js";
import { broadcastTo } from "./broadcast.js";
import { full } from "./create.js";
import { concat } from "./join.js";
import { pad } from "./slicing.js";

/** Stretches of an axis with something in them; between them there are zeros. */
interface Stretches {
  readonly axis: number;
  readonly pieces: readonly { readonly start: number; readonly value: Tensor }[];
}

/**
 * x + y where each is zero wherever the other is not, as one concatenation: the gradient of a tensor that was cut into parts is
 * its parts' gradients side by side, not a sum of padded ones. Null where it does not apply.
 */
export function addDisjoint(x: Tensor, y: Tensor): Tensor | null {
  const [left, right] = [stretchesOf(x), stretchesOf(y)];
  if (left === null || right === null || left.axis !== right.axis) return null;
  const { axis } = left;
  const pieces = [...left.pieces, ...right.pieces].sort((a, b) => a.start - b.start);
  const zeros = (count: number): Tensor => broadcastTo(full([], 0, x.dtype), x.shape.map((size, i) => (i === axis ? count : size))); // biome-ignore format: one line
  const parts: Tensor[] = [];
  let reached = 0;
  for (const { start, value } of pieces) {
    if (start < reached) return null;
    if (start > reached) parts.push(zeros(start - reached));
    parts.push(value);
    reached = start + value.shape[axis];
  }
  if (reached < x.shape[axis]) parts.push(zeros(x.shape[axis] - reached));
  return concat(parts, axis);
}

function stretchesOf(node: Tensor): Stretches | null {
  if (Object.is(node.primitive, pad.primitive)) return padded(node);
  if (!Object.is(node.primitive, concat.primitive)) return null;
  const { axis } = node.params as { readonly axis: number };
  let start = 0;
  const pieces = node.inputs.flatMap((value) => {
    const piece = { start, value };
    start += value.shape[axis];
    return storedScalar(value) === 0 ? [] : [piece];
  });
  return pieces.length < node.inputs.length ? { axis, pieces } : null;
}

function padded({ inputs: [value], params }: Tensor): Stretches | null {
  const { low, high, interior } = params as Readonly<Record<"low" | "high" | "interior", readonly number[]>>;
  const axes = low.flatMap((count, axis) => (count + high[axis] > 0 ? [axis] : []));
  if (axes.length !== 1 || interior.some((count) => count > 0) || value.size === 0) return null;
  return { axis: axes[0], pieces: [{ start: low[axes[0]], value }] };
}
