import { axisX, axisY, cell, text } from "@observablehq/plot";
import { chartSvg } from "../../plot/svg.js";
import type { History } from "../history.js";

/** Columns of a map: more than that no reader compares. */
const COLUMNS = 32;

/** The share of dead units of every hidden layer at some of the readings: the darker, the more. */
export function deadMap(history: History, title: string): string {
  const hidden = history.layers.flatMap(({ head, path }, i) => (head ? [] : [{ path, i }]));
  const shown = evenly(history.readings, COLUMNS);
  const cells = shown.flatMap(({ step, layers }) =>
    hidden.map(({ path, i }) => ({ step, path, dead: Number.isFinite(layers[i].dead) ? layers[i].dead : 1 })),
  );
  const steps = shown.map(({ step }) => step);
  const every = Math.ceil(steps.length / 8);
  return chartSvg(title, {
    width: 520,
    height: 46 + 20 * hidden.length,
    marginLeft: 40 + 6 * Math.max(0, ...hidden.map(({ path }) => path.length)),
    marginRight: 8,
    marginTop: 4,
    marginBottom: 42,
    x: { type: "band", domain: steps, padding: 0, label: null },
    y: { type: "band", domain: hidden.map(({ path }) => path), padding: 0.08, label: null },
    color: { type: "identity" },
    opacity: { type: "identity" },
    marks: [
      // An empty cell is seen as one.
      cell(cells, { x: "step", y: "path", fill: "var(--line)", inset: 0.4 }),
      cell(cells, { x: "step", y: "path", fill: "var(--wrong)", fillOpacity: "dead", inset: 0.4 }),
      ...(cells.length === 0 ? [text(["nothing was measured"], { frameAnchor: "middle" })] : []),
      axisX({ ticks: steps.filter((_, i) => i % every === 0), tickSize: 0, tickPadding: 6, label: "step", labelAnchor: "right", labelArrow: "right", labelOffset: 36 }), // biome-ignore format: one list
      axisY({ tickSize: 0, tickPadding: 6, label: "layer", labelArrow: "none" }),
    ],
  });
}

/** At most so many of a list, the first and the last among them. */
function evenly<T>(list: readonly T[], most: number): T[] {
  if (list.length <= most) return [...list];
  return Array.from({ length: most }, (_, i) => list[Math.round((i * (list.length - 1)) / (most - 1))]);
}
