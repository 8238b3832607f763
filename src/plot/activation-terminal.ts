import type { Activation } from "../activations/activation.js";
import { derivativeNames } from "./activation-figure.js";
import { type ActivationSamples, type SampledCurve, type SampleOptions, sampleActivation } from "./activation-samples.js";

export interface TerminalPlotOptions extends SampleOptions {
  /** Columns that the whole drawing may take. Default 100. */
  readonly columns?: number;
  /** Rows of each drawing, without its axis. Default 11. */
  readonly rows?: number;
}

const GAP = 2;
const LABEL = 6;

/**
 * f, f′ and f″ side by side in braille, two by four dots to a letter. Below each the horizontal axis: ░ where the function
 * saturates, ◆ at a kink, ◇ at a jump.
 */
export function terminalPlot(
  activation: Activation,
  { columns = 100, rows = 11, ...sampling }: TerminalPlotOptions = {},
): string {
  const samples = sampleActivation(activation, { points: 960, ...sampling });
  const width = Math.max(12, Math.floor((columns - 2 * GAP) / 3) - LABEL - 1);
  const panels = samples.curves.map((curve, order) => panel(curve, derivativeNames[order], samples, { width, rows }));
  return panels[0]
    .map((_, row) =>
      panels
        .map((lines) => lines[row])
        .join(" ".repeat(GAP))
        .trimEnd(),
    )
    .join("\n");
}

interface Size {
  readonly width: number;
  readonly rows: number;
}

function panel(curve: SampledCurve, name: string, samples: ActivationSamples, { width, rows }: Size): string[] {
  const [low, high] = samples.interval;
  const [bottom, top] = heightOf(curve, high - low);
  const canvas = Array.from({ length: rows }, () => new Uint8Array(width));
  const column = (x: number): number => Math.min(2 * width - 1, Math.floor(((x - low) / (high - low)) * 2 * width));
  const row = (y: number): number => Math.round(((top - y) / (top - bottom)) * (4 * rows - 1));
  for (const run of curve) {
    run.forEach(({ x, y }, i) => {
      // Steep parts are filled up from the point before, so that a curve has no holes.
      const before = run[i - 1]?.y ?? y;
      const [from, to] = [Math.min(before, y), Math.max(before, y)].map((value) => Math.min(top, Math.max(bottom, value)));
      if (!Number.isFinite(y) || (y > top && before > top) || (y < bottom && before < bottom)) return;
      for (let dot = row(to); dot <= row(from); dot++) set(canvas, column(x), dot);
    });
  }
  const label = (value: number): string => shortNumber(value).padStart(LABEL);
  const zero = Math.floor(row(0) / 4);
  const lines = canvas.map((cells, at) => {
    const beside = at === 0 ? label(top) : at === rows - 1 ? label(bottom) : at === zero ? label(0) : " ".repeat(LABEL);
    return `${beside}${at === zero ? "┼" : "│"}${[...cells].map((bits) => (bits === 0 ? " " : String.fromCodePoint(0x2800 + bits))).join("")}`;
  });
  const inner = " ".repeat(LABEL + 1);
  const [first, last] = [shortNumber(low), shortNumber(high)];
  return [
    `${inner}${name}`.padEnd(LABEL + 1 + width),
    ...lines,
    `${" ".repeat(LABEL)}└${axis(samples, width)}`,
    `${inner}${first}${last.padStart(width - first.length)}`,
  ];
}

/** Dots of a braille letter, by column and row. */
const DOTS = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]] as const; // biome-ignore format: one line

function set(canvas: readonly Uint8Array[], column: number, row: number): void {
  const cells = canvas[row >> 2];
  if (cells !== undefined) cells[column >> 1] |= DOTS[column & 1][row & 3];
}

function axis({ interval: [low, high], saturated, kinks }: ActivationSamples, width: number): string {
  const cell = (x: number): number => Math.min(width - 1, Math.floor(((x - low) / (high - low)) * width));
  const letters = Array.from({ length: width }, () => "─");
  for (const [from, to] of saturated) letters.fill("░", cell(from), cell(to) + 1);
  for (const { at, order } of kinks) letters[cell(at)] = order === 0 ? "◇" : "◆";
  return letters.join("");
}

function heightOf(curve: SampledCurve, span: number): [number, number] {
  const values = curve.flat().map(({ y }) => y).filter((y) => Number.isFinite(y) && Math.abs(y) <= 0.75 * span); // biome-ignore format: one line
  const [bottom, top] = [Math.min(0, ...values), Math.max(0, ...values)];
  return top - bottom > 1e-9 ? [bottom, top] : [-1, 1];
}

const shortNumber = (value: number): string => String(Number(value.toPrecision(3))).replace("-", "−");
