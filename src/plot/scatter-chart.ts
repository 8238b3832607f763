import { dot, gridX, gridY, line } from "@observablehq/plot";
import { chartSvg } from "./svg.js";

/** Predicted values over true ones, with the line where both agree. Pairs that are no finite numbers are left out. */
export function scatterChart(pairs: readonly (readonly [truth: number, predicted: number])[], unit: string): string {
  const finite = pairs.filter((pair) => pair.every(Number.isFinite));
  const values = finite.flat();
  const [low, high] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const agreement = [low, high].map((value) => [value, value]);
  return chartSvg("predicted over true values", {
    width: 520,
    height: 440,
    marginLeft: 66,
    marginTop: 28,
    marginBottom: 44,
    x: { label: `true ${unit} →`, labelAnchor: "right", labelOffset: 40, nice: true, ticks: 6, tickSize: 0, tickPadding: 8 },
    y: { label: `↑ predicted ${unit}`, nice: true, ticks: 6, tickSize: 0 },
    marks: [
      gridX({ strokeOpacity: 0.1, ticks: 6 }),
      gridY({ strokeOpacity: 0.1, ticks: 6 }),
      line(agreement, { stroke: "currentColor", strokeOpacity: 0.45, strokeDasharray: "4,3" }),
      dot([...finite], { fill: "var(--series-1)", fillOpacity: 0.6, r: 3 }),
    ],
  });
}
