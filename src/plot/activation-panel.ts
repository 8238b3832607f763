import { axisX, axisY, dot, gridX, gridY, line, type Markish, rect, ruleX, ruleY } from "@observablehq/plot";
import type { Palette } from "./activation-palette.js";
import type { ActivationSamples, CurvePoint, SampledCurve } from "./activation-samples.js";
import { chartSvg } from "./svg.js";

/** One curve of a panel, and how it is drawn. */
export interface PanelCurve {
  readonly curve: SampledCurve;
  readonly color: string;
  readonly width: number;
  /** As of SVG's stroke-dasharray. */
  readonly dashes?: string;
}

export interface PanelOptions {
  readonly title: string;
  readonly width: number;
  readonly height: number;
  readonly interval: readonly [low: number, high: number];
  /** About how many ticks an axis has. */
  readonly ticks: number;
  readonly palette: Palette;
  /** Values beyond this are cut off. Default three quarters of the interval. */
  readonly tallest?: number;
  /** Of whose saturation and kinks the panel tells; null to leave them out. */
  readonly marked: Pick<ActivationSamples, "kinks" | "saturated"> | null;
}

const MARGIN = { left: 30, right: 8, top: 8, bottom: 20 };

/** Curves over common axes, cut off where they leave the frame. */
export function activationPanel(curves: readonly PanelCurve[], options: PanelOptions): string {
  const { title, width, height, interval, ticks, palette, marked, tallest = 0.75 * (interval[1] - interval[0]) } = options;
  const frame = { x: interval, y: suitedHeight(curves.map(({ curve }) => curve), tallest) }; // biome-ignore format: one line
  const scale = {
    x: (width - MARGIN.left - MARGIN.right) / (frame.x[1] - frame.x[0]),
    y: (height - MARGIN.top - MARGIN.bottom) / (frame.y[1] - frame.y[0]),
  };
  const text = { fill: palette.soft, fontSize: 10 };
  return chartSvg(title, {
    width,
    height,
    marginLeft: MARGIN.left,
    marginRight: MARGIN.right,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    style: { background: "none", overflow: "visible" },
    x: { domain: frame.x, label: null },
    y: { domain: frame.y, label: null },
    marks: [
      ...(marked === null ? [] : shades(marked, frame.y, palette)),
      gridX({ ticks, stroke: palette.line, strokeOpacity: 1 }),
      gridY({ ticks: ticks - 1, stroke: palette.line, strokeOpacity: 1 }),
      ruleX([0], { stroke: palette.soft, strokeOpacity: 0.6 }),
      ruleY([0], { stroke: palette.soft, strokeOpacity: 0.6 }),
      axisX({ ticks, tickSize: 0, tickPadding: 5, label: null, ...text }),
      axisY({ ticks: ticks - 1, tickSize: 0, tickPadding: 5, label: null, ...text }),
      ...curves.flatMap((drawn) => strokes(drawn, frame, scale)),
      ...(marked === null ? [] : points(marked, frame.y, palette, curves[curves.length - 1].color)),
    ],
  });
}

interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** High enough for what the curves do near the middle; what only grows further out is cut off. */
function suitedHeight(curves: readonly SampledCurve[], tallest: number): [number, number] {
  const values = curves
    .flat(2)
    .map(({ y }) => y)
    .filter((y) => Number.isFinite(y) && Math.abs(y) <= tallest)
    .sort((a, b) => a - b);
  if (values.length === 0) return [-1, 1];
  const [bottom, top] = [Math.min(values[0], 0), Math.max(values[values.length - 1], 0)];
  const span = top - bottom;
  if (span < 1e-9) return [-1, 1];
  return [bottom - 0.06 * span, top + 0.06 * span];
}

const shades = (
  { saturated }: Pick<ActivationSamples, "saturated">,
  [y1, y2]: readonly [number, number],
  palette: Palette,
): Markish[] =>
  saturated.map(([x1, x2]) => rect([0], { x1: () => x1, x2: () => x2, y1: () => y1, y2: () => y2, fill: palette.shade }));

function strokes({ curve, color, width, dashes }: PanelCurve, frame: Frame, scale: { x: number; y: number }): Markish[] {
  const runs = curve.flatMap((run) => cutOff(run, frame.y)).map((run) => simplified(run, scale));
  const style = { x: "x", y: "y", stroke: color, strokeWidth: width, strokeLinecap: "round", strokeLinejoin: "round" } as const;
  return runs.map((run) => line(run, { ...style, ...(dashes !== undefined && { strokeDasharray: dashes }) }));
}

/** A dot where a derivative jumps; where f itself does, a filled one at its value and open ones where it only comes near. */
function points(
  { kinks }: Pick<ActivationSamples, "kinks">,
  [low, high]: readonly [number, number],
  palette: Palette,
  color: string,
): Markish[] {
  const visible = (y: number): boolean => y >= low && y <= high;
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6 * Math.max(1, Math.abs(b));
  const of = (filled: boolean): CurvePoint[] =>
    kinks.flatMap(({ at, order, left, value, right }) => {
      const open = order > 0 ? [] : [left, right].filter((y) => !near(y, value));
      return (filled ? [value] : open).filter(visible).map((y) => ({ x: at, y }));
    });
  const jumps = kinks.filter(({ order }) => order === 0).map(({ at }) => at);
  return [
    ruleX(jumps, { stroke: color, strokeDasharray: "1,3", strokeOpacity: 0.7 }),
    dot(of(true), { x: "x", y: "y", r: 2.6, fill: color, stroke: palette.card, strokeWidth: 1 }),
    dot(of(false), { x: "x", y: "y", r: 2.6, fill: palette.card, stroke: color, strokeWidth: 1.4 }),
  ];
}

/** The parts of a run inside the frame, each begun and ended on its edge. */
function cutOff(run: readonly CurvePoint[], [low, high]: readonly [number, number]): CurvePoint[][] {
  const inside = ({ y }: CurvePoint): boolean => y >= low && y <= high;
  const edge = (a: CurvePoint, b: CurvePoint): CurvePoint[] => {
    if (!Number.isFinite(a.y) || !Number.isFinite(b.y)) return [];
    const y = Math.max(a.y, b.y) > high ? high : low;
    return [{ x: a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y), y }];
  };
  const parts: CurvePoint[][] = [];
  let open: CurvePoint[] | null = null;
  run.forEach((point, i) => {
    const before = run[i - 1];
    if (inside(point)) {
      if (open === null) {
        open = before === undefined ? [] : edge(before, point);
        parts.push(open);
      }
      open.push(point);
    } else if (open !== null) {
      open.push(...edge(before, point));
      open = null;
    }
  });
  return parts;
}

/** A tenth of a pixel: less cannot be seen. */
const TOLERANCE = 0.1;

/** Fewer points for the same picture, by Douglas & Peucker's halving at the point furthest from the chord. */
function simplified(run: readonly CurvePoint[], scale: { readonly x: number; readonly y: number }): CurvePoint[] {
  if (run.length < 3) return [...run];
  const [first, last] = [run[0], run[run.length - 1]];
  const [dx, dy] = [(last.x - first.x) * scale.x, (last.y - first.y) * scale.y];
  const length = Math.hypot(dx, dy) || 1;
  let [furthest, at] = [0, 0];
  run.forEach(({ x, y }, i) => {
    const distance = Math.abs((x - first.x) * scale.x * dy - (y - first.y) * scale.y * dx) / length;
    if (distance > furthest) [furthest, at] = [distance, i];
  });
  if (furthest <= TOLERANCE) return [first, last];
  return [...simplified(run.slice(0, at + 1), scale).slice(0, -1), ...simplified(run.slice(at), scale)];
}
