import type { Case } from "../corpus/case.js";
import type { Cure, Examination, Failure, Part, Result } from "./result.js";
import { median, type Share, shareOf } from "./statistics.js";

/** How near the repaired program counts as recovered, and a loss of how much as harm. */
const NEAR = 0.05;
const HARM = 0.01;

/** What a tool says of faulty trainings and of healthy ones. */
export interface Detection {
  readonly name: string;
  readonly recall: Share;
  readonly falsePositives: Share;
}

/** What the results of one part say; shares of trainings, if nothing else is said. */
export interface FaultySummary {
  readonly cases: number;
  readonly recall: Share;
  /** At least in danger: bad starts that training got over count here. */
  readonly suspected: Share;
  /** Ill where the training came to less than the repaired program, and not where it was well by luck. */
  readonly agreement: Share;
  /** One of the accepted symptoms was among the findings. */
  readonly symptom: Share;
  /** Of those that were found. */
  readonly firstCause: Share;
  readonly secondCause: Share;
  readonly layer: Share;
  /** Share of cases and seeds within five points of the repaired program, after the recommended cure. */
  readonly recovery: Share;
  /** The same, without any cure. */
  readonly recoveryBefore: Share;
  /** Of cases. */
  readonly proved: Share;
  readonly worse: Share;
  /** Trainings that the search cost. */
  readonly search: { readonly median: number; readonly most: number };
  readonly proof: { readonly median: number; readonly most: number };
  /** Step from which the verdict could be given, and that as a share of the training. */
  readonly time: { readonly medianStep: number; readonly medianShare: number; readonly mostShare: number };
}

/** What the results of healthy programs say. */
export interface ControlSummary {
  readonly cases: number;
  readonly falsePositives: Share;
  /** At least in danger: bad starts that training got over. */
  readonly suspected: Share;
}

/** A faulty case in a line. */
export interface CaseLine {
  readonly name: string;
  readonly part: Part;
  readonly found: Share;
  readonly findings: readonly string[];
  readonly causes: readonly string[];
  readonly score: number;
  readonly reference: number;
  readonly cure: Cure | null;
}

export interface CorpusSummary {
  readonly tuned: FaultySummary;
  readonly held: FaultySummary;
  readonly both: FaultySummary;
  readonly controls: { readonly tuned: ControlSummary; readonly held: ControlSummary; readonly both: ControlSummary };
  /** Ours first, then the rivals. */
  readonly detections: readonly Detection[];
  readonly lines: readonly CaseLine[];
  readonly alarms: readonly Examination[];
  readonly failures: readonly Failure[];
}

const ill = ({ verdict }: Examination): boolean => verdict === "ill";
const suspected = ({ verdict }: Examination): boolean => verdict !== "healthy";
/** A score that is no number is that of a model that answers nothing. */
const finite = (score: number): number => (Number.isFinite(score) ? score : 0);

/** Everything that the latest results of the given cases say. */
export function summarise(cases: readonly Case[], results: readonly Result[]): CorpusSummary {
  const known = new Map(cases.map((one) => [one.name, one]));
  const of = <K extends Result["kind"]>(kind: K) =>
    results.filter((result): result is Extract<Result, { kind: K }> => result.kind === kind && known.has(result.case));
  const [examinations, cures, failures] = [of("examination"), of("cure"), of("failure")];
  const faults = examinations.filter((one) => known.get(one.case)?.kind === "faulty");
  const controls = examinations.filter((one) => known.get(one.case)?.kind === "control");
  const faulty = (within: (row: { part: Part }) => boolean): FaultySummary =>
    faultySummary(known, faults.filter(within), cures.filter(within));
  const healthy = (within: (row: { part: Part }) => boolean): ControlSummary => {
    const rows = controls.filter(within);
    return {
      cases: new Set(rows.map((one) => one.case)).size,
      falsePositives: shareOf(rows, ill),
      suspected: shareOf(rows, suspected),
    };
  };
  const isOf = (part: Part) => (row: { part: Part }) => row.part === part;
  const all = (): boolean => true;
  const rivals = [...new Set(examinations.flatMap((one) => Object.keys(one.rivals)))];
  const detection = (name: string, says: (one: Examination) => boolean): Detection => ({
    name,
    recall: shareOf(faults, says),
    falsePositives: shareOf(controls, says),
  });
  return {
    tuned: faulty(isOf("tuned")),
    held: faulty(isOf("held")),
    both: faulty(all),
    controls: { tuned: healthy(isOf("tuned")), held: healthy(isOf("held")), both: healthy(all) },
    detections: [detection("softgrad", ill), ...rivals.map((name) => detection(name, (one) => one.rivals[name] === true))],
    lines: cases.flatMap((one) => caseLine(one, faults, cures)),
    alarms: controls.filter(suspected),
    failures,
  };
}

function faultySummary(
  known: ReadonlyMap<string, Case>,
  examinations: readonly Examination[],
  cures: readonly Cure[],
): FaultySummary {
  const found = examinations.filter(ill);
  const expected = (one: { case: string }) => {
    const { symptoms, causes, layers } = known.get(one.case) as Extract<Case, { kind: "faulty" }>;
    return { symptoms: symptoms as readonly string[], causes: causes as readonly string[], layers };
  };
  const causeWithin = (places: number) => (one: Examination) =>
    one.causes.slice(0, places).some(({ cause }) => expected(one).causes.includes(cause));
  const placed = found.filter((one) => expected(one).layers !== null);
  const pairs = cures.flatMap((cure) => cure.pairs.map((pair) => ({ ...pair, reference: cure.reference, cure })));
  const near = (score: number, reference: number): boolean => finite(score) >= reference - NEAR;
  const middle = (values: readonly number[]) => ({ median: median(values), most: Math.max(...values, Number.NEGATIVE_INFINITY) });
  const shares = found.map(({ decidedAt, steps }) => decidedAt / steps);
  return {
    cases: new Set(examinations.map((one) => one.case)).size,
    recall: shareOf(examinations, ill),
    suspected: shareOf(examinations, suspected),
    agreement: shareOf(examinations, (one) => ill(one) !== near(one.score, one.reference)),
    symptom: shareOf(examinations, (one) => one.findings.some(({ symptom }) => expected(one).symptoms.includes(symptom))),
    firstCause: shareOf(found, causeWithin(1)),
    secondCause: shareOf(found, causeWithin(2)),
    layer: shareOf(placed, (one) => (expected(one).layers ?? []).includes(namedLayer(one) ?? "")),
    recovery: shareOf(pairs, ({ after, reference }) => near(after, reference)),
    recoveryBefore: shareOf(pairs, ({ before, reference }) => near(before, reference)),
    proved: shareOf(cures, ({ verdict }) => verdict === "proved"),
    worse: shareOf(pairs, ({ before, after }) => finite(after) < finite(before) - HARM),
    search: middle(cures.map(({ cost }) => cost.search)),
    proof: middle(cures.map(({ cost }) => cost.proof)),
    time: { medianStep: median(found.map(({ decidedAt }) => decidedAt)), medianShare: median(shares), mostShare: shares.length === 0 ? Number.NaN : Math.max(...shares) }, // biome-ignore format: one line
  };
}

/** The layer that a diagnosis points at: that of the likeliest cause, or of the gravest finding. */
export const namedLayer = ({ causes, findings }: Examination): string | null =>
  causes[0]?.layer ?? findings.find(({ layer }) => layer !== null)?.layer ?? null;

function caseLine(one: Case, examinations: readonly Examination[], cures: readonly Cure[]): CaseLine[] {
  const own = examinations.filter((row) => row.case === one.name);
  const [first] = own;
  if (first === undefined) return [];
  const commonest = (names: readonly string[]): string[] => [...new Set(names)].slice(0, 3);
  return [
    {
      name: one.name,
      part: first.part,
      found: shareOf(own, ill),
      findings: commonest(own.flatMap(({ findings }) => findings.slice(0, 2).map(({ symptom }) => symptom))),
      causes: commonest(own.flatMap(({ causes }) => causes.slice(0, 1).map(({ cause }) => cause))),
      score: median(own.map(({ score }) => finite(score))),
      reference: median(own.map(({ reference }) => finite(reference))),
      cure: cures.find((cure) => cure.case === one.name) ?? null,
    },
  ];
}
