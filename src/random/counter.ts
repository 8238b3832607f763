import { fault } from "../ir/fault.js";

/**
 * 64 bits that name one stream of random bits, as two uint32 words. Keys are values: using one twice gives the same bits
 * twice, so derive a fresh one for every use with {@link fold} or {@link split}.
 */
export type Key = readonly [number, number];

/**
 * The constants of the generator. The graph form and this host form read the same record, so they cannot drift apart.
 *
 * Arithmetic on uint32 wraps, and only multiply, add and divide occur: bit operations do not exist on every provider.
 * The mixing function x(2x + 1) and the pair P, Q are those of RC6 (Rivest, Robshaw, Sidney, Yin 1998).
 */
export const generator = {
  /** Mixing rounds. Every key and counter bit reaches every output bit after four; see docs/random.md. */
  rounds: 5,
  /** Odd, near 2³² / golden ratio: neighbouring counters start far apart. */
  counterStep: 0x9e3779b1,
  /** Odd: lanes of one key start the second round far apart. */
  laneStep: 0x85ebca6b,
  /** P: first 32 bits of the fraction of e, made odd. */
  roundStart: 0xb7e15163,
  /** Q: first 32 bits of the fraction of the golden ratio, made odd. */
  roundStep: 0x9e3779b9,
} as const;

/** Lanes keep the words of one key apart by what they are for: drawn bits, and the two words of a derived key. */
export const lanes = { draw: 0, foldFirst: 1, foldSecond: 2 } as const;

/**
 * The uint32 that each round adds, for a key and a lane:
 * round r adds k[(r + 1) mod 2] + P + r·Q, and round 0 adds lane·laneStep besides.
 */
export function roundKeys(key: Key, lane = 0, rounds: number = generator.rounds): Uint32Array {
  requireWords(key);
  const added = new Uint32Array(rounds);
  for (let round = 0; round < added.length; round++) {
    const word = round % 2 === 0 ? key[1] : key[0];
    added[round] = word + generator.roundStart + Math.imul(round, generator.roundStep);
  }
  added[0] = added[0] + Math.imul(lane, generator.laneStep);
  return added;
}

/** The key itself; a seed in its place is told, because its words would silently be 0. */
export function requireWords(key: Key): Key {
  if (Array.isArray(key) && key.length === 2) return key;
  throw fault("random key", "a key is two uint32 words", { got: String(key), fix: "make one from a seed: key(7)" });
}

/**
 * Random uint32 number `counter` of the stream `key`: any position costs the same, nothing is remembered.
 *
 *     start = counter·counterStep + key[0]
 *     x = start; five times: x = rot16(x·(2x + 1)) + roundKey       rot16(y) = y·65536 + ⌊y / 65536⌋
 *     bits = x + start
 *
 * Every round permutes the 2³² words; adding `start` back makes the whole a random *function* of the counter: without it
 * no value could ever come twice, which a sample of 100,000 words already shows.
 */
export function bits32(key: Key, counter: number, lane = 0): number {
  return mix(Math.imul(counter, generator.counterStep) + key[0], roundKeys(key, lane));
}

/** Words `offset`, `offset + 1`, … of the stream `key`; equal to {@link bits32} one by one, and faster. */
export function fillBits(key: Key, length: number, offset = 0): Uint32Array {
  const words = new Uint32Array(length);
  const added = roundKeys(key);
  for (let index = 0; index < length; index++) {
    words[index] = mix(Math.imul(offset + index, generator.counterStep) + key[0], added);
  }
  return words;
}

/** The rounds from `start` on, one for each round key, and `start` added back. */
export function mix(start: number, added: Uint32Array): number {
  let x = start | 0;
  for (let round = 0; round < added.length; round++) {
    const product = Math.imul(x, Math.imul(2, x) + 1);
    x = (((product << 16) | (product >>> 16)) + added[round]) | 0;
  }
  return (x + start) >>> 0;
}

/**
 * The key of a seed: a safe integer or a bigint, of which the low 64 bits count. Neighbouring seeds give unrelated keys.
 */
export function key(seed: number | bigint): Key {
  if (typeof seed === "number" && !Number.isSafeInteger(seed)) {
    throw fault("key", "the seed is not a whole number that float64 holds exactly", {
      expected: "an integer from -(2^53 - 1) to 2^53 - 1, or a bigint",
      got: String(seed),
    });
  }
  const wide = BigInt.asUintN(64, BigInt(seed));
  return fold([Number(wide & 0xffffffffn), Number(wide >> 32n)], 0);
}

/**
 * A new key from a key and a uint32 (a step, an epoch, a layer number): unrelated to its parent, to the parent's bits, and to
 * the keys folded from other numbers.
 */
export function fold(parent: Key, data: number): Key {
  return [bits32(parent, data, lanes.foldFirst), bits32(parent, data, lanes.foldSecond)];
}

/** `count` unrelated keys, `fold(parent, 0)` … `fold(parent, count - 1)`. */
export function split(parent: Key, count = 2): Key[] {
  return Array.from({ length: count }, (_, index) => fold(parent, index));
}

/** The number in [0, 1) of a random word: its top 24 bits · 2⁻²⁴, exact in float32; 1 is never reached. */
export function uniform01(bits: number): number {
  return (bits >>> 8) * 2 ** -24;
}
