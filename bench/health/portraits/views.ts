import type { History, LayerReading, Reading } from "../../../src/health/history.js";
import type { SymptomName } from "../../../src/health/names.js";

/** What a picture of a training shows: numbers by layer, by step, or by step of time. */
export interface View {
  readonly label: string;
  readonly scale?: "log" | "linear";
  readonly reference?: number;
  /** What stands below, and where the values do. */
  readonly along: string;
  points(history: History): { readonly at: readonly number[]; readonly values: readonly number[] };
}

/** A symptom as it looks in one program of the corpus, beside the same program repaired. */
export interface Portrait {
  readonly symptom: SymptomName;
  /** Name of the case. */
  readonly case: string;
  readonly view: View;
}

/** Steps that a curve shows at most; where there are more, each point is a mean of several. */
const MOST_POINTS = 240;

/** A number of every layer at the first reading: how the network starts. */
const byLayer = (of: (layer: LayerReading, reading: Reading) => number, view: Omit<View, "along" | "points">): View => ({
  ...view,
  along: "layer",
  points: ({ readings: [first] }) => ({
    at: first === undefined ? [] : first.layers.map((_, i) => i + 1),
    values: first === undefined ? [] : first.layers.map((layer) => of(layer, first)),
  }),
});

/** A number of every reading. */
const byReading = (of: (reading: Reading) => number, view: Omit<View, "along" | "points">): View => ({
  ...view,
  along: "step",
  points: ({ readings }) => ({ at: readings.map(({ step }) => step), values: readings.map(of) }),
});

/** A number of every step. */
const byStep = (of: (step: History["steps"][number]) => number, view: Omit<View, "along" | "points">): View => ({
  ...view,
  along: "step",
  points: ({ steps }) => {
    const together = Math.ceil(steps.length / MOST_POINTS);
    const starts = Array.from({ length: Math.ceil(steps.length / together) }, (_, i) => i * together);
    const mean = (from: number): number => {
      const part = steps.slice(from, from + together);
      return part.reduce((sum, step) => sum + of(step) / part.length, 0);
    };
    return { at: starts, values: starts.map(mean) };
  },
});

const loss = (scale: "log" | "linear" = "linear", reference?: number): View =>
  byStep((step) => step.loss, { label: "training loss", scale, ...(reference !== undefined && { reference }) });

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / values.length, 0);
const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const arriving = byLayer(({ delta }, { layers }) => delta / (layers.at(-1)?.delta ?? Number.NaN), {
  label: "signal that comes back to a layer ÷ that of the head, at the first step",
  scale: "log",
  reference: 1,
});

/** One for each symptom. */
export const portraits: readonly Portrait[] = [
  { symptom: "static mismatch", case: "M-two-softmaxes", view: loss() },
  { symptom: "data scale", case: "S17-bytes-cnn", view: loss("log") },
  {
    symptom: "gradient not flowing",
    case: "S3-one-softmax-clamped",
    view: byStep(({ gradientNorm }) => gradientNorm, { label: "length of the gradient of all weights" }),
  },
  {
    symptom: "initialisation",
    case: "M-normal-relu-digits",
    view: byLayer(({ power }) => Math.sqrt(power), { label: "size of a layer's output, at the first step", scale: "log" }),
  },
  { symptom: "vanishing gradient", case: "A1-sigmoid-8", view: arriving },
  { symptom: "exploding gradient", case: "N3-relu-batchnorm-40", view: arriving },
  {
    symptom: "signal collapse",
    case: "A2-sigmoid-11-adam",
    view: byLayer(({ signal }) => signal, {
      label: "how much of a layer's output tells samples apart, at the first step",
      scale: "log",
    }),
  },
  {
    symptom: "dead units",
    case: "S18-rate-kills-units",
    view: byReading(({ layers }) => mean(layers.slice(0, -1).map(({ dead }) => dead)), { label: "share of dead units" }),
  },
  {
    symptom: "saturation",
    case: "M-normal-tanh-spirals",
    view: byLayer(({ saturated }) => saturated, { label: "share of saturated units, at the first step" }),
  },
  {
    symptom: "update size",
    case: "M-cnn-low-rate",
    view: byReading(({ layers }) => middle(layers.map(({ update, weight }) => update / weight)), {
      label: "length of an update ÷ length of the weights",
      scale: "log",
      reference: 1e-3,
    }),
  },
  { symptom: "non-finite numbers", case: "S1-no-activations", view: loss("log") },
  {
    symptom: "oscillation",
    case: "N-moons-high-rate",
    view: byStep((step) => Math.min(step.loss, 3), { label: "training loss, cut at 3" }),
  },
  { symptom: "divergence", case: "T1-sum-of-squares", view: loss("log") },
  { symptom: "not learning", case: "A6-relu-small-8", view: loss("linear", Math.LN2) },
  {
    symptom: "recurrent gradient",
    case: "N1-adding-tanh",
    view: {
      label: "gradient at a step of time ÷ that at the last, at the end of training",
      scale: "log",
      reference: 1,
      along: "step of time",
      points: ({ readings }) => {
        const lengths = readings.at(-1)?.layers.find(({ overTime }) => overTime !== undefined)?.overTime ?? [];
        const last = lengths[lengths.length - 1] ?? Number.NaN;
        return { at: lengths.map((_, i) => i + 1), values: lengths.map((length) => length / last) };
      },
    },
  },
  { symptom: "train and evaluation differ", case: "N9-batchnorm-2", view: loss() },
  { symptom: "curvature", case: "T3-line-unscaled", view: loss("log") },
  {
    symptom: "gradient noise",
    case: "A6-relu-small-8",
    view: byReading(({ momentRatio }) => momentRatio ?? Number.NaN, {
      label: "share of the squared gradient that is direction, not noise",
      scale: "log",
      reference: 0.053,
    }),
  },
  { symptom: "slow learning", case: "S19-boxes-few-steps", view: loss() },
];

/** "dead units" as a file is called. */
export const slugOf = (name: string): string => name.replaceAll(" ", "-");

export const pictureFolder = "docs/images/health";
