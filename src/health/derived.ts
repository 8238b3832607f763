import type { Evidence } from "./diagnosis.js";
import type { LayerReading, MeasuredLayer, Reading } from "./history.js";
import { courseOf, type LossCourse, medianOf } from "./loss-course.js";
import type { Subject, SubjectLayer } from "./subject.js";

/** What follows from one instrumented step. */
export interface Frame {
  readonly step: number;
  readonly layers: readonly LayerReading[];
  /** R_δ = ‖δ_first‖ ÷ ‖δ_last‖; NaN where it says nothing. */
  readonly deltaRatio: number;
  /** ‖δ_l‖ ÷ ‖δ_l+1‖ for every layer but the last. */
  readonly adjacent: readonly number[];
  /** ĉ: geometric mean of the squared adjacent ratios, comparable with χ. */
  readonly factor: number;
  /** R_act: root mean square of the last hidden output ÷ that of the first. */
  readonly activationRatio: number;
  /** U: ‖ΔW‖ ÷ ‖W‖ of each layer, not less than its start for ‖W‖. */
  readonly updates: readonly number[];
}

/** The evidence with everything that follows from it. */
export interface Look extends Evidence {
  readonly course: LossCourse;
  /** τ: how far ratios of narrow deep networks scatter by chance; limits are widened by it. */
  readonly tolerance: number;
  readonly frames: readonly Frame[];
  /** Frames of the start (steps 0–19) and of the last quarter, where ratios mean something. */
  readonly early: readonly Frame[];
  readonly late: readonly Frame[];
  /** Places of the hidden layers among all. */
  readonly hidden: readonly number[];
  /** ‖g‖ ÷ its median over the hundred steps before, at its largest, and when. */
  readonly spike: { readonly ratio: number; readonly step: number };
}

/** Steps that count as the start. */
export const START = 20;
/** Steps in which a layer that starts at 0 blocks the way back. */
const WAKING = 5;

export function lookAt(evidence: Evidence): Look {
  const { subject, history } = evidence;
  const frames = history.readings.map((reading) => frameOf(reading, history.layers, subject));
  const telling = frames.filter(({ step, layers }) => step >= WAKING || layers.every(({ weight }) => weight > 0));
  const end = history.steps.length;
  return {
    ...evidence,
    course: courseOf(history.steps, subject.data.constantLoss, history.budget),
    tolerance: toleranceOf(history.layers),
    frames,
    early: telling.filter(({ step }) => step < START),
    late: telling.filter(({ step }) => step >= START && step >= 0.75 * end),
    hidden: history.layers.flatMap(({ head }, i) => (head ? [] : [i])),
    spike: largestSpike(history.steps.map(({ gradientNorm }) => gradientNorm)),
  };
}

/**
 * One standard deviation of R_δ: exp(½ √(5 L / n)) for L layers of which the narrowest has n units, at most 5 (the variance of
 * ln ‖δ‖ grows with the sum of 1/width: Hanin and Rolnick 2018, arXiv:1803.01719).
 */
export function toleranceOf(layers: readonly MeasuredLayer[]): number {
  const widths = layers.filter(({ head }) => !head).map(({ units }) => units);
  return widths.length === 0 ? 1 : Math.min(5, Math.exp(0.5 * Math.sqrt((5 * layers.length) / Math.min(...widths))));
}

function frameOf(
  { step, layers }: Reading,
  known: readonly MeasuredLayer[],
  { layers: starts, residual = "none" }: Subject,
): Frame {
  const deltas = layers.map(({ delta }) => delta);
  const adjacent = deltas.slice(0, -1).map((delta, i) => delta / deltas[i + 1]);
  const outputs = layers.filter((_, i) => known[i]?.head === false).map(({ power }) => power);
  const logs = adjacent.filter((ratio) => ratio > 0 && ratio < Infinity).map((ratio) => 2 * Math.log(ratio));
  return {
    step,
    layers,
    deltaRatio: residual === "none" ? chainRatio(deltas) : thirdsRatio(deltas),
    adjacent,
    factor: logs.length === 0 ? Number.NaN : Math.exp(logs.reduce((sum, value) => sum + value, 0) / logs.length),
    activationRatio: outputs.length < 2 ? Number.NaN : Math.sqrt(outputs[outputs.length - 1] / outputs[0]),
    updates: layers.map(({ update, weight }, i) => update / Math.max(weight, startOf(known[i], starts[i]))),
  };
}

const chainRatio = (deltas: readonly number[]): number =>
  deltas.length < 2 ? Number.NaN : deltas[0] / deltas[deltas.length - 1];

/**
 * Beside a residual stream layers are no chain, and those of one block (a query, a key, a value) are of unlike sizes by nature: the
 * first third of all is compared with the last third, by geometric means.
 */
function thirdsRatio(deltas: readonly number[]): number {
  const hidden = deltas.slice(0, -1);
  const third = Math.floor(hidden.length / 3);
  if (third === 0) return chainRatio(deltas);
  const level = (part: readonly number[]): number =>
    Math.exp(part.reduce((sum, delta) => sum + Math.log(delta), 0) / part.length);
  return level(hidden.slice(0, third)) / level(hidden.slice(-third));
}

/** ‖W‖ of a layer at its start; of one that starts at 0 what it would have with a spread of 1. */
function startOf(layer: MeasuredLayer | undefined, start: SubjectLayer | undefined): number {
  if (layer === undefined) return 0;
  const { shape, fanIn } = layer.weight;
  const size = shape.reduce((product, axis) => product * axis, 1);
  const spread = start === undefined ? 0 : start.spread > 0 ? start.spread : 1;
  return spread * Math.sqrt(size / Math.max(1, fanIn));
}

/** A spike is told from twenty steps before it on. */
const SPIKE_HISTORY = 20;
const SPIKE_WINDOW = 100;

function largestSpike(norms: readonly number[]): { ratio: number; step: number } {
  let largest = { ratio: 1, step: 0 };
  for (let step = SPIKE_HISTORY; step < norms.length; step++) {
    if (!(norms[step] > largest.ratio * 1e-300)) continue;
    // The median costs more than the rest: only what is far above the step before is looked at.
    if (norms[step] < 3 * norms[step - 1]) continue;
    const ratio = norms[step] / medianOf(norms.slice(Math.max(0, step - SPIKE_WINDOW), step));
    if (ratio > largest.ratio && ratio < Infinity) largest = { ratio, step };
  }
  return largest;
}

/** The median over frames of a number; NaN where none is finite. */
export const medianIn = (frames: readonly Frame[], of: (frame: Frame) => number): number => medianOf(frames.map(of));

/** The step of the first frame for which something holds; of the first one where it holds for none. */
export const onset = (frames: readonly Frame[], holds: (frame: Frame) => boolean): number =>
  (frames.find(holds) ?? frames[0])?.step ?? 0;

/** The step that changed the weights most, as the median over layers of ‖ΔW‖ ÷ ‖W‖. */
export function largestUpdate({ frames }: Look): { readonly size: number; readonly step: number } {
  return frames
    .map(({ step, updates }) => ({ step, size: medianOf(updates) }))
    .reduce((most, one) => (one.size > most.size ? one : most), { size: 0, step: 0 });
}

/** Whether the first step, before any update, shows nothing bad: what is bad later was made by training. */
export function startsHealthy({ frames, hidden, tolerance }: Look): boolean {
  const [first] = frames;
  if (first === undefined) return false;
  const inBand = (ratio: number): boolean => !(ratio < 1e-2 / tolerance) && !(ratio > 1e2 * tolerance);
  const alive = hidden.every((i) => first.layers[i].dead < 0.5 && first.layers[i].saturated < 0.8);
  const finite = first.layers.every(({ nonFinite }) => nonFinite === 0);
  return finite && alive && inBand(first.deltaRatio) && inBand(first.activationRatio);
}
