export { fold, type Key, key, split } from "./counter.js";
export {
  bernoulli,
  categorical,
  type NormalOptions,
  normal,
  permutation,
  type TruncatedNormalOptions,
  truncatedNormal,
  uniform,
} from "./distributions.js";
export { concreteKey, foldIn, type KeyLike, keyTensor, randomBits, splitKey } from "./graph.js";
