import type { Plan } from "./plan/plan.js";
import { prove } from "./proof.js";
import { type Finalist, search } from "./search.js";
import type { Tools, TreatmentData } from "./tools.js";
import type { Outcome, ProofVerdict, Treatment, Trial, Verified } from "./treatment.js";

/** Where a treatment stands. */
export interface TreatmentProgress {
  readonly stage: "diagnosis" | "search" | "proof";
  /** What was done last, or is being done. */
  readonly text: string;
}

export interface TreatOptions {
  /** Seeds of the paired trainings; the first one's is searched with. Default 0, 1, 2. */
  readonly seeds?: readonly number[];
  /** Score that a healthy training reaches. Default: the best that the search finds. */
  readonly reference?: number;
  /** Whether remedies are tried at all. Default true. */
  readonly remedies?: boolean;
  readonly onProgress?: (progress: TreatmentProgress) => void;
  readonly signal?: AbortSignal;
  /** Trainings that the search may cost at most. Default 5. */
  readonly most?: number;
}

/** Verdicts that a recommendation may rest on; of two, the earlier. */
const recommendable: readonly ProofVerdict[] = ["proved", "improved", "outcome only"];
/** Remedies that are verified before it is given up. */
const MOST_VERIFIED = 2;

/** Trains a plan, says what is wrong with it, looks for the smallest change that cures it, and proves or refutes that it does. */
export async function treatWith(tools: Tools, plan: Plan, data: TreatmentData, options: TreatOptions = {}): Promise<Treatment> {
  const { seeds = [0, 1, 2], onProgress, signal } = options;
  const [seed = 0] = seeds;
  const tell = (stage: TreatmentProgress["stage"], text: string): void => onProgress?.({ stage, text });
  tell("diagnosis", "training as described");
  const before = await tools.run(plan, data, { seed, ...(signal && { signal }) });
  const evidence = { subject: await tools.describe(plan, data), history: before.history };
  const first = tools.diagnose(evidence);
  const wish = { seed, onQuestion: (question: string) => tell("diagnosis", question), ...(signal && { signal }) };
  const asked = first.verdict === "healthy" ? null : await tools.examine?.({ plan, data, evidence, diagnosis: first }, wish);
  const { diagnosis, examined } = asked ?? { diagnosis: first, examined: [] };
  const untreated: Treatment = { plan, diagnosis, before, after: null, examined, trials: [], verified: [], recommended: null, cost: { search: 0, proof: 0 } }; // biome-ignore format: one record
  if (options.remedies === false || diagnosis.verdict === "healthy") return untreated;
  const found = await search(data, before, diagnosis, {
    seed,
    tools,
    onTrial: (trial) => tell("search", trialText(trial)),
    ...(signal && { signal }),
    ...(options.most !== undefined && { most: options.most }),
  });
  const outcomes = new Map<number, Outcome>([[seed, before]]);
  const reference = options.reference ?? Math.max(before.score || 0, ...found.finalists.map(({ outcome }) => outcome.score || 0));
  const verified: Verified[] = [];
  let proofCost = 0;
  for (const finalist of found.finalists.slice(0, MOST_VERIFIED)) {
    const proved = await prove(data, before, diagnosis, finalist, {
      tools,
      seeds,
      reference,
      untreated: outcomes,
      onRun: (what) => tell("proof", what),
      ...(signal && { signal }),
    });
    verified.push(proved.verified);
    proofCost += proved.cost;
    if (proved.verified.proof.verdict === "proved") break;
  }
  const recommended = recommendation(verified);
  return {
    ...untreated,
    after: recommended === null ? null : (outcomeOf(found.finalists, recommended) ?? null),
    trials: found.trials,
    verified,
    recommended,
    cost: { search: found.cost, proof: proofCost },
  };
}

/** Finalists are verified in their order, so that they share their places. */
const outcomeOf = (finalists: readonly Finalist[], place: number): Outcome | undefined => finalists[place]?.outcome;

/** Place of what is best among what helps: what harms, or does nothing, is never recommended. */
function recommendation(verified: readonly Verified[]): number | null {
  const ranked = verified
    .map(({ proof }, place) => ({ place, rank: recommendable.indexOf(proof.verdict), gain: gainOf(proof.pairs) }))
    .filter(({ rank, gain }) => rank >= 0 && gain >= 0)
    .sort((one, other) => one.rank - other.rank || other.gain - one.gain);
  return ranked[0]?.place ?? null;
}

const gainOf = (pairs: Verified["proof"]["pairs"]): number =>
  pairs.reduce((sum, { before, after }) => sum + (after.score || 0) - (before.score || 0), 0) / Math.max(1, pairs.length);

const trialText = ({ title, steps, because, kept }: Trial): string =>
  `${title}, ${steps} steps: ${because}${kept ? "" : " – dropped"}`;
