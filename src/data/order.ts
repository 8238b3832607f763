import { fault } from "../ir/fault.js";
import { fillBits, fold, type Key } from "../random/counter.js";

/** A uniformly random order of 0 … length − 1, by the shuffle of Fisher and Yates; the same key gives the same order. */
export function permutation(key: Key, length: number): Uint32Array {
  const order = naturalOrder(length);
  const draw = boundedDraws(key, length);
  for (let last = length - 1; last > 0; last--) {
    const chosen = draw(last + 1);
    const moved = order[last];
    order[last] = order[chosen];
    order[chosen] = moved;
  }
  return order;
}

/** The order of an epoch. It depends on key, epoch and length alone, so training can start again in the middle of one. */
export const epochOrder = (key: Key, epoch: number, length: number): Uint32Array => permutation(fold(key, epoch), length);

/** 0, 1, …, length − 1. */
export const naturalOrder = (length: number): Uint32Array => Uint32Array.from({ length }, (_, index) => index);

/**
 * Draws whole numbers in [0, bound), each equally likely: words of the last, incomplete round of `bound` are drawn again.
 * `expected` is how many draws to prepare for; more may be made.
 */
export function boundedDraws(key: Key, expected: number): (bound: number) => number {
  let first = 0;
  let words = fillBits(key, expected);
  let used = 0;
  return (bound) => {
    if (!(bound >= 1 && bound <= 2 ** 32)) throw fault("boundedDraws", `the bound is ${bound}`, { expected: "1 to 2^32" });
    const limit = 2 ** 32 - (2 ** 32 % bound);
    for (;;) {
      if (used === words.length) {
        first += words.length;
        words = fillBits(key, 64, first);
        used = 0;
      }
      const word = words[used++];
      if (word < limit) return word % bound;
    }
  };
}
