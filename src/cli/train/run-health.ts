import type { Diagnosis, Evidence } from "../../health/diagnosis.js";
import type { History, Reading } from "../../health/history.js";
import { plainJson } from "../../health/plain-json.js";
import { describeModel, planLoss, summarise } from "../../health/plan/index.js";
import type { Subject } from "../../health/subject.js";
import { fault } from "../../ir/fault.js";
import type { Layer } from "../../nn/index.js";
import type { Outcome } from "../../plot/report/run-summary.js";
import type { Prepared } from "./prepare.js";
import type { TrainSettings } from "./settings.js";

/** What is kept of the health of a run: what was seen of it, and what that came to. */
export interface RunHealth extends Evidence {
  readonly format: typeof FORMAT;
  readonly title: string;
  readonly task: "classes" | "numbers";
  /** Share of right answers, or of the variance that is explained. */
  readonly score: number;
  readonly seconds: number;
  readonly diagnosis: Diagnosis;
}

const FORMAT = "softgrad health 1";
/** Readings that a file keeps: enough for every picture. */
const MOST_READINGS = 300;

/** What is known of a run before it begins. */
export function subjectOfRun(settings: TrainSettings, { train, task }: Prepared, model: Layer): Subject {
  const classes = train.columns.labels !== undefined;
  const loss = planLoss(classes ? "softmaxCrossEntropy" : "mse");
  const data = summarise(train, {
    target: classes ? "labels" : "targets",
    decisions: false,
    classes: task.outputs,
    batchSize: settings.batchSize,
    constantLoss: loss.constantLoss,
  });
  const { features } = train.columns;
  const powers = data.features.map(({ mean, deviation }) => mean ** 2 + deviation ** 2);
  const inputPower = powers.reduce((sum, power) => sum + power, 0) / Math.max(1, powers.length);
  return {
    layers: describeModel(model, features.shape, { seed: settings.seed, dtype: features.dtype, inputPower }),
    head: { activation: "none", units: task.outputs },
    loss: { name: loss.name, predictions: loss.predictions },
    optimizer: { name: settings.optimizer, learningRate: settings.learningRate, clipNorm: settings.clipNorm },
    batchSize: settings.batchSize,
    data,
  };
}

/** The signal of the layer that is furthest from the last one's, and the largest share of dead units, at the end. */
export function worstOf({ layers, readings }: History): { ratio: number | null; dead: number | null } {
  const last = readings.at(-1);
  if (last === undefined) return { ratio: null, dead: null };
  const end = last.layers[last.layers.length - 1].delta;
  const distance = (ratio: number): number => Math.abs(Math.log(ratio));
  const ratios = last.layers.slice(0, -1).map(({ delta }) => delta / end);
  const hidden = last.layers.filter((_, i) => layers[i].activation !== null);
  return {
    ratio: ratios.reduce<number | null>(
      (worst, ratio) => (worst === null || distance(ratio) > distance(worst) ? ratio : worst),
      null,
    ),
    dead: hidden.length === 0 ? null : Math.max(...hidden.map(({ dead }) => dead)),
  };
}

/** Share of right answers, or of the variance that is explained. */
export const scoreOf = (outcome: Outcome): number =>
  outcome.kind === "classification" ? outcome.accuracy : outcome.kind === "regression" ? outcome.determination : Number.NaN;

/** The file of a run's health. */
export function packHealth(health: Omit<RunHealth, "format" | "task">): string {
  const { readings } = health.history;
  const task = health.subject.data.targets.kind;
  return plainJson({ format: FORMAT, ...health, task, history: { ...health.history, readings: thinned(readings) } });
}

/** All readings of the first steps, where starts are judged, and evenly chosen ones of the rest. */
function thinned(readings: readonly Reading[]): readonly Reading[] {
  const stride = Math.ceil(readings.length / MOST_READINGS);
  return readings.filter(({ step }, i) => step < 20 || i % stride === 0 || i === readings.length - 1);
}

const AGAIN = "train again: the run is watched as it is trained";

/** Reads what {@link packHealth} wrote. */
export function unpackHealth(text: string, where: string): RunHealth {
  const notFinite: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY }; // biome-ignore format: one line
  const health = parse(text, where, (_, value) => (typeof value === "string" ? (notFinite[value] ?? value) : value));
  if (health?.format === FORMAT && Array.isArray(health.history?.readings) && health.diagnosis !== undefined) return health;
  throw fault(where, "this is not the health of a run", { expected: FORMAT, got: text.slice(0, 60), fix: AGAIN });
}

function parse(text: string, where: string, revive: (key: string, value: unknown) => unknown): RunHealth | null {
  try {
    return JSON.parse(text, revive) as RunHealth | null;
  } catch (error) {
    throw fault(
      where,
      "the file is not JSON",
      { got: text.trim() === "" ? "an empty file" : text.trim().slice(0, 60), fix: AGAIN },
      error,
    );
  }
}
