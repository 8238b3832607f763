import type { Remote } from "./remote.js";

export interface RoundPlan {
  readonly rounds: number;
  /** Least length of one timing; shorter ones measure the clock and the scheduler. */
  readonly leastMs: number;
}

export interface Measurement {
  readonly name: string;
  readonly version: string;
  readonly prepareMs: number;
  /** Milliseconds a step, one entry a round. */
  readonly stepMs: readonly number[];
  readonly cpuMs: readonly number[];
  /** Largest resident set of the process, where it is told. */
  readonly peakMb: number;
  /** Of the first steps (of the first calls, for a contender that runs several steps a call). */
  readonly losses: readonly number[];
  readonly lastLoss: number;
  readonly stepsPerCall: number;
}

/**
 * Times the contenders in turn, round after round (A B C A B C …), so that a disturbance hits all of them alike.
 * Each is warmed up and its number of steps chosen first; a round's figure is the mean over its steps.
 */
export async function interleave(
  remotes: readonly Remote[],
  plan: RoundPlan,
  tell: (line: string) => void,
): Promise<Measurement[]> {
  const found = [];
  for (const remote of remotes) {
    const losses = await remote.losses(5);
    const steps = await enoughSteps(remote, plan.leastMs);
    found.push({ remote, losses, steps, stepMs: [] as number[], cpuMs: [] as number[], last: Number.NaN, peakMb: Number.NaN });
  }
  for (let round = 0; round < plan.rounds; round++) {
    for (const entry of found) {
      const { ms, cpuMs, loss, peakMb = Number.NaN } = await entry.remote.time(entry.steps);
      entry.stepMs.push(ms / entry.steps);
      entry.cpuMs.push(cpuMs / entry.steps);
      entry.last = loss;
      entry.peakMb = peakMb;
    }
    tell(`round ${round + 1} of ${plan.rounds}`);
  }
  return found.map(({ remote, losses, stepMs, cpuMs, last, peakMb }) => ({
    name: remote.name,
    version: remote.version,
    prepareMs: remote.prepareMs,
    stepMs,
    cpuMs,
    peakMb,
    losses,
    lastLoss: last,
    stepsPerCall: remote.stepsPerCall,
  }));
}

/** A multiple of 8 steps that takes at least `leastMs`; doubling until then also warms up. Where one step takes so long, one. */
async function enoughSteps(remote: Remote, leastMs: number): Promise<number> {
  if ((await remote.time(1)).ms > leastMs && (await remote.time(1)).ms > leastMs) return 1;
  for (let steps = 8; ; steps *= 2) {
    const { ms } = await remote.time(steps);
    if (ms >= leastMs) return steps;
    if (ms > leastMs / 4) return 8 * Math.ceil((steps * leastMs * 1.2) / ms / 8);
  }
}
