import { axisX, axisY, dot, gridY, line, rect, ruleX, ruleY } from "@observablehq/plot";
import { framed, placed, text } from "../../../src/plot/activation-figure.js";
import { type Palette, palettes } from "../../../src/plot/activation-palette.js";
import { chartSvg } from "../../../src/plot/svg.js";
import { type Form, forms, kernels, REFERENCE } from "./settings.js";
import { kernelNames, type TaskSummary } from "./summary.js";

const WIDTH = 860;
const PAD = 24;
const GAP = 20;
const PANEL = { width: (WIDTH - 2 * PAD - GAP) / 2, height: 220 };
const TOP = 92;
const ROW = PANEL.height + 56;

/** Points of kernels at one width stand side by side: each further by this factor. */
const ASIDE = 1.07;

interface Point {
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Test accuracy against the width, a row of panels for each task: the convolution left, the gate right, ReLU with its interval behind. */
export function accuracyFigure(summaries: readonly TaskSummary[]): string {
  const palette = palettes.auto;
  const parts = summaries.flatMap((summary, row) => {
    const y = TOP + row * ROW;
    const frame = frameOf(summary);
    return [
      text(summary.task.title, PAD, y, palette.ink, 'font-size="15" font-weight="600"'),
      ...(Object.keys(forms) as Form[]).flatMap((form, column) => {
        const x = PAD + column * (PANEL.width + GAP);
        return [
          text(form, x + PANEL.width - 12, y, palette.soft, 'font-size="13" text-anchor="end"'),
          placed(panel(summary, form, frame, palette), x, y + 8),
        ];
      }),
    ];
  });
  const title = "Test accuracy of smoothed ReLUs against the width of the kernel";
  const head = [text(title, PAD, 36, palette.ink, 'font-size="18" font-weight="600"'), legend(palette)];
  const height = TOP + summaries.length * ROW - 12;
  return framed([...head, ...parts].join(""), height, palette, title, WIDTH);
}

function legend(palette: Palette): string {
  const keys = [...kernelNames.map((name) => kernels[name]!.kernel.title), "ReLU"];
  let x = PAD;
  const drawn = keys.map((name, i) => {
    const colour = i < kernelNames.length ? palette.series[i]! : palette.ink;
    const mark = `<path d="M${x} 58h18" stroke="${colour}" stroke-width="2.2" ${i < kernelNames.length ? "" : 'stroke-dasharray="4,3"'}/>`;
    const label = text(name, x + 24, 62, palette.soft, 'font-size="12.5"');
    x += 24 + name.length * 7 + 20;
    return mark + label;
  });
  const note = text("per cent; bars and the band are 95 % intervals over seeds", WIDTH - PAD, 62, palette.soft, 'font-size="12.5" text-anchor="end"'); // biome-ignore format: one line
  return drawn.join("") + note;
}

const point = ({ mean, half }: { mean: number; half: number }, x: number): Point => ({
  x,
  mean: 100 * mean,
  low: 100 * (mean - half),
  high: Math.min(100, 100 * (mean + half)),
});

const curveOf = ({ settings }: TaskSummary, form: Form, kernel: string): Point[] =>
  settings.flatMap(({ setting: { smoothed }, accuracy }) =>
    smoothed?.form === form && smoothed.kernel === kernel
      ? [point(accuracy, smoothed.width * ASIDE ** (kernelNames.indexOf(kernel) - 1.5))]
      : [],
  );

interface Frame {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly widths: readonly number[];
  readonly relu: Point;
}

/** Common to both panels of a row. */
function frameOf(summary: TaskSummary): Frame {
  const relu = point(summary.settings.find(({ setting }) => setting.name === REFERENCE)!.accuracy, 0);
  const curves = (Object.keys(forms) as Form[]).flatMap((form) => kernelNames.map((kernel) => curveOf(summary, form, kernel)));
  const widths = [...new Set(summary.settings.flatMap(({ setting }) => setting.smoothed?.width ?? []))].sort((a, b) => a - b);
  const ends = [...curves.flat(), relu].flatMap(({ low, high }) => [low, high]);
  const room = (Math.max(...ends) - Math.min(...ends)) * 0.06;
  return {
    x: [(widths[0] ?? 0.1) / 1.4, (widths.at(-1) ?? 1) * 1.4],
    y: [Math.min(...ends) - room, Math.max(...ends) + room],
    widths,
    relu,
  };
}

function panel(summary: TaskSummary, form: Form, { x, y, widths, relu }: Frame, palette: Palette): string {
  const label = { fill: palette.soft, fontSize: 11, label: null, tickSize: 0, tickPadding: 5 };
  return chartSvg(`${summary.task.title}, ${form}`, {
    ...PANEL,
    marginLeft: 38,
    marginRight: 8,
    marginTop: 8,
    marginBottom: 26,
    style: { background: "none", overflow: "visible" },
    x: { type: "log", domain: [...x], label: null },
    y: { domain: [...y], label: null },
    marks: [
      rect([relu], { x1: () => x[0], x2: () => x[1], y1: "low", y2: "high", fill: palette.shade }),
      gridY({ ticks: 5, stroke: palette.line, strokeOpacity: 1 }),
      ruleY([relu.mean], { stroke: palette.ink, strokeDasharray: "4,3", strokeWidth: 1.2 }),
      axisX({ ticks: [...widths], tickFormat: String, ...label }),
      axisY({ ticks: 5, ...label }),
      ...kernelNames.flatMap((kernel, i) => {
        const curve = curveOf(summary, form, kernel);
        const stroke = palette.series[i]!;
        return [
          line(curve, { x: "x", y: "mean", stroke, strokeWidth: 1.2, strokeOpacity: 0.6 }),
          ruleX(curve, { x: "x", y1: "low", y2: "high", stroke, strokeWidth: 1.4 }),
          dot(curve, { x: "x", y: "mean", r: 2.8, fill: stroke }),
        ];
      }),
    ],
  });
}
