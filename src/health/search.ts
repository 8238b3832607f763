import type { Candidate } from "./candidates.js";
import { candidatesFor, sizeOf, titleOf } from "./candidates.js";
import type { Diagnosis, SuspectedCause } from "./diagnosis.js";
import { judgeStart, type StartJudgement } from "./mechanism.js";
import { rhoOf, scoreNoise } from "./progress-of.js";
import { brief } from "./proof-text.js";
import { remedies } from "./remedies/index.js";
import type { Tools, TreatmentData } from "./tools.js";
import type { Outcome, Trial } from "./treatment.js";

export interface SearchOptions {
  readonly seed: number;
  readonly tools: Tools;
  readonly signal?: AbortSignal;
  readonly onTrial?: (trial: Trial) => void;
  /** Trainings that the search may cost at most. Default 5. */
  readonly most?: number;
}

/** A candidate that was trained to the end. */
export interface Finalist extends Candidate {
  readonly outcome: Outcome;
  readonly rho: number;
  readonly diagnosis: Diagnosis;
}

export interface SearchResult {
  /** The best first. */
  readonly finalists: readonly Finalist[];
  readonly trials: readonly Trial[];
  /** In trainings of the whole length. */
  readonly cost: number;
}

/** Trainings that a search may cost. */
const MOST_COST = 5;
/** Steps by which a start is judged. */
const PROBE_STEPS = 10;
/** Shares of the training after which candidates are compared, and how many go on from there. */
const rungs = [
  { share: 0.1, keep: 2 },
  { share: 0.3, keep: 1 },
] as const;
/** Candidates of a round that are trained on after their start was looked at. */
const RACED = 4;
/** A loss that is so much lower than all others' decides at once. */
const CLEARLY = 0.85;

/**
 * Looks for the smallest change that cures. Each round: candidates are dropped by their first steps, the rest trained for a tenth
 * and three tenths of the training and compared by their loss over that of a constant, one is trained to the end. A second
 * round adds to what the first one found, when that was not enough. Where nothing comes through, what was not tried yet is.
 */
export async function search(
  data: TreatmentData,
  before: Outcome,
  diagnosis: Diagnosis,
  options: SearchOptions,
): Promise<SearchResult> {
  const state: State = { data, before, options, trials: [], finalists: [], cost: 0 };
  const first = candidatesFor(before.plan, diagnosis, before.history);
  await round(state, first, diagnosis, 1);
  if (state.finalists.length === 0) {
    const tried = new Set(first.flatMap((candidate) => candidate.remedies));
    const others = remedies.filter((remedy) => !tried.has(remedy));
    await round(state, candidatesFor(before.plan, diagnosis, before.history, { catalogue: others }), diagnosis, 1);
  }
  const best = [...state.finalists].sort(byOutcome)[0];
  if (best !== undefined && !isGood(best) && state.cost < (options.most ?? MOST_COST) - 1) {
    const open = stillOpen(best, diagnosis);
    const more = candidatesFor(best.plan, open, best.outcome.history, { before: best.remedies });
    await round(state, more, best.diagnosis, 2, best);
  }
  return { finalists: minimalFirst(state), trials: state.trials, cost: state.cost };
}

interface State {
  readonly data: TreatmentData;
  readonly before: Outcome;
  readonly options: SearchOptions;
  readonly trials: Trial[];
  readonly finalists: Finalist[];
  cost: number;
}

/** Half of what a constant leaves to be learned: with more left over, something may still be in the way. */
const MUCH_LEFT = 0.5;

const isGood = ({ diagnosis, rho }: Finalist): boolean => diagnosis.verdict !== "ill" && rho <= MUCH_LEFT;

/**
 * What the second round goes by: what is found now; what was found first and the first remedy is not for; and, where nothing is
 * wrong any more but much is left to be learned, that it is learned too slowly.
 */
function stillOpen({ diagnosis: now, remedies: used }: Finalist, first: Diagnosis): Diagnosis {
  const treated = new Set<string>(used.flatMap(({ against }) => against));
  const known = new Set(now.causes.map(({ cause }) => cause));
  const open = first.causes.filter(({ cause }) => !treated.has(cause) && !known.has(cause));
  const slow: SuspectedCause = { cause: "lowLearningRate", weight: 0.5, layer: null, argument: "much is left to be learned" };
  return { ...now, causes: [...now.causes, ...open, ...(now.verdict === "ill" || known.has(slow.cause) ? [] : [slow])] };
}

interface Runner extends Candidate {
  readonly score: number;
  readonly rho: number;
  readonly outcome: Outcome;
}

async function round(
  state: State,
  candidates: readonly Candidate[],
  diagnosis: Diagnosis,
  number: number,
  incumbent?: Finalist,
): Promise<void> {
  const { before, options } = state;
  let left = await probe(state, candidates, diagnosis, number);
  for (const { share, keep } of rungs) {
    if (left.length === 0 || (left.length === 1 && incumbent === undefined)) break;
    const steps = Math.ceil(share * before.plan.steps);
    const runners: Runner[] = [];
    for (const candidate of left) runners.push(await train(state, candidate, Math.min(steps, candidate.plan.steps)));
    const limit = incumbent === undefined ? Number.POSITIVE_INFINITY : await rhoAfter(state, incumbent, steps);
    const ahead = runners.filter(({ rho }) => rho < limit);
    const kept = survivors(ahead, keep, state.data.test.length);
    for (const runner of runners) {
      note(state, number, runner, kept.includes(runner), `${brief(runner.rho)} of a constant's loss`);
    }
    left = kept;
  }
  for (const candidate of left) {
    if (state.cost >= (options.most ?? MOST_COST)) break;
    const runner = await train(state, candidate, candidate.plan.steps);
    const subject = await options.tools.describe(runner.plan, state.data);
    const found = options.tools.diagnose({ subject, history: runner.outcome.history });
    note(state, number, runner, true, "trained to the end");
    state.finalists.push({ ...runner, diagnosis: found });
  }
}

/** Where the loss of what was trained to the end stood after fewer steps: what is added to it has to be ahead of that. */
async function rhoAfter({ options, data }: State, { plan, outcome }: Finalist, steps: number): Promise<number> {
  const history = { ...outcome.history, steps: outcome.history.steps.slice(0, steps) };
  return rhoOf({ history, score: outcome.score }, await options.tools.describe(plan, data));
}

/** Candidates whose first steps are healthy, a few at most; where none are, those whose loss is not lost. */
async function probe(
  state: State,
  candidates: readonly Candidate[],
  diagnosis: Diagnosis,
  number: number,
): Promise<readonly Candidate[]> {
  // One candidate has no rival; one that is nearly trained by its first steps is better compared by its loss.
  if (candidates.length < 2 || PROBE_STEPS > 0.1 * state.before.plan.steps) return candidates;
  const judged: ({ candidate: Candidate; runner: Runner } & StartJudgement)[] = [];
  for (const candidate of candidates) {
    const runner = await train(state, candidate, PROBE_STEPS);
    judged.push({ candidate, runner, ...judgeStart(diagnosis.findings, state.before.history, runner.outcome.history) });
  }
  const hopeful = judged.filter(({ hopeless }) => !hopeless);
  const fine = hopeful.some(({ well }) => well) ? hopeful.filter(({ well }) => well) : hopeful;
  // The sort is stable: of candidates that the diagnosis speaks for alike the smaller change comes first.
  const kept = [...fine].sort((one, other) => other.candidate.weight - one.candidate.weight).slice(0, RACED);
  for (const one of judged) {
    const because = one.well && !kept.includes(one) ? "the diagnosis speaks more for others" : one.because;
    note(state, number, one.runner, kept.includes(one), because);
  }
  return kept.map(({ candidate }) => candidate);
}

async function train(state: State, candidate: Candidate, steps: number): Promise<Runner> {
  const { tools, seed, signal } = state.options;
  signal?.throwIfAborted();
  const outcome = await tools.run(candidate.plan, state.data, { seed, steps, ...(signal && { signal }) });
  state.cost += outcome.history.steps.length / state.before.plan.steps;
  const rho = rhoOf(outcome, await tools.describe(candidate.plan, state.data));
  return { ...candidate, outcome, rho, score: outcome.score };
}

/** Those with the least loss; only one when it is far ahead. Of what cannot be told apart the smaller change is the better one. */
function survivors(runners: readonly Runner[], keep: number, samples: number): Runner[] {
  const ranked = runners.filter(({ rho }) => Number.isFinite(rho)).sort((one, other) => one.rho - other.rho);
  const [best, second] = ranked;
  if (best === undefined || second === undefined) return ranked;
  if (best.rho < 0.9 && best.rho < CLEARLY * second.rho) return [best];
  if (keep > 1) return ranked.slice(0, keep);
  const close = ranked.filter((one) => one.rho <= 1.1 * best.rho + 0.01 && one.score >= best.score - scoreNoise(best.score, samples)); // biome-ignore format: one line
  return [...close].sort((one, other) => sizeOf(one) - sizeOf(other)).slice(0, 1);
}

const byOutcome = (one: Finalist, other: Finalist): number =>
  finite(other.outcome.score) - finite(one.outcome.score) || one.rho - other.rho;
const finite = (score: number): number => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score);

/** The smallest change within the noise of the best score, then the others by their score. */
function minimalFirst({ finalists, data }: State): Finalist[] {
  const ranked = [...finalists].sort(byOutcome);
  const [best] = ranked;
  if (best === undefined) return ranked;
  const noise = scoreNoise(best.outcome.score, data.test.length);
  const close = ranked.filter(({ outcome }) => outcome.score >= best.outcome.score - noise);
  const [smallest] = [...close].sort((one, other) => sizeOf(one) - sizeOf(other));
  return smallest === undefined ? ranked : [smallest, ...ranked.filter((one) => one !== smallest)];
}

function note(state: State, number: number, { outcome, rho, score, ...candidate }: Runner, kept: boolean, because: string): void {
  const trial: Trial = {
    remedies: candidate.remedies.map(({ name }) => name),
    title: titleOf(candidate),
    round: number,
    plan: candidate.plan,
    steps: outcome.history.steps.length,
    rho,
    score,
    kept,
    because,
  };
  state.trials.push(trial);
  state.options.onTrial?.(trial);
}
