import { axisX, axisY, barY, gridY, ruleY, text } from "@observablehq/plot";
import { chartSvg } from "../../plot/svg.js";
import type { History } from "../history.js";
import { quantile } from "../remedies/change.js";

/** A bar of a chart over layers. */
export interface LayerBar {
  readonly layer: string;
  /** log₁₀ of the ratio to the last layer; NaN where it has no logarithm. */
  readonly power: number;
  /** What is said where there is no bar: "0", "not finite". */
  readonly instead: string;
}

/** ‖δ‖ of every layer over that of the last one, as a power of ten: the median over the readings. */
export function deltaBars({ layers, readings }: History): LayerBar[] {
  return layers.map(({ path }, i) => {
    const ratios = readings.map((reading) => reading.layers[i].delta / reading.layers[layers.length - 1].delta);
    const finite = ratios.filter(Number.isFinite);
    const ratio = finite.length > 0 ? quantile(finite, 0.5) : Number.NaN;
    const instead = ratio === 0 ? "0" : Number.isNaN(ratio) ? "not finite" : "";
    return { layer: path, power: ratio > 0 ? Math.log10(ratio) : Number.NaN, instead };
  });
}

/** The lowest and highest power that all of some charts need, so that they can be compared: a decade each way at least. */
export function commonRange(charts: readonly (readonly LayerBar[])[]): [number, number] {
  const powers = charts.flat().flatMap(({ power }) => (Number.isNaN(power) ? [] : [power]));
  return [Math.floor(Math.min(-1, ...powers)), Math.ceil(Math.max(1, ...powers))];
}

/** Bars from the line of the last layer: downward where the signal vanishes on its way back, upward where it explodes. */
export function deltaChart(bars: readonly LayerBar[], range: [number, number], title: string): string {
  const every = Math.ceil(bars.length / 16);
  return chartSvg(title, {
    width: 520,
    height: 280,
    marginTop: 32,
    marginLeft: 56,
    marginRight: 8,
    marginBottom: 44,
    x: { type: "band", domain: bars.map(({ layer }) => layer), label: null, padding: 0.25 },
    y: { domain: range, label: null },
    marks: [
      gridY({ strokeOpacity: 0.12, ticks: 6 }),
      barY(bars, {
        x: "layer",
        y: "power",
        // An order of magnitude either way is what layers may differ by.
        fill: ({ power }: LayerBar) => (Math.abs(power) <= 1 ? "var(--series-1)" : "var(--wrong)"),
      }),
      ruleY([0], { strokeOpacity: 0.6 }),
      text(
        bars.filter(({ instead }) => instead !== ""),
        { x: "layer", y: 0, text: "instead", rotate: -90, dx: 4, textAnchor: "end", fill: "var(--wrong)" },
      ),
      axisX({ ticks: bars.filter((_, i) => i % every === 0).map(({ layer }) => layer), tickSize: 0, tickPadding: 8, label: "layer", labelAnchor: "right", labelArrow: "right", labelOffset: 40 }), // biome-ignore format: one list
      axisY({ ticks: 6, tickSize: 0, label: "δ ÷ δ of the last layer", labelArrow: "up", tickFormat: power10 }),
    ],
  });
}

/** −4 as "1e−4", 0 as "1"; nothing between whole powers. */
export const power10 = (power: number): string =>
  !Number.isInteger(power) ? "" : power === 0 ? "1" : `1e${power}`.replace("-", "−");
