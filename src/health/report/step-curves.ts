import { gridY, line, ruleY } from "@observablehq/plot";
import { chartSvg } from "../../plot/svg.js";

/** A line over the steps of a training. */
export interface StepCurve {
  readonly name: string;
  /** A CSS colour, best a variable of the page. */
  readonly color: string;
  readonly values: readonly number[];
}

export interface StepCurvesOptions {
  readonly title: string;
  readonly label: string;
  /** A value to compare with: a line is drawn there. */
  readonly reference?: number;
  /** What the horizontal axis counts. Default "step". */
  readonly along?: string;
}

/** Points of a curve: more than that no screen shows. */
const POINTS = 240;
const WIDEST_RATIO = 50;

/** Curves over steps, each the mean of a few neighbours; logarithmic where the values are, gaps where they are no numbers. */
export function stepCurves(curves: readonly StepCurve[], { title, label, reference, along = "step" }: StepCurvesOptions): string {
  const points = curves.map(({ values }) => thinned(values));
  const seen = [...points.flat().map(({ value }) => value), ...(reference === undefined ? [] : [reference])].filter(
    Number.isFinite,
  );
  const [low, high] = seen.length === 0 ? [0, 1] : [Math.min(...seen), Math.max(...seen)];
  const log = low > 0 && high / low > WIDEST_RATIO;
  const room = high === low ? 0.5 : (high - low) / 20;
  return chartSvg(title, {
    width: 520,
    height: 280,
    marginLeft: 56,
    marginRight: 12,
    marginBottom: 44,
    x: { label: `${along} →`, labelAnchor: "right", labelOffset: 40, tickSize: 0, tickPadding: 8 },
    y: {
      label: `↑ ${label}`,
      tickSize: 0,
      type: log ? "log" : "linear",
      domain: log ? [low / 1.2, high * 1.2] : [low - room, high + room],
      ...(log ? { ticks: 5, tickFormat: "~g" } : {}),
    },
    marks: [
      gridY({ strokeOpacity: 0.12, ...(log && { ticks: 5 }) }),
      ...(reference === undefined ? [] : [ruleY([reference], { strokeDasharray: "4,3", strokeOpacity: 0.6 })]),
      ...points.map((data, i) => line(data, { x: "step", y: "value", stroke: curves[i].color, strokeWidth: 1.8, clip: true })),
    ],
  });
}

/** Means of as many neighbours as it takes; NaN where one of them is no finite number. */
function thinned(values: readonly number[]): { step: number; value: number }[] {
  const size = Math.max(1, Math.ceil(values.length / POINTS));
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => {
    const part = values.slice(i * size, (i + 1) * size);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    return { step: i * size + (part.length - 1) / 2, value: Number.isFinite(mean) ? mean : Number.NaN };
  });
}
