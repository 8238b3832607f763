/**
 * Prints the generator's raw bytes for a statistical test program, until the reader hangs up:
 *
 *     node --import tsx tools/random/stream.ts counters | dieharder -a -g 200
 *
 * Modes: `counters` (one key, counters 0, 1, 2, …; a fresh key every 2³² words), `keys` (word 0 of fold(key, 0), fold(key, 1), …),
 * `seeds` (word 0 of key(0), key(1), …), `interleaved` (1024 folded keys in turn, one word each, counter by counter),
 * `tensors` (keys fold(fold(key, step), tensor), 64 words each: what a training run draws).
 * A second argument is the seed, 0 by default; a third the number of mixing rounds in mode `counters`, to see which the battery
 * tells from chance.
 */
import { writeSync } from "node:fs";
import { bits32, fillBits, fold, generator, key, mix, roundKeys, split } from "../../src/random/counter.js";

const wordsPerChunk = 1 << 16;
const seed = Number(process.argv[3] ?? 0);
const rounds = Number(process.argv[4] ?? generator.rounds);
const root = key(seed);

type Chunk = (index: number) => Uint32Array;
const wordsByRule = (rule: (position: number) => number): Chunk => {
  return (index) => Uint32Array.from({ length: wordsPerChunk }, (_, word) => rule(index * wordsPerChunk + word));
};

/** fillBits with another number of rounds; a fresh key every 2³² words. */
const countersFrom = (first: number): Uint32Array => {
  const own = fold(root, Math.floor(first / 2 ** 32));
  const added = roundKeys(own, 0, rounds);
  const words = new Uint32Array(wordsPerChunk);
  for (let word = 0; word < wordsPerChunk; word++)
    words[word] = mix(Math.imul(first + word, generator.counterStep) + own[0], added);
  return words;
};

const streams = split(root, 1024);
const modes: Record<string, Chunk> = {
  counters: (index) => countersFrom(index * wordsPerChunk),
  keys: wordsByRule((position) => bits32(fold(root, position), 0)),
  seeds: wordsByRule((position) => bits32(key(position), 0)),
  interleaved: wordsByRule((position) => bits32(streams[position % 1024], Math.floor(position / 1024))),
  tensors: (index) => {
    const words = new Uint32Array(wordsPerChunk);
    const step = fold(root, index);
    for (let tensor = 0; tensor < wordsPerChunk / 64; tensor++) words.set(fillBits(fold(step, tensor), 64), tensor * 64);
    return words;
  },
};

const chunk = modes[process.argv[2] ?? "counters"];
if (!chunk) {
  console.error(`stream: no mode "${process.argv[2]}"\n  expected  ${Object.keys(modes).join(", ")}`);
  process.exit(2);
}

try {
  for (let index = 0; ; index++) writeWhole(new Uint8Array(chunk(index).buffer));
} catch (error) {
  if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
}

/** A pipe may be full or take part of the bytes: write on until all are gone. */
function writeWhole(bytes: Uint8Array): void {
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(1, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
  }
}
