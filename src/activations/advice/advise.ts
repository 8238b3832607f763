import { fault } from "../../ir/fault.js";
import type { Runtime } from "../../run/runtime.js";
import type { Activation } from "../activation.js";
import { catalogue } from "../catalogue.js";
import type { Smoothness } from "../facts.js";
import { frameworkNames, nameIn } from "../frameworks.js";
import { meanField } from "../measure/mean-field.js";
import type { Measured } from "../measure/report.js";
import { costOf } from "./cost.js";
import { type Measures, measuresOf } from "./measures.js";
import { type OutputKind, type OutputRecord, outputKinds, outputs } from "./outputs.js";
import { budgets, type HiddenQuestion, normalisations, type OutputQuestion, type SettledQuestion, smoothnesses } from "./question.js"; // biome-ignore format: one list
import { type Candidate, rules } from "./rules.js";

/** An activation that is advised, and why. */
export interface Recommendation {
  readonly activation: Activation;
  /** From 0 to 1: the judgements of all rules, weighted. */
  readonly score: number;
  /** What counts for it and against it, the weightiest first. */
  readonly reasons: readonly string[];
  readonly reservations: readonly string[];
  readonly measures: Candidate;
  /** From mean-field theory with weights of variance gain² / fanIn: layers after which inputs are e times harder to tell apart. */
  readonly correlationDepth: number | null;
  readonly phase: "ordered" | "critical" | "chaotic" | null;
}

export interface HiddenAdvice {
  readonly task: "hidden";
  readonly recommendations: readonly Recommendation[];
  /** What to mind besides the activation. */
  readonly notes: readonly string[];
}

export interface OutputAdvice {
  readonly task: "output";
  readonly output: OutputKind;
  readonly head: OutputRecord;
  /** Others with the same range, those of most libraries first. */
  readonly alternatives: readonly Activation[];
}

/**
 * Which activation to take, and why: for hidden layers a ranking by the facts of the records and by measured numbers, for an
 * output layer the activation and the loss that belong together.
 */
export function advise(question: HiddenQuestion): Promise<HiddenAdvice>;
export function advise(question: OutputQuestion): Promise<OutputAdvice>;
export async function advise(question: HiddenQuestion | OutputQuestion): Promise<HiddenAdvice | OutputAdvice> {
  return question.task === "output" ? adviseOutput(question) : adviseHidden(question);
}

function adviseOutput({ output, among = catalogue }: OutputQuestion): OutputAdvice {
  if (!outputKinds.includes(output)) {
    throw fault("advise", "there is no such output", { expected: outputKinds.join(", "), got: String(output) });
  }
  const head: OutputRecord = outputs[output];
  const others = among.filter((activation) => activation !== head.activation && head.fits(activation.facts));
  return { task: "output", output, head, alternatives: others.sort((a, b) => libraries(b) - libraries(a)).slice(0, 5) };
}

const libraries = ({ record }: Activation): number => frameworkNames.filter((one) => nameIn(record, one) !== null).length;

/** As many as this are timed: the ranking before counts operations. */
const TIMED = 10;

async function adviseHidden({
  among = catalogue,
  measureCost = false,
  runtime,
  ...given
}: HiddenQuestion): Promise<HiddenAdvice> {
  const question = settled(given);
  const known = among.flatMap((activation) => {
    const measures = smoothEnough(activation, question) ? measuresOf(activation) : null;
    return measures === null ? [] : [{ activation, measures }];
  });
  const counted = ranked(known, question, new Map());
  const best = measureCost
    ? ranked(counted.slice(0, Math.max(TIMED, question.count)), question, await costs(counted, runtime, question.count))
    : counted;
  return {
    task: "hidden",
    recommendations: best.slice(0, question.count).map((entry) => ({ ...entry, ...fieldOf(entry) })),
    notes: notesFor(question),
  };
}

function settled(given: Omit<HiddenQuestion, "among" | "measureCost" | "runtime">): SettledQuestion {
  const question = {
    depth: 4,
    width: 256,
    normalisation: "none",
    budget: "normal",
    smoothness: "any",
    count: 5,
    ...given,
  } as const;
  for (const name of ["depth", "width", "count"] as const) {
    const value = question[name];
    if (!(Number.isInteger(value) && value >= 1)) {
      throw fault("advise", `${name} is out of range`, { expected: "a whole number, 1 or more", got: String(value) });
    }
  }
  const choices = { normalisation: normalisations, budget: budgets, smoothness: smoothnesses } as const;
  for (const name of ["normalisation", "budget", "smoothness"] as const) {
    const allowed: readonly string[] = choices[name];
    if (allowed.includes(question[name])) continue;
    throw fault("advise", `there is no such ${name}`, { expected: allowed.join(", "), got: String(question[name]) });
  }
  return question;
}

const levels: readonly Smoothness[] = ["discontinuous", "C0", "C1", "C2", "C3", "smooth", "analytic"];
const leastLevel: Record<SettledQuestion["smoothness"], Smoothness> = { any: "C0", C1: "C1", smooth: "smooth" };

const smoothEnough = ({ facts }: Activation, { smoothness }: SettledQuestion): boolean =>
  levels.indexOf(facts.smoothness) >= levels.indexOf(leastLevel[smoothness]);

interface Ranked {
  readonly activation: Activation;
  readonly score: number;
  readonly reasons: readonly string[];
  readonly reservations: readonly string[];
  readonly measures: Candidate;
}

interface Known {
  readonly activation: Activation;
  readonly measures: Measures;
}

function ranked(known: readonly Known[], question: SettledQuestion, timed: ReadonlyMap<Activation, number>): Ranked[] {
  const cost = ({ activation, measures }: Known): number => timed.get(activation) ?? measures.operations;
  const cheapest = Math.min(...known.map(cost));
  const judged = known.map((entry): Ranked => {
    const { activation, measures } = entry;
    const candidate = { ...measures, nanoseconds: timed.get(activation) ?? null, relativeCost: cost(entry) / cheapest };
    return { activation, measures: candidate, ...judge(candidate, question) };
  });
  // Equal scores stay in the order of the catalogue.
  return judged.sort((a, b) => b.score - a.score);
}

function judge(candidate: Candidate, question: SettledQuestion): Pick<Ranked, "score" | "reasons" | "reservations"> {
  const judgements = rules.map((rule) => ({ weight: rule.weight(question), ...rule.judge(candidate, question) }));
  const total = judgements.reduce((sum, { weight }) => sum + weight, 0);
  const said = (sign: 1 | -1): string[] =>
    judgements
      .map(({ weight, score, reason }) => ({ reason, strength: sign * weight * (score - 0.6) }))
      .filter(({ reason, strength }) => reason !== "" && strength > 0)
      .sort((a, b) => b.strength - a.strength)
      .map(({ reason }) => reason);
  const score = judgements.reduce((sum, { weight, score: one }) => sum + weight * one, 0) / total;
  return { score, reasons: said(1), reservations: said(-1) };
}

async function costs(best: readonly Ranked[], runtime: Runtime | undefined, count: number): Promise<Map<Activation, number>> {
  const timed = new Map<Activation, number>();
  // One after the other: side by side they would slow each other down.
  for (const { activation } of best.slice(0, Math.max(TIMED, count))) timed.set(activation, await costOf(activation, runtime));
  return timed;
}

function fieldOf({ activation, measures: { gain } }: Ranked): Pick<Recommendation, "correlationDepth" | "phase"> {
  const { phase, depthScales } = meanField((x) => activation(x), { weightVariance: gain ** 2, start: gain ** 2 });
  return { correlationDepth: known(depthScales.correlation), phase: known(phase) };
}

const known = <T>(measured: Measured<T>): T | null => (measured.established ? measured.value : null);

/** Where depth nears width, chance decides: the logarithm of a gradient varies by about depth / width (Hanin & Nica 2018). */
const CROWDED = 1 / 8;

function notesFor({ depth, width, normalisation }: SettledQuestion): string[] {
  return [
    'init: "auto" takes the gain of the activation that follows a layer',
    ...(depth / width > CROWDED
      ? [
          `${depth} layers of ${width} units: gradients differ widely between starts; more width or residual connections steady them`,
        ]
      : []),
    ...(depth >= 20 && normalisation === "none"
      ? ["at this depth normalisation or residual connections help more than any activation"]
      : []),
  ];
}
