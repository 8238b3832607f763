/**
 * How far one changed input bit reaches, by number of rounds: `node --import tsx tools/random/avalanche.ts`.
 *
 * For each of the 32 bits of a key word, the counter and the lane, over random keys and consecutive counters: how often each output
 * bit changes, as the worst deviation from one half in standard deviations (of 1024; chance gives about 3.5) and as the mean of the
 * squares (chance gives 1 ± 0.14 at three deviations).
 */
import { fillBits, generator, key, mix, roundKeys } from "../../src/random/counter.js";

const trials = 1 << 14;
const inputs = ["key[0]", "key[1]", "counter", "lane"] as const;
const random = fillBits(key(1), 2 * trials);

const bits = ([first, second, counter, lane]: readonly number[], rounds: number): number =>
  mix(Math.imul(counter, generator.counterStep) + first, roundKeys([first, second], lane, rounds));

for (let rounds = 2; rounds <= 6; rounds++) {
  for (const [input, name] of inputs.entries()) {
    const changes = countChanges(input, rounds);
    const deviations = Array.from(changes, (count) => (count - trials / 2) / Math.sqrt(trials / 4));
    const worst = deviations.reduce((most, deviation) => Math.max(most, Math.abs(deviation)), 0);
    const square = deviations.reduce((sum, deviation) => sum + deviation ** 2, 0) / deviations.length;
    console.log(`${rounds} rounds  ${name.padEnd(8)} worst ${worst.toFixed(1).padStart(6)}  mean square ${square.toFixed(2)}`);
  }
}

/** For each input bit and each output bit, in how many trials the one changed the other. */
function countChanges(input: number, rounds: number): Float64Array {
  const changes = new Float64Array(32 * 32);
  for (let trial = 0; trial < trials; trial++) {
    const arguments_ = [random[2 * trial], random[2 * trial + 1], trial, 0];
    const before = bits(arguments_, rounds);
    for (let bit = 0; bit < 32; bit++) {
      const changed = arguments_.with(input, (arguments_[input] ^ (1 << bit)) >>> 0);
      const difference = before ^ bits(changed, rounds);
      for (let out = 0; out < 32; out++) changes[32 * bit + out] += (difference >>> out) & 1;
    }
  }
  return changes;
}
