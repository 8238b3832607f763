import type { Diagnosis, Finding } from "./diagnosis.js";
import type { History } from "./history.js";
import { type Band, type Measure, measures } from "./measures.js";
import { brief } from "./proof-text.js";
import { quantile } from "./remedies/change.js";
import type { MechanismCheck } from "./treatment.js";

/** What has to be mended: what is critical, and where nothing is, what is a risk at least. */
function grave(findings: readonly Finding[]): readonly Finding[] {
  const risks = findings.filter(({ severity }) => severity !== "note");
  const critical = risks.filter((finding) => finding.critical);
  return critical.length > 0 ? critical : risks;
}

const concerns = (measure: Measure, { symptom }: Finding): boolean => measure.symptoms.some((name) => name === symptom);

const measuresFor = (findings: readonly Finding[]): readonly Measure[] =>
  measures.filter((measure) => grave(findings).some((finding) => concerns(measure, finding)));

const inside = (value: number, [low, high]: Band): boolean => value >= low && value <= high;

/** Steps in which starts are compared. */
const START = 20;
/** A loss that grows by so much in its first steps leads nowhere. */
const GROWS = 100;

/** What first steps say of a candidate. */
export interface StartJudgement {
  readonly well: boolean;
  /** Nothing can come of it: the loss is lost. */
  readonly hopeless: boolean;
  readonly because: string;
}

/** Whether what was found bad in the first steps is as it should be in those of another history, or at least half of the way. */
export function judgeStart(findings: readonly Finding[], before: History, history: History): StartJudgement {
  const broken = history.steps.findIndex(({ loss }) => !Number.isFinite(loss));
  if (broken >= 0) return { well: false, hopeless: true, because: `the loss is not finite at step ${broken}` };
  const [first, last] = [history.steps[0]?.loss ?? 0, history.steps.at(-1)?.loss ?? 0];
  if (last > GROWS * Math.abs(first)) {
    return { well: false, hopeless: true, because: `the loss grows from ${brief(first)} to ${brief(last)}` };
  }
  for (const measure of measuresFor(findings)) {
    const was = startOf(measure, before);
    const value = startOf(measure, history);
    const band = measure.band(history);
    // What was fine at the start and broke later cannot be judged at the start, nor what is not known.
    if (Number.isNaN(was) || Number.isNaN(value) || inside(was, measure.band(before)) || inside(value, band)) continue;
    if (halfWay(measure, was, value, band)) continue;
    const because = `${measure.symbol} ${brief(value)}, outside ${brief(band[0])} to ${brief(band[1])}`;
    return { well: false, hopeless: false, because };
  }
  return { well: true, hopeless: false, because: "starts well" };
}

/** Whether at most half of the distance to the band is left. */
function halfWay({ ratio }: Measure, was: number, value: number, [low, high]: Band): boolean {
  const scale = (x: number): number => (ratio ? Math.log(Math.max(x, Number.MIN_VALUE)) : x);
  const distance = (x: number): number => Math.max(scale(low) - scale(x), scale(x) - scale(high), 0);
  return distance(value) <= distance(was) / 2;
}

const startOf = (measure: Measure, history: History): number =>
  median(history.readings.filter(({ step }) => step < START).map((reading) => measure.of(reading, history)));

/** What was found, measured over whole trainings without and with a remedy. What has no measure is asked of the diagnoses. */
export function checkMechanism(
  findings: readonly Finding[],
  before: History,
  after: readonly { readonly history: History; readonly diagnosis: Diagnosis }[],
  predicted: number | null,
): MechanismCheck[] {
  const histories = after.map(({ history }) => history);
  const measured = measuresFor(findings).flatMap((measure): MechanismCheck[] => {
    const bad = usual(measure, before);
    // A measure that stayed in its band was not what went wrong.
    if (shareInside(measure, before, measure.band(before)) >= 0.9) return [];
    return [
      {
        symptom: grave(findings).find((finding) => concerns(measure, finding))?.symptom ?? "",
        measure: measure.symbol,
        before: bad,
        after: median(histories.map((history) => usual(measure, history))),
        band: mendedBand(measure, bad, histories[0] ?? before),
        share: Math.min(...histories.map((history) => shareInside(measure, history, mendedBand(measure, bad, history)))),
        predicted: measure.symbol === "R_δ" ? predicted : null,
      },
    ];
  });
  const known = new Set(measured.map(({ symptom }) => symptom));
  const others = [...new Set(grave(findings).map(({ symptom }) => symptom))].filter((symptom) => !known.has(symptom));
  return [...measured, ...others.map((symptom) => goneCheck(symptom, after.map(({ diagnosis }) => diagnosis)))]; // biome-ignore format: one line
}

/** Whether a symptom is no longer critical: 1 before, and after it the share of seeds in which it still is. */
function goneCheck(symptom: string, diagnoses: readonly Diagnosis[]): MechanismCheck {
  const shows = ({ severity, critical, symptom: name }: Finding): boolean => name === symptom && critical && severity !== "note";
  const still = diagnoses.filter(({ findings }) => findings.some(shows)).length;
  const share = 1 - still / diagnoses.length;
  return { symptom, measure: symptom, before: 1, after: 1 - share, band: [0, 0], share, predicted: null };
}

/** Where a training with the remedy has to stay: inside the band toward the fault that it had, short of the opposite fault. */
function mendedBand({ band, beyond }: Measure, was: number, history: History): Band {
  const [low, high] = band(history);
  return was > high ? [Math.min(low, beyond[0]), high] : [low, Math.max(high, beyond[1])];
}

/** Share of the readings in a band, of those that are known: 0 ÷ 0 is nothing. */
function shareInside(measure: Measure, history: History, band: Band): number {
  const values = known(history.readings.map((reading) => measure.of(reading, history)));
  return values.length === 0 ? 0 : values.filter((value) => inside(value, band)).length / values.length;
}

const usual = (measure: Measure, history: History): number =>
  median(history.readings.map((reading) => measure.of(reading, history)));
const known = (values: readonly number[]): number[] => values.filter((value) => !Number.isNaN(value));
const median = (values: readonly number[]): number => quantile(known(values), 0.5);
