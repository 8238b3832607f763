import { relu } from "../activations/rectified.js";
import type { Tensor } from "../ir/tensor.js";
import { mul, tensor } from "../ops/index.js";
import { interpret } from "../run/interpret.js";
import { kernels } from "../smooth/kernels/catalogue.js";
import { gaussian } from "../smooth/kernels/gaussian.js";
import type { Kernel } from "../smooth/kernels/kernel.js";
import { gate, mollify } from "../smooth/mollify.js";
import { smoothFloor } from "../smooth/staircase/index.js";
import { framed, placed, text } from "./activation-figure.js";
import type { Theme } from "./activation-palette.js";
import { activationPanel, type PanelCurve } from "./activation-panel.js";
import type { SampledCurve } from "./activation-samples.js";
import { printedNumber } from "./pieces-formula.js";
import { type WidthPalette, widthPalettes } from "./smooth-palette.js";

const WIDTH = 1240;
const PAD = 28;
const GAP = 24;
const HALF = (WIDTH - 2 * PAD - GAP) / 2;
const FIGURE = 320;
const ROW = 128;

/**
 * What smoothing does, on one sheet: ReLU and what becomes of it, a floor that sharpens as the width shrinks, and every kernel of the
 * catalogue with the ReLU that is convolved with it and the one that is gated by it.
 */
export function smoothGallery({ theme = "auto" }: { theme?: Theme } = {}): string {
  const palette = widthPalettes[theme];
  const tableTop = 66 + FIGURE + 134;
  const rows = Math.ceil(kernels.length / 2);
  const parts = [
    text("Smooth by convolution", PAD, 42, palette.ink, 'font-size="25" font-weight="600"'),
    text(
      "f(x − w·u) averaged over u of density φ, in closed form",
      WIDTH - PAD,
      41,
      palette.soft,
      'font-size="14" text-anchor="end"',
    ),
    figure(reluFigure(palette), PAD, 66, palette),
    figure(floorFigure(palette), PAD + HALF + GAP, 66, palette),
    ...[0, 1].map((column) => tableHead(PAD + column * (HALF + GAP), tableTop, palette)),
    ...kernels.map((kernel, i) => {
      const column = Math.floor(i / rows);
      return kernelRow(kernel, PAD + column * (HALF + GAP), tableTop + 14 + (i % rows) * ROW, palette);
    }),
  ];
  return framed(parts.join(""), tableTop + 14 + rows * ROW + PAD / 2, palette, "smooth by convolution", WIDTH);
}

interface Figure {
  readonly title: string;
  readonly interval: readonly [number, number];
  readonly curves: readonly (PanelCurve & { readonly name: string })[];
}

function reluFigure(palette: WidthPalette): Figure {
  const interval = [-3, 3] as const;
  const versions = [
    { name: "∗ Gaussian", f: mollify(relu, { kernel: gaussian }), color: palette.series[0] },
    ...["logistic", "algebraic", "box"].map((name, i) => {
      const kernel = kernelOf(name);
      const known = { logistic: "softplus", algebraic: "squareplus", box: "SmeLU" }[name] ?? "";
      return { name: `∗ ${kernel.title}: ${known}`, f: mollify(relu, { kernel }), color: palette.series[i + 1] };
    }),
    { name: "gated: GELU", f: gate(relu, { kernel: gaussian }), color: palette.series[4], dashes: "6,3" },
    { name: "gated: SiLU", f: gate(relu, { kernel: kernelOf("logistic") }), color: palette.series[5], dashes: "6,3" },
  ];
  return {
    title: "ReLU and its approximations, all of width 1",
    interval,
    curves: [
      { name: "ReLU", curve: curveOf(relu, interval), color: palette.ink, width: 1.6, dashes: "2,3" },
      ...versions.map(({ name, f, color, dashes }: { name: string; f: (x: Tensor) => Tensor; color: string; dashes?: string }) => ({
        name, color, width: 1.9, curve: curveOf(f, interval), ...(dashes !== undefined && { dashes }),
      })), // biome-ignore format: one list
    ],
  };
}

/** From what is nearly the identity to what is nearly the floor. */
const FLOOR_WIDTHS = [0.02, 0.08, 0.2, 0.6];

function floorFigure(palette: WidthPalette): Figure {
  const interval = [-1.5, 2.5] as const;
  const steps: SampledCurve = [-2, -1, 0, 1, 2].map((n) => [Math.max(n, interval[0]), Math.min(n + 1, interval[1])].map((x) => ({ x, y: n }))); // biome-ignore format: one line
  return {
    title: "The floor, sharpening as the width of a Gaussian shrinks",
    interval,
    curves: [
      { name: "floor", curve: steps, color: palette.ink, width: 1.6, dashes: "2,3" },
      ...FLOOR_WIDTHS.map((width, i) => ({
        name: `w = ${printedNumber(width)}`,
        curve: curveOf((x) => smoothFloor(x, { kernel: gaussian, width }), interval, 1200),
        color: palette.widths[i],
        width: 1.9,
      })),
    ],
  };
}

const kernelOf = (name: string): Kernel => kernels.find((kernel) => kernel.name === name) ?? gaussian;

function curveOf(f: (x: Tensor) => Tensor, [low, high]: readonly [number, number], points = 400): SampledCurve {
  const xs = Float64Array.from({ length: points + 1 }, (_, i) => low + ((high - low) * i) / points);
  const [ys] = interpret([f(tensor(xs))]);
  return [Array.from(xs, (x, i) => ({ x, y: ys[i] }))];
}

function figure({ title, interval, curves }: Figure, x: number, y: number, palette: WidthPalette): string {
  const [sharp, ...smooth] = curves;
  const chart = activationPanel([sharp, ...[...smooth].reverse()], {
    title, interval, palette, width: HALF - 24, height: FIGURE, ticks: 7, marked: null,
  }); // biome-ignore format: one list
  const columns = 3;
  const keys = curves.map(({ name, color, width, dashes }, i) => {
    const [kx, ky] = [x + 14 + (i % columns) * ((HALF - 14) / columns), y + 30 + FIGURE + 22 + 19 * Math.floor(i / columns)];
    const line = `<path d="M${kx} ${ky - 4}h22" stroke="${color}" stroke-width="${width + 0.3}" ${dashes === undefined ? "" : `stroke-dasharray="${dashes}"`}/>`;
    return line + text(name, kx + 29, ky, palette.soft, 'font-size="12.5"');
  });
  return [
    text(title, x + 4, y + 20, palette.ink, 'font-size="15" font-weight="600"'),
    placed(chart, x + 6, y + 28),
    ...keys,
  ].join("");
}

const CELL = { x: [176, 312, 448], width: 138, height: ROW - 22 };
const RANGE = [-3, 3] as const;

const tableHead = (x: number, y: number, palette: WidthPalette): string =>
  ["kernel, deviation 1", "density φ", "ReLU ∗ φ", "ReLU gated by φ"]
    .map((name, i) =>
      text(name, x + (i === 0 ? 4 : CELL.x[i - 1] + (i === 3 ? 12 : 24)), y, palette.soft, 'font-size="12.5" font-weight="600"'),
    )
    .join("");

/** The width of standard deviation 1, so that kernels can be compared; 1 where there is none. */
const comparableWidth = ({ record }: Kernel): number => (Number.isFinite(record.variance) ? 1 / Math.sqrt(record.variance) : 1);

function kernelRow(kernel: Kernel, x: number, y: number, palette: WidthPalette): string {
  const { title, record } = kernel;
  const width = comparableWidth(kernel);
  const converges = record.momentsBelow > 1;
  const density = curveOf((u) => mul(kernel.density(mul(u, 1 / width)), 1 / width), RANGE, 360);
  const curves = [
    { curve: density, color: palette.series[2] },
    converges ? { curve: curveOf(mollify(relu, { kernel, width }), RANGE, 240), color: palette.series[0] } : null,
    { curve: curveOf(gate(relu, { kernel, width }), RANGE, 240), color: palette.series[1] },
  ];
  const sharp: PanelCurve = {
    curve: [[-3, 0, 3].map((at) => ({ x: at, y: Math.max(at, 0) }))],
    color: palette.soft,
    width: 1.1,
    dashes: "2,3",
  };
  const cells = curves.map((drawn, i) => {
    const at = x + CELL.x[i];
    if (drawn === null) {
      const says = ["the integral", "diverges: its", "tails are too", "heavy"];
      return says
        .map((line, row) => text(line, at + 28, y + 40 + 16 * row, palette.soft, 'font-size="11.5" font-style="italic"'))
        .join("");
    }
    const chart = activationPanel([...(i === 0 ? [] : [sharp]), { ...drawn, width: 1.8 }], {
      title: `${title}: ${["density", "convolved", "gated"][i]}`, interval: RANGE, palette,
      width: CELL.width, height: CELL.height, ticks: 4, marked: null,
    }); // biome-ignore format: one list
    return placed(chart, at, y + 8);
  });
  const facts = [
    Number.isFinite(record.radius) ? `0 beyond ±${printedNumber(record.radius * width)}` : "on the whole line",
    `width ${printedNumber(width)}`,
    converges ? `ReLU at 0: ${printedNumber((record.absoluteMoment * width) / 2)}` : "no mean",
  ];
  return [
    `<path d="M${x} ${y}h${HALF}" stroke="${palette.line}"/>`,
    text(title, x + 4, y + 32, palette.ink, 'font-size="15" font-weight="600"'),
    ...facts.map((fact, i) => text(fact, x + 4, y + 54 + 17 * i, palette.soft, 'font-size="11.5"')),
    ...cells,
  ].join("");
}
