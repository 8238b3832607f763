import { axisX, axisY, dot, gridY, line, ruleY } from "@observablehq/plot";
import { framed, placed, text } from "./activation-figure.js";
import { type Palette, palettes, type Theme } from "./activation-palette.js";
import { chartSvg } from "./svg.js";

/** A quantity in every layer of one network. */
export interface DepthCurve {
  readonly name: string;
  /** The value in each layer, the first being layer 1. */
  readonly values: readonly number[];
}

/** One quantity, in several networks. */
export interface DepthPanel {
  /** What the vertical axis shows: "variance". */
  readonly label: string;
  readonly scale?: "linear" | "log";
  /** A value that is meant to be kept: a line is drawn there. */
  readonly reference?: number;
  readonly curves: readonly DepthCurve[];
}

/** What the values of every curve stand over, where that is not the number of a layer. */
export interface DepthAxis {
  /** What the horizontal axis shows: "step". */
  readonly label: string;
  /** Where the values stand. Default 1, 2, 3, … */
  readonly at?: readonly number[];
  readonly scale?: "linear" | "log";
}

export interface DepthOptions {
  readonly title: string;
  /** Default: the layers of the network, numbered from 1. */
  readonly along?: DepthAxis;
  /** `auto`, the default, is light or dark as the reader's system is; PNG needs one of the others. */
  readonly theme?: Theme;
}

const PAD = 20;
const WIDTH = 720;
const HEIGHT = 240;

/**
 * What becomes of a signal, or a gradient, from layer to layer: a panel for each quantity, a curve for each network, the same
 * networks in the same colours. Values that are no finite numbers, and those of 0 or less on a log axis, are gaps.
 */
export function depthChart(
  panels: readonly DepthPanel[],
  { title, along = { label: "layer" }, theme = "auto" }: DepthOptions,
): string {
  const palette = palettes[theme];
  const names = [...new Set(panels.flatMap(({ curves }) => curves.map(({ name }) => name)))];
  const colourOf = (name: string): string => palette.series[names.indexOf(name) % palette.series.length];
  const rows = keys(names, colourOf, palette);
  const top = 52 + 20 * rows.length;
  const drawn = panels.map((panel, i) => {
    const y = top + i * (HEIGHT + 34);
    const label = panel.scale === "log" ? `${panel.label} (logarithmic)` : panel.label;
    return (
      text(label, PAD, y + 6, palette.ink, 'font-size="13" font-weight="600"') +
      placed(panelChart(panel, along, colourOf, palette), PAD, y + 10)
    );
  });
  const heading = text(title, PAD, 34, palette.ink, 'font-size="17" font-weight="600"');
  return framed([heading, ...rows, ...drawn].join(""), top + panels.length * (HEIGHT + 34) + 4, palette, title, WIDTH + 2 * PAD);
}

/** Names with the colour of their curves, as many to a line as fit. */
function keys(names: readonly string[], colourOf: (name: string) => string, palette: Palette): string[] {
  const lines: string[] = [];
  let x = PAD;
  for (const name of names) {
    const width = 44 + 7 * name.length;
    if (lines.length === 0 || x + width > WIDTH + PAD) {
      lines.push("");
      x = PAD;
    }
    const y = 38 + 20 * lines.length;
    const stroke = `<path d="M${x} ${y - 4}h18" stroke="${colourOf(name)}" stroke-width="2.4"/>`;
    lines[lines.length - 1] += stroke + text(name, x + 24, y, palette.ink, 'font-size="12"');
    x += width;
  }
  return lines;
}

function panelChart(
  { label, scale = "linear", reference, curves }: DepthPanel,
  along: DepthAxis,
  colourOf: (name: string) => string,
  palette: Palette,
) {
  const seen = (value: number): boolean => Number.isFinite(value) && (scale === "linear" || value > 0);
  const points = curves.map(({ values }) =>
    values.map((value, i) => ({ place: along.at?.[i] ?? i + 1, value: seen(value) ? value : Number.NaN })),
  );
  const places = points.flat().map(({ place }) => place);
  const layers = along.at?.length ? [Math.min(...along.at), Math.max(...along.at)] : [1, Math.max(2, ...places)];
  const shown = [...points.flat().map(({ value }) => value), ...(reference === undefined ? [] : [reference])];
  const font = { fill: palette.soft, fontSize: 10 };
  const ticks = scale === "log" ? { ticks: 5, tickFormat: shortPower } : { ticks: 5 };
  return chartSvg(`${label} by ${along.label}`, {
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 46,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 36,
    style: { background: "none", overflow: "visible" },
    x: { domain: layers, type: along.scale ?? "linear", label: null },
    y: { domain: around(shown.filter(Number.isFinite), scale), type: scale, label: null },
    marks: [
      gridY({ ...ticks, stroke: palette.line, strokeOpacity: 1 }),
      axisX({ ticks: ticksOf(along, layers), text: shortNumber, tickSize: 0, tickPadding: 5, label: along.label, labelAnchor: "right", labelOffset: 30, labelArrow: "right", ...font }), // biome-ignore format: one list
      axisY({ ...ticks, tickSize: 0, tickPadding: 6, label: null, ...font }),
      ...(reference === undefined ? [] : [ruleY([reference], { stroke: palette.soft, strokeDasharray: "4,3" })]),
      ...points.map((data, i) => {
        return line(data, { x: "place", y: "value", stroke: colourOf(curves[i].name), strokeWidth: 1.8 });
      }),
      // A line through one point shows nothing.
      ...points.map((data, i) => dot(data.slice(-1), { x: "place", y: "value", fill: colourOf(curves[i].name), r: 2.6 })),
    ],
  });
}

/** Layers and steps are counted: no tick stands between two. A log axis has one at each of its places, if they are few. */
const ticksOf = ({ at, scale }: DepthAxis, [first, last]: readonly number[]): number | number[] =>
  scale === "log" && at !== undefined && at.length <= 9 ? [...at] : at === undefined ? Math.min(9, last - first + 1) : 9;

const shortNumber = (value: number): string => String(Number(value.toPrecision(4))).replace("-", "−");

/** 0.01, 10 and 1e-5: as much as a narrow margin holds. */
const shortPower = (value: number): string =>
  value >= 0.01 && value < 1e4 ? String(value) : value.toExponential().replace("e+", "e").replace("-", "−");

/** From the least to the largest value, with some room. */
function around(values: readonly number[], scale: "linear" | "log"): [number, number] {
  if (values.length === 0) return scale === "log" ? [0.1, 10] : [-1, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (scale === "log") return [low / 1.3, high * 1.3];
  const room = high === low ? 1 : 0.06 * (high - low);
  return [low - room, high + room];
}
