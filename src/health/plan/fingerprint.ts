import { flattenTree } from "../../ir/tree.js";
import { isTensor } from "../../ops/index.js";

/**
 * Sixteen hexadecimal digits of all bits of computed parameters: trainings that did the same have the same. Two FNV-1a hashes over
 * float32 words, from two starts, the second with the halves of every word changed about.
 */
export function fingerprintOf(parameters: unknown): string {
  let [first, second] = [0x811c9dc5, 0x9e3779b9];
  for (const { primitive, params } of flattenTree(parameters, isTensor, "parameters").leaves) {
    if (primitive.meaning.kind !== "stored") continue;
    for (const word of new Uint32Array(Float32Array.from(primitive.meaning.data(params)).buffer)) {
      first = Math.imul(first ^ word, 0x01000193);
      second = Math.imul(second ^ ((word >>> 16) | (word << 16)), 0x01000193);
    }
  }
  return [first, second].map((hash) => (hash >>> 0).toString(16).padStart(8, "0")).join("");
}
