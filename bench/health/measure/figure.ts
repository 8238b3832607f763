import { axisX, axisY, dot, gridX, gridY, link, text as words } from "@observablehq/plot";
import { framed, placed, text } from "../../../src/plot/activation-figure.js";
import { palettes } from "../../../src/plot/activation-palette.js";
import { chartSvg } from "../../../src/plot/svg.js";
import type { CorpusSummary } from "./summary.js";

const PAD = 24;
const PANEL = { width: 712, height: 430 };

/** Recall against false positives with Wilson's intervals, a point for each tool: the upper left corner is where one wants to be. */
export function corpusFigure({ detections }: CorpusSummary): string {
  const palette = palettes.auto;
  const points = detections.map(({ name, recall, falsePositives }, i) => ({
    name,
    x: 100 * (falsePositives.share || 0),
    y: 100 * (recall.share || 0),
    left: 100 * falsePositives.low,
    right: 100 * falsePositives.high,
    low: 100 * recall.low,
    high: 100 * recall.high,
    fill: (i === 0 ? palette.series[0] : palette.series[5]) as string,
  }));
  const font = { fill: palette.soft, fontSize: 11, tickSize: 0, tickPadding: 6 };
  const chart = chartSvg("Recall against false positives", {
    ...PANEL,
    marginLeft: 40,
    marginRight: 12,
    marginTop: 14,
    marginBottom: 40,
    style: { background: "none", overflow: "visible" },
    x: { domain: [0, 100], label: null },
    y: { domain: [0, 104], label: null },
    marks: [
      gridX({ stroke: palette.line, strokeOpacity: 1 }),
      gridY({ ticks: 5, stroke: palette.line, strokeOpacity: 1 }),
      axisX({ label: "healthy programs called ill, %", labelAnchor: "right", labelOffset: 34, ...font }),
      axisY({ ticks: 5, label: null, ...font }),
      link(points, { x1: "left", x2: "right", y1: "y", y2: "y", stroke: "fill", strokeWidth: 1.4 }),
      link(points, { x1: "x", x2: "x", y1: "low", y2: "high", stroke: "fill", strokeWidth: 1.4 }),
      dot(points, { x: "x", y: "y", r: 4.5, fill: "fill" }),
      words(points, { x: "x", y: "y", text: "name", dx: 8, dy: 12, textAnchor: "start", fill: palette.ink, fontSize: 12 }),
    ],
  });
  const title = "Faults that are found, and false alarms";
  const head = text(title, PAD, 36, palette.ink, 'font-size="18" font-weight="600"');
  const label = text("faulty programs called ill, %; bars are 95 % intervals", PAD, 62, palette.soft, 'font-size="12.5"');
  return framed(head + label + placed(chart, PAD, 70), 70 + PANEL.height + 14, palette, title, PANEL.width + 2 * PAD);
}
