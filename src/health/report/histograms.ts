import { axisX, axisY, rectY, ruleX } from "@observablehq/plot";
import { chartSvg } from "../../plot/svg.js";
import type { History } from "../history.js";
import { power10 } from "./delta-bars.js";

/** Numbers of one kind, of every layer at every reading. */
export interface Distribution {
  readonly title: string;
  readonly label: string;
  readonly values: readonly number[];
  /** What is usual: lines are drawn there. */
  readonly usual: readonly [low: number, high: number];
}

/** Root mean square of the activations of hidden layers, over all readings. */
export const activationSizes = ({ layers, readings }: History): Distribution => ({
  title: "Activations",
  label: "root mean square of a layer's activations",
  values: readings.flatMap((reading) => reading.layers.flatMap(({ power }, i) => (layers[i].head ? [] : [Math.sqrt(power)]))),
  usual: [0.1, 10],
});

/** Length of the update over that of the weights, over all layers and readings. */
export const updateSizes = ({ readings }: History): Distribution => ({
  title: "Updates",
  label: "length of an update ÷ length of the weights",
  values: readings.flatMap((reading) => reading.layers.map(({ update, weight }) => update / weight)),
  usual: [1e-4, 1e-1],
});

const HALF = 0.5;

/** A histogram with one bar to half a power of ten. Numbers that are 0 or not finite are counted in the title, not drawn. */
export function histogram({ title, label, values, usual }: Distribution, color: string, range: [number, number]): string {
  const counts = new Map<number, number>();
  for (const value of values) {
    const power = Math.log10(value);
    if (!Number.isFinite(power)) continue;
    const low = Math.min(range[1] - HALF, Math.max(range[0], Math.floor(power / HALF) * HALF));
    counts.set(low, (counts.get(low) ?? 0) + 1);
  }
  const bars = [...counts].map(([low, count]) => ({ low, high: low + HALF, share: (100 * count) / values.length }));
  return chartSvg(title, {
    width: 520,
    height: 212,
    marginTop: 32,
    marginLeft: 44,
    marginRight: 8,
    marginBottom: 42,
    x: { domain: range, label: null },
    y: { domain: [0, Math.max(10, ...bars.map(({ share }) => share))], label: null },
    marks: [
      rectY(bars, { x1: "low", x2: "high", y: "share", fill: color, inset: 0.5 }),
      ruleX(usual.map(Math.log10), { strokeDasharray: "3,3", strokeOpacity: 0.6 }),
      axisX({ tickSize: 0, tickPadding: 6, tickFormat: power10, label, labelAnchor: "right", labelArrow: "right", labelOffset: 36 }), // biome-ignore format: one list
      axisY({ ticks: 4, tickSize: 0, label: "% of readings", labelArrow: "up" }),
    ],
  });
}

/** Powers of ten that all of some distributions lie in, their usual ends included, at most twelve to either side of 1. */
export function powersOf(distributions: readonly Distribution[]): [number, number] {
  const powers = distributions.flatMap(({ values, usual }) => [...values, ...usual].map(Math.log10).filter(Number.isFinite));
  return [Math.max(-12, Math.floor(Math.min(...powers))), Math.min(12, Math.ceil(Math.max(...powers)) + 0.5)];
}
