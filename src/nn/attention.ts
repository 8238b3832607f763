import { checkpoint } from "../diff/index.js";
import { fault } from "../ir/fault.js";
import { broadcastShapes, formatShape, sameShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { add, iota, less, lessEqual, matmul, mul, reshape, softmax, where } from "../ops/index.js";

/**
 * What is added to the score of a pair that may not look at each other: beside it every ordinary score rounds away, so that the
 * pair gets a weight of exactly 0. Finite, so that a query that may look at nothing gets the mean of all values and not NaN.
 */
const HIDDEN = -1e30;

/** Which keys a query may look at, as bool. All given must hold. */
export interface AttentionMasks {
  /** (queries keys), (batch queries keys) or (batch heads queries keys); axes of 1 repeat. */
  readonly mask?: Tensor;
  /** (batch keys): false where a sequence is only padded. */
  readonly keyMask?: Tensor;
  /** Keys behind the query are hidden. */
  readonly causal?: boolean;
}

/** True where a step may look: at itself and before. (queries keys). */
export const causalMask = (queries: number, keys = queries): Tensor =>
  lessEqual(iota(keys), add(reshape(iota(queries), [queries, 1]), keys - queries));

/** True for the first `lengths` of so many steps: int32 (batch) to bool (batch steps). */
export const lengthMask = (lengths: Tensor, steps: number): Tensor => less(iota(steps), reshape(lengths, [lengths.size, 1]));

/** What masks add to the scores, of a shape that repeats to (batch heads queries keys); null when nothing is hidden. */
export function scoreBias(
  at: string,
  { mask, keyMask, causal = false }: AttentionMasks,
  scores: readonly number[],
): Tensor | null {
  const [batch, , queries, keys] = scores;
  const parts = [
    ...(mask === undefined ? [] : [alignMask(at, mask, scores)]),
    ...(keyMask === undefined ? [] : [reshape(requireMask(at, "keyMask", keyMask, [batch, keys]), [batch, 1, 1, keys])]),
    ...(causal ? [causalMask(queries, keys)] : []),
  ].map((allowed) => where(allowed, 0, HIDDEN));
  return parts.length === 0 ? null : parts.reduce((sum, part) => add(sum, part));
}

function alignMask(at: string, mask: Tensor, scores: readonly number[]): Tensor {
  const [batch, heads, queries, keys] = scores;
  const { shape, rank } = mask;
  const aligned = rank === 3 ? [shape[0], 1, ...shape.slice(1)] : shape;
  const fits = rank >= 2 && rank <= 4 && sameShape(broadcastShapes(aligned, scores) ?? [], scores);
  if (fits && mask.dtype === "bool") return reshape(mask, aligned);
  throw fault(at, "the mask does not fit", {
    expected: `bool (${queries} ${keys}), (${batch} ${queries} ${keys}) or (${batch} ${heads} ${queries} ${keys})`,
    got: `${mask.dtype} ${formatShape(shape)}`,
    fix: "true is where a query may look at a key; a mask of keys alone is keyMask, (batch keys)",
  });
}

function requireMask(at: string, name: string, mask: Tensor, shape: readonly number[]): Tensor {
  if (mask.dtype === "bool" && sameShape(mask.shape, shape)) return mask;
  throw fault(at, `the ${name} does not fit`, {
    expected: `bool ${formatShape(shape)}`,
    got: `${mask.dtype} ${formatShape(mask.shape)}`,
  });
}

export interface AttentionOptions {
  /** What is added to the scores. */
  readonly bias?: Tensor | null;
  /** What is done to the weights, such as dropout. */
  readonly onWeights?: (weights: Tensor) => Tensor;
  /**
   * Keeps no matrix of queries by keys for the way back, but computes it again: memory linear in the length for one more product.
   * Default false.
   */
  readonly recompute?: boolean;
}

/**
 * softmax(Q Kᵀ / √d) V, head by head: `(batch heads queries d), (batch heads keys d), (batch heads keys v) -> (batch heads queries
 * v)`. Vaswani et al. 2017, arXiv:1706.03762.
 */
export function attention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  { bias = null, onWeights, recompute = false }: AttentionOptions = {},
): Tensor {
  const scale = 1 / Math.sqrt(query.shape[query.rank - 1]);
  const attend = (q: Tensor, k: Tensor, v: Tensor, shift: Tensor | null): Tensor => {
    // Scaled before the product: there are fewer queries than scores.
    const scores = matmul(mul(q, scale), k, { transposeB: true });
    const weights = softmax(shift === null ? scores : add(scores, shift));
    return matmul(onWeights === undefined ? weights : onWeights(weights), v);
  };
  if (!recompute) return attend(query, key, value, bias);
  if (bias === null) return checkpoint((q: Tensor, k: Tensor, v: Tensor) => attend(q, k, v, null))(query, key, value);
  return checkpoint(attend as (q: Tensor, k: Tensor, v: Tensor, shift: Tensor) => Tensor)(query, key, value, bias);
}
