import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { add, cast, equal, iota, less, lessEqual, matmul, permute, reshape, sum, where } from "../ops/index.js";
import { type AttentionMasks, attention, scoreBias } from "./attention.js";
import { type Context, context as makeContext } from "./context.js";
import { dropout as dropoutLayer } from "./dropout.js";
import { glorotUniform } from "./initialisers/index.js";
import { type Layer, layer } from "./layer.js";
import { type LinearParameters, linear, requireWidth } from "./linear.js";
import { type RotaryOptions, rotary } from "./positions.js";
import { applyPart } from "./stage.js";

export interface MultiHeadOptions {
  /** Into how many parts the width is cut, each attending on its own. */
  readonly heads: number;
  /** Width of keys and values before they are projected, when it is another. */
  readonly sourceWidth?: number;
  /** Dropout of the weights, in training. Default 0. */
  readonly dropout?: number;
  /** Whether projections have biases. Default true. */
  readonly bias?: boolean;
  /** Whether steps are hidden from those before them. Default false. */
  readonly causal?: boolean;
  /** Turns queries and keys by their positions. Default not. */
  readonly rotary?: boolean | Omit<RotaryOptions, "offset">;
  /** Keeps no weights for the way back and computes them again. Default false. */
  readonly recompute?: boolean;
}

export interface AttentionParameters {
  readonly query: LinearParameters;
  readonly key: LinearParameters;
  readonly value: LinearParameters;
  readonly output: LinearParameters;
}

/** Keys and values of the steps so far, (batch heads capacity headWidth) each: what generation need not compute again. */
export interface KeyValueCache {
  readonly keys: Tensor;
  readonly values: Tensor;
}

export interface AttendOptions extends AttentionMasks {
  /** Where keys and values come from: (batch keys sourceWidth). Default the queries themselves. */
  readonly source?: Tensor;
  readonly context?: Context;
  /** Earlier steps, and how many there are (an int32 scalar). The new ones are put behind them; later places are hidden. */
  readonly cache?: KeyValueCache & { readonly position: Tensor };
}

/** Attention of several heads: `(batch queries width) -> (batch queries width)`. Applied to one tensor, it attends to itself. */
export interface MultiHeadAttention extends Layer<AttentionParameters> {
  attend(parameters: AttentionParameters, x: Tensor, options?: AttendOptions): { output: Tensor; cache: KeyValueCache };
}

/**
 * Multi-head attention: queries, keys and values are projected, each head attends on its part of the width, and the heads
 * together are projected back. Vaswani et al. 2017, arXiv:1706.03762.
 */
export function multiHeadAttention(width: number, options: MultiHeadOptions): MultiHeadAttention {
  const { heads, sourceWidth = width, dropout = 0, bias = true, causal = false, recompute = false } = options;
  const title = `attention ${width}, ${heads} heads`;
  requireWidth("multiHeadAttention", "heads", heads);
  if (width % heads !== 0) {
    throw fault("multiHeadAttention", `a width of ${width} does not divide into ${heads} heads`, {
      expected: "a width that is a multiple of the heads",
      got: `${width} / ${heads} = ${width / heads}`,
    });
  }
  const make = (inputs: number): Layer<LinearParameters> => linear(inputs, width, { bias, init: glorotUniform() });
  const parts = { query: make(width), key: make(sourceWidth), value: make(sourceWidth), output: make(width) };
  const drop = dropoutLayer(dropout);
  const turned = options.rotary === undefined || options.rotary === false ? null : options.rotary === true ? {} : options.rotary;

  const attend: MultiHeadAttention["attend"] = (parameters, x, { source = x, context = makeContext(), cache, ...masks } = {}) => {
    requireSequence(title, "the queries", x, width);
    requireSequence(title, "the source", source, sourceWidth);
    const project = (name: "query" | "key" | "value", from: Tensor): Tensor =>
      splitHeads(applyPart(title, parts[name], name, parameters[name], from, context), heads);
    const place = (projected: Tensor): Tensor =>
      turned === null ? projected : rotary(projected, { ...turned, ...(cache && { offset: cache.position }) });
    const query = place(project("query", x));
    const fresh = { keys: place(project("key", source)), values: project("value", source) };
    const held = cache === undefined ? fresh : extend(cache, fresh);
    const hides = cache === undefined ? { ...masks, causal: masks.causal ?? causal } : { ...masks, mask: upTo(cache.position, query, held.keys) }; // biome-ignore format: one line
    const scores = [x.shape[0], heads, x.shape[1], held.keys.shape[2]];
    const attended = attention(query, held.keys, held.values, {
      bias: scoreBias(title, hides, scores),
      recompute,
      onWeights: (weights) => drop.apply({}, recompute ? weights : context.probe("weights", weights), context),
    });
    return { output: applyPart(title, parts.output, "output", parameters.output, joinHeads(attended), context), cache: held };
  };
  const whole = layer({
    name: "attention",
    title,
    code: ["multiHeadAttention", width, options],
    parameters: { query: parts.query.parameters, key: parts.key.parameters, value: parts.value.parameters, output: parts.output.parameters }, // biome-ignore format: one line
    children: Object.entries(parts),
    apply: (parameters, x, context) => attend(parameters as unknown as AttentionParameters, x, { context }).output,
  });
  return { ...(whole as unknown as Layer<AttentionParameters>), attend };
}

function requireSequence(title: string, what: string, x: Tensor, width: number): void {
  if (x.rank === 3 && x.shape[2] === width) return;
  throw fault(title, `${what} do not fit`, { expected: `(batch length ${width})`, got: formatShape(x.shape) });
}

/** (batch length heads·d) → (batch heads length d). */
function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length, width] = x.shape;
  return permute(reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

function joinHeads(x: Tensor): Tensor {
  const [batch, heads, length, width] = x.shape;
  return reshape(permute(x, [0, 2, 1, 3]), [batch, length, heads * width]);
}

/** The cache with the new steps at `position` and behind it. */
function extend({ keys, values, position }: KeyValueCache & { position: Tensor }, fresh: KeyValueCache): KeyValueCache {
  const [capacity, count] = [keys.shape[2], fresh.keys.shape[2]];
  const target = reshape(add(iota(count), position), [1, count]);
  const places = cast(equal(reshape(iota(capacity), [capacity, 1]), target), "float32");
  const taken = reshape(less(0, sum(places, { axes: 1 })), [capacity, 1]);
  const put = (before: Tensor, now: Tensor): Tensor => where(taken, matmul(places, now), before);
  return { keys: put(keys, fresh.keys), values: put(values, fresh.values) };
}

/** A step may look at what is in the cache up to itself. */
function upTo(position: Tensor, query: Tensor, keys: Tensor): Tensor {
  const [count, capacity] = [query.shape[2], keys.shape[2]];
  return lessEqual(iota(capacity), reshape(add(iota(count), position), [count, 1]));
}
