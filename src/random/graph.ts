import { batchGraph } from "../diff/batch.js";
import { fault } from "../ir/fault.js";
import type { Primitive } from "../ir/primitive.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { batchRule, zero } from "../ops/define.js";
import { add, cast, div, iota, mul, reshape, slice, tensor } from "../ops/index.js";
import { fillBits, fold, generator, type Key, lanes, requireWords } from "./counter.js";

/** A key as the host knows it, or as a value of the graph: uint32 (2), so that a compiled step can take it as an input. */
export type KeyLike = Key | Tensor;

const word = (value: number, shape: Shape = []): Tensor => tensor(Uint32Array.of(value >>> 0), { shape, dtype: "uint32" });
const words = (...values: number[]): Tensor => tensor(Uint32Array.from(values, (value) => value >>> 0));

/** The key as a tensor uint32 (2). */
export const keyTensor = (key: KeyLike): Tensor => (key instanceof Tensor ? requireKey(key) : words(...requireWords(key)));

/** The two words of a key that is stored in the graph or given by the host; null when it is computed or fed. */
export function concreteKey(key: KeyLike): Key | null {
  if (!(key instanceof Tensor)) return key;
  const { meaning } = requireKey(key).primitive;
  if (meaning.kind !== "stored") return null;
  const [first, second] = meaning.data(key.params);
  return [first, second];
}

function requireKey(key: Tensor): Tensor {
  if (key.dtype === "uint32" && key.rank === 1 && key.size === 2) return key;
  throw fault("random key", "a key is two uint32 words", {
    expected: "uint32 (2)",
    got: `${key.dtype} (${key.shape.join(" ")})`,
    fix: "make one with key(seed), and more of it with foldIn or splitKey",
  });
}

interface BitsParams {
  readonly shape: Shape;
}

/** Its input is a key. One node for the fifty that the arithmetic takes. */
const bitsPrimitive: Primitive<BitsParams> = {
  name: "randomBits",
  doc: "Random uint32 words: word i is a function of the key and i.",
  shape: (_, { shape }) => shape,
  dtype: () => "uint32",
  derivative: zero,
  batching: batchRule(([keys], _batched, node, size) => {
    const one = Tensor.over(node, [parameter([2], "uint32")]);
    const [{ tensor: words }] = batchGraph([expandBits(one)], new Map([[one.inputs[0], keys]]), size);
    return words;
  }),
  meaning: {
    kind: "expand",
    expand: (node) => expandBits(node),
    evaluate: ([[first, second]], { size }) => fillBits([first, second], size),
  },
  samples: [],
};

/** Random uint32 words, bit for bit those that `fillBits` gives for the same key on the host. */
export function randomBits(key: KeyLike, shape: Shape): Tensor {
  return Tensor.of(bitsPrimitive, [keyTensor(key)], { shape });
}

function expandBits({ inputs: [key], shape }: Tensor): Tensor {
  const count = sizeOf(shape);
  const columns = columnsFor(count);
  const rows = Math.ceil(count / columns);
  // Counters as a sum over a grid: two short lists are stored in the model instead of one as long as the sample.
  const counters = add(mul(iota([rows, 1], { axis: 0, dtype: "uint32" }), word(columns)), iota(columns, { dtype: "uint32" }));
  const flat = reshape(bitsAt(key, counters, word(lanes.draw)), [rows * columns]);
  return reshape(rows * columns === count ? flat : slice(flat, [0, count]), shape);
}

const LARGEST_ROW = 4096;
const SMALLEST_ROW = 64;

/** Length of the rows of a grid of counters: a divisor where there is one of a good size, so that nothing is cut off. */
function columnsFor(count: number): number {
  if (count <= LARGEST_ROW) return Math.max(count, 1);
  for (let columns = LARGEST_ROW; columns >= SMALLEST_ROW; columns--) if (count % columns === 0) return columns;
  return LARGEST_ROW / 4;
}

/**
 * A new key from a key and a whole number (a step, an epoch, a layer), which may be a value of the graph. A key that is known
 * now is folded now and leaves no nodes.
 */
export function foldIn(key: KeyLike, data: number | Tensor): Tensor {
  const known = concreteKey(key);
  if (known !== null && typeof data === "number") return words(...fold(known, data));
  const counter = typeof data === "number" ? word(data) : cast(data, "uint32");
  if (counter.rank !== 0)
    throw fault("foldIn", "the number folded into a key is one number", { got: `(${counter.shape.join(" ")})` });
  return bitsAt(keyTensor(key), counter, words(lanes.foldFirst, lanes.foldSecond));
}

/** `count` unrelated keys, `foldIn(key, 0)` … `foldIn(key, count - 1)`. */
export function splitKey(key: KeyLike, count = 2): Tensor[] {
  const known = concreteKey(key);
  if (known !== null) return Array.from({ length: count }, (_, index) => words(...fold(known, index)));
  const counters = iota([count, 1], { axis: 0, dtype: "uint32" });
  const all = bitsAt(keyTensor(key), counters, words(lanes.foldFirst, lanes.foldSecond));
  return Array.from({ length: count }, (_, index) => reshape(slice(all, [index, index + 1]), [2]));
}

/** `bits32` of the host as graph: multiply, add and divide on uint32 wrap alike on every provider. */
function bitsAt(key: Tensor, counter: Tensor, lane: Tensor): Tensor {
  const first = reshape(slice(key, [0, 1]), []);
  const second = reshape(slice(key, [1, 2]), []);
  const start = add(mul(counter, word(generator.counterStep)), first);
  let x = start;
  for (let round = 0; round < generator.rounds; round++) {
    const constant = word(generator.roundStart + Math.imul(round, generator.roundStep));
    const roundKey = add(round % 2 === 0 ? second : first, constant);
    const added = round === 0 ? add(roundKey, mul(lane, word(generator.laneStep))) : roundKey;
    const product = mul(x, add(mul(x, word(2)), word(1)));
    x = add(add(mul(product, word(65536)), div(product, word(65536))), added);
  }
  return add(x, start);
}
