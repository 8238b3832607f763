// What the benchmarks of activations share: options, a quiet machine, the same function on both sides, interleaved rounds.
import { parseArgs } from "node:util";
import type { Activation } from "softgrad/activations";
import { describeLoad, tooLoaded } from "../harness/load.js";
import { timed } from "../own/section.js";
import { at, type Passes } from "./ours.js";
import type { Peer } from "./python.js";

/** Length of one timing, in milliseconds. */
const TIMING_MS = 60;

/** The command line; ends the program, with a word, where the machine is busy and it is not forced. */
export function duelOptions() {
  const { values: options } = parseArgs({
    options: {
      python: { type: "string", default: "python3" },
      threads: { type: "string", default: "2" },
      rounds: { type: "string", default: "7" },
      only: { type: "string", multiple: true },
      force: { type: "boolean", default: false },
      docs: { type: "boolean", default: false },
    },
  });
  const before = { load: describeLoad(), busy: tooLoaded() };
  process.stderr.write(`${before.load}\n`);
  if (before.busy && !options.force) {
    process.stderr.write(
      "bench: the machine is busy, so times would say nothing\n  fix       wait until it is quiet, or pass --force\n",
    );
    process.exit(1);
  }
  return { ...options, before, threads: Number(options.threads), rounds: Number(options.rounds) };
}

/** Both sides must compute the same function, or the comparison means nothing; at `kinks` the two may take different sides. */
export async function requireAgreement(
  peer: Peer,
  name: string,
  activation: Activation,
  close: number,
  kinks: (x: number) => boolean = () => false,
): Promise<void> {
  const theirs = await peer.ask<{ x: number[]; value: number[]; slope: number[] }>({ name, value: true });
  const ours = await at(activation, theirs.x);
  for (const what of ["value", "slope"] as const) {
    theirs[what].forEach((expected, i) => {
      const x = theirs.x[i] as number;
      const got = ours[what][i] as number;
      if (Math.abs(got - expected) <= close * Math.max(1, Math.abs(expected)) || kinks(x)) return;
      throw new Error(`${name}: the ${what} at ${x} is ${got}, PyTorch's ${expected}`);
    });
  }
}

/** Runs of a side: how many it should make of a number that suits the first, and its time for so many, in milliseconds each. */
export interface Side {
  readonly share?: number;
  ms(count: number): Promise<number>;
}

export const ours = (work: Passes, share = 1): Side => ({
  share,
  ms: async (count) => {
    const { ms } = await timed(async () => {
      for (let i = 0; i < count; i++) await work.run();
    });
    return ms / count;
  },
});

export const theirs = (peer: Peer, name: string): Side => ({
  ms: async (repeat) => (await peer.ask<{ ms: number }>({ name, repeat })).ms,
});

/** Milliseconds of interleaved rounds, in the order of the sides. */
export async function duel(sides: readonly [Side, ...Side[]], rounds: number): Promise<number[][]> {
  const count = Math.max(3, Math.round(TIMING_MS / (await sides[0].ms(5))));
  const times: number[][] = sides.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, { share = 1, ms }] of sides.entries()) times[i]?.push(await ms(Math.max(1, Math.round(count * share))));
  }
  return times;
}
