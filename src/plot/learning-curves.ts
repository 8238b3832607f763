import { dot, gridY, line, ruleX } from "@observablehq/plot";
import { chartSvg } from "./svg.js";

/** One line of a chart over epochs. */
export interface Curve {
  readonly name: string;
  /** A CSS colour, best a variable of the page: "var(--series-1)". */
  readonly color: string;
  /** The value after each epoch, the first being epoch 1. */
  readonly values: readonly number[];
}

export interface CurvesOptions {
  readonly title: string;
  /** What the vertical axis counts: "loss", "accuracy". */
  readonly label: string;
  readonly scale?: "linear" | "log";
  /** Values are shares, shown in per cent. */
  readonly percent?: boolean;
  /** An epoch to point out: the best one. */
  readonly markedEpoch?: number;
  readonly width?: number;
  readonly height?: number;
}

/** Curves over epochs on common axes; values that are no finite number are gaps, and so are those of 0 or less on a log axis. */
export function learningCurves(curves: readonly Curve[], options: CurvesOptions): string {
  const { title, label, scale = "linear", percent = false, markedEpoch, width = 520, height = 300 } = options;
  const factor = percent ? 100 : 1;
  const shown = (value: number): number =>
    Number.isFinite(value) && (scale === "linear" || value > 0) ? value * factor : Number.NaN;
  const points = curves.map(({ values }) => values.map((value, i) => ({ epoch: i + 1, value: shown(value) })));
  const epochs = Math.max(1, ...curves.map(({ values }) => values.length));
  return chartSvg(title, {
    width,
    height,
    marginLeft: 52,
    marginRight: 14,
    marginBottom: 44,
    x: {
      label: "epoch →",
      labelAnchor: "right",
      labelOffset: 40,
      tickSize: 0,
      tickPadding: 8,
      domain: [1, Math.max(2, epochs)],
      tickFormat: wholeOnly,
    },
    y: {
      label: `↑ ${label}${percent ? " (%)" : ""}`,
      type: scale,
      domain: rangeOf(points, scale, percent),
      tickSize: 0,
      ...(scale === "log" && { ticks: 5, tickFormat: "~g" }),
    },
    marks: [
      gridY({ strokeOpacity: 0.12, ...(scale === "log" && { ticks: 5 }) }),
      ...(markedEpoch === undefined ? [] : [ruleX([markedEpoch], { strokeDasharray: "2,3", strokeOpacity: 0.5 })]),
      ...points.map((data, i) => line(data, { x: "epoch", y: "value", stroke: curves[i].color, strokeWidth: 1.8, clip: true })),
      // A line through one point shows nothing.
      ...points.map((data, i) => dot(data.slice(-1), { x: "epoch", y: "value", fill: curves[i].color, r: 3.5 })),
    ],
  });
}

const wholeOnly = (epoch: number): string => (Number.isInteger(epoch) ? String(epoch) : "");

/**
 * From the least to the largest value, with some room. Shares start where they are after a tenth of the epochs: the rise of the
 * first ones would press everything that matters to the upper edge.
 */
function rangeOf(points: readonly (readonly { value: number }[])[], scale: "linear" | "log", percent: boolean): [number, number] {
  const skipped = (length: number): number => (percent ? Math.floor(length / 10) : 0);
  const values = points.flatMap((data) => data.slice(skipped(data.length)).map(({ value }) => value)).filter(Number.isFinite);
  if (values.length === 0) return percent ? [0, 100] : [0.1, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (percent) return [Math.max(0, low - 1), Math.max(high, low + 1) + (high - low) / 25];
  if (scale === "log") return [low / 1.1, high * 1.1];
  return [Math.min(0, low), high === low ? low + 1 : high];
}
