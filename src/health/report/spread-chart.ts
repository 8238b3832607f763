import { axisFy, axisX, axisY, rectY, ruleX } from "@observablehq/plot";
import { chartSvg } from "../../plot/svg.js";
import type { ActivationHistogram } from "../starting-activations.js";

/** Layers that a chart has room for. */
const MOST_LAYERS = 6;
const ROW = 44;

/** The outputs of some of the hidden layers, one below the other on a common axis, from the first to the last. */
export function spreadChart(histograms: readonly ActivationHistogram[], color: string, title: string): string {
  const shown = evenly(histograms.filter(({ shares }) => shares.length > 0));
  const bars = shown.flatMap(({ layer, low, high, shares }) => {
    // What does not vary still has a width that can be seen.
    const width = (high - low) / shares.length || 0.02 * Math.max(1, Math.abs(low));
    const most = Math.max(...shares);
    return shares.flatMap((share, i) => (share === 0 ? [] : [{ layer, from: low + i * width, to: low + (i + 1) * width, share: share / most }])); // biome-ignore format: one line
  });
  const labels = shown.map(({ layer }) => layer);
  return chartSvg(title, {
    width: 520,
    height: 50 + ROW * shown.length,
    marginLeft: 40 + 6 * Math.max(0, ...labels.map((label) => label.length)),
    marginRight: 8,
    marginTop: 8,
    marginBottom: 42,
    fy: { domain: labels, label: null, axis: null, padding: 0.15 },
    x: { label: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      ruleX([0], { strokeOpacity: 0.35 }),
      rectY(bars, { x1: "from", x2: "to", y: "share", fy: "layer", fill: color }),
      axisX({ ticks: 6, tickSize: 0, tickPadding: 6, label: "output of the activation", labelAnchor: "right", labelArrow: "right", labelOffset: 36 }), // biome-ignore format: one list
      axisY({ ticks: [], label: null }),
      axisFy({ anchor: "left", tickSize: 0, label: null }),
    ],
  });
}

/** The first, the last, and evenly chosen ones between. */
function evenly<T>(list: readonly T[]): readonly T[] {
  if (list.length <= MOST_LAYERS) return list;
  return Array.from({ length: MOST_LAYERS }, (_, i) => list[Math.round((i * (list.length - 1)) / (MOST_LAYERS - 1))]);
}
