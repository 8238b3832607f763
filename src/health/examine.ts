import { findCause } from "./causes/index.js";
import { askCounterfactually, type CounterfactualResult, canBeTakenOut, swayedBy } from "./counterfactual.js";
import { diagnose } from "./diagnose.js";
import type { Diagnosis, FirstNonFinite, Probes } from "./diagnosis.js";
import { courseOf } from "./loss-course.js";
import type { SymptomName } from "./names.js";
import { trainedUntil } from "./plan/trained-until.js";
import { steepestBorne } from "./symptoms/curvature.js";
import { originText } from "./symptoms/non-finite-numbers.js";
import { isNothingToLearn } from "./symptoms/not-learning.js";
import { shown } from "./symptoms/symptom.js";
import type { Examination, Examinee, ExamineWish } from "./tools.js";
import { curvatureAlongGradient, replayForNonFinite } from "./trials/batch.js";
import { shuffledLabels } from "./trials/shuffled-labels.js";

/** Something that a diagnosis can leave open, and how to find it out. A record: what is asked is derived from these. */
interface Question {
  readonly text: string;
  /** Whether what was found asks for it. */
  arises(examinee: Examinee): boolean;
  /** Null where nothing came of it. */
  ask(examinee: Examinee, wish: ExamineWish): Promise<Answer | null>;
}

interface Answer {
  readonly text: string;
  readonly cost: number;
  readonly probes?: Probes;
  readonly sway?: readonly CounterfactualResult[];
}

/** Steps of each counterfactual training. */
const SHORT = 20;
/** Difference of weights up to which two causes are rivals, and the weight from which a cause explains why nothing is learnt. */
const RIVALRY = 0.1;
const EXPLAINS = 0.5;
/** Causes that are about the labels and the length: shuffling tells whether it is them. */
const leftOpen: readonly string[] = ["badLabels", "tooFewSteps"];
/** Optimizers whose steps are the gradient times the rate, so that its curvature says how long they may be. */
const descents: readonly string[] = ["sgd"];

const questions: readonly Question[] = [
  {
    text: "Which operation makes the first number that is not finite?",
    arises: ({ diagnosis }) => found(diagnosis, "non-finite numbers") !== null,
    async ask({ plan, data, diagnosis }, { seed, signal }) {
      const { step = 0 } = found(diagnosis, "non-finite numbers") ?? {};
      // A gradient breaks one step before the loss does: weights that it has changed are not finite.
      const from = Math.max(0, step - 1);
      const origin = await trainedUntil(plan, data, { seed, step: from, ...(signal && { signal }) }, replayForNonFinite, 2);
      return { text: brokenText(origin, step), cost: step / plan.steps, probes: { firstNonFinite: origin } };
    },
  },
  {
    text: "Which learning rate does the curvature allow?",
    arises: ({ plan, diagnosis }) =>
      descents.includes(plan.optimizer.name) && (found(diagnosis, "oscillation") ?? found(diagnosis, "divergence")) !== null,
    async ask({ plan, data, diagnosis, evidence }, { seed, signal }) {
      const { step = 0 } = found(diagnosis, "divergence") ?? found(diagnosis, "oscillation") ?? {};
      const place = { seed, step, ...(signal && { signal }) };
      const seen = await trainedUntil(plan, data, place, curvatureAlongGradient);
      if (seen === null || !Number.isFinite(seen.value)) return null;
      const rate = evidence.history.steps[step]?.learningRate ?? plan.optimizer.learningRate;
      return { text: rateText(seen.value, { step, rate, momentum: plan.optimizer.momentum }), cost: step / plan.steps, probes: { curvature: seen } }; // biome-ignore format: one record
    },
  },
  {
    text: "Is there anything to learn?",
    arises: ({ diagnosis }) =>
      found(diagnosis, "not learning") !== null &&
      !diagnosis.causes.some(({ cause, weight }) => weight >= EXPLAINS && !leftOpen.includes(cause)),
    async ask({ plan, data, evidence: { subject, history } }, { seed }) {
      const shuffled = await shuffledLabels(plan, data, { seed });
      const { rho } = courseOf(history.steps, subject.data.constantLoss, history.budget);
      return { text: labelsText(shuffled, rho), cost: 1, probes: { shuffledLabels: shuffled } };
    },
  },
  {
    text: "Which of two likely causes is it?",
    arises: ({ plan, diagnosis: { causes } }) => {
      const [first, second] = causes;
      if (second === undefined || first.weight - second.weight > RIVALRY) return false;
      return [first, second].some(({ cause }) => canBeTakenOut(plan, cause));
    },
    async ask({ plan, data, diagnosis: { causes } }, { seed }) {
      const steps = Math.min(SHORT, plan.steps);
      const sway = await askCounterfactually(plan, data, { causes }, { seed, steps, most: 2 });
      if (sway.every(({ gone, left }) => gone.length + left.length === 0)) return null;
      return { text: sway.map(removedText).join(" "), cost: ((1 + sway.length) * steps) / plan.steps, sway };
    },
  },
];

/**
 * Tries out what a diagnosis leaves open, and diagnoses again with what came of it: where numbers stop being finite, which rate the
 * curvature allows, whether there is anything to learn, which of two rival causes it is. Only what was found asks for its question; a
 * training that is healthy asks nothing.
 */
export async function examine(given: Examinee, wish: ExamineWish): Promise<Examination> {
  let examination: Examination = { diagnosis: given.diagnosis, probes: {}, examined: [] };
  for (const question of questions) {
    const { diagnosis, probes, examined } = examination;
    const examinee = { ...given, diagnosis };
    if (diagnosis.verdict === "healthy" || wish.signal?.aborted || !question.arises(examinee)) continue;
    wish.onQuestion?.(question.text);
    const answer = await question.ask(examinee, wish);
    if (answer === null) continue;
    const known = { ...probes, ...answer.probes };
    const said = answer.probes === undefined ? diagnosis : diagnose({ ...given.evidence, probes: known });
    examination = {
      diagnosis: answer.sway === undefined ? said : { ...said, causes: swayedBy(said.causes, answer.sway) },
      probes: known,
      examined: [...examined, { question: question.text, answer: answer.text, cost: answer.cost }],
    };
  }
  return examination;
}

/** A finding that is more than a note. */
const found = ({ findings }: Diagnosis, name: SymptomName) =>
  findings.find(({ symptom, severity }) => symptom === name && severity !== "note") ?? null;

const brokenText = (origin: FirstNonFinite | null, step: number): string =>
  origin === null
    ? `Neither the loss nor its gradient of step ${step} or the one before makes it: the update of the weights does, or a running statistic.`
    : originText(origin);

function rateText(
  curvature: number,
  { step, rate, momentum }: { step: number; rate: number; momentum: number | undefined },
): string {
  const along = `At step ${step} the curvature along the gradient is ${shown(curvature)}`;
  if (!(curvature > 0)) return `${along}: no step along it is too long.`;
  const limit = steepestBorne(momentum) / curvature;
  return `${along}: rates above ${shown(limit)} overshoot further with every step, and this one is ${shown(rate)}.`;
}

function labelsText(shuffled: number, rho: number): string {
  const ends = `With labels in random order the same training ends at ρ = ${shown(shuffled)}, with the given ones at ${shown(rho)}`;
  return isNothingToLearn(shuffled, rho)
    ? `${ends}: it does learn, by heart, and what it is given says nothing of the inputs.`
    : `${ends}: it does not learn by heart either, so that it is not the labels alone.`;
}

function removedText({ cause, gone, left }: CounterfactualResult): string {
  return `${findCause(cause)?.title ?? cause}: without it ${gone.length} of ${gone.length + left.length} alarms of the first steps are gone.`;
}
