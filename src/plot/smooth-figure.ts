import { numbersOf } from "../smooth/numeric/pieces.js";
import type { Smoothed } from "../smooth/smoothed.js";
import { framed, placed, text, wrapped } from "./activation-figure.js";
import { plainFormula } from "./activation-formula.js";
import type { Theme } from "./activation-palette.js";
import { activationPanel, type PanelCurve } from "./activation-panel.js";
import type { SampledCurve } from "./activation-samples.js";
import { piecesFormula, printedNumber } from "./pieces-formula.js";
import { type WidthPalette, widthPalettes } from "./smooth-palette.js";
import { type SmoothSampleOptions, type SmoothSamples, type SmoothVersion, sampleSmoothed } from "./smooth-samples.js";

export interface SmoothFigureOptions extends SmoothSampleOptions {
  /** `auto`, the default, is light or dark as the reader's system is; PNG needs one of the others. */
  readonly theme?: Theme;
}

const WIDTH = 860;
const PAD = 24;
const GAP = 16;
const INNER = WIDTH - 2 * PAD;
const SMALL = { width: (INNER - 2 * GAP) / 3, height: 190 };
const LARGE = { width: INNER, height: 330 };

/**
 * A function and smooth versions of it at several widths as an SVG: the functions large, below them their distance from the sharp
 * one, slopes and curvatures. Dots mark the kinks of the sharp function; the formula stands in the caption.
 */
export function smoothFigure(smooth: Smoothed, { theme = "auto", ...sampling }: SmoothFigureOptions = {}): string {
  const palette = widthPalettes[theme];
  const samples = sampleSmoothed(smooth, sampling);
  const main = samples.versions.find(({ width }) => width === smooth.values.width) ?? samples.versions[0];
  const top = 74;
  const below = top + LARGE.height + 34;
  const caption = captionOf(smooth).flatMap((line) => wrapped(line, INNER));
  const foot = below + SMALL.height + 30;
  const parts = [
    text(smooth.record.title, PAD, 38, palette.ink, 'font-size="21" font-weight="600"'),
    legend(samples, main, palette, 64),
    panel(samples, main, palette, { order: 0, x: PAD, y: top, ...LARGE }),
    ...(["smooth − sharp", "slope", "curvature"] as const).map((name, i) => {
      const x = PAD + i * (SMALL.width + GAP);
      const heading = text(name, x + 30, below, palette.soft, 'font-size="12.5" font-weight="600"');
      const order = i === 0 ? "error" : i === 1 ? 1 : 2;
      return heading + panel(samples, main, palette, { order, x, y: below + 4, ...SMALL });
    }),
    ...caption.map((line, i) =>
      text(line, PAD, foot + 18 * i, i === caption.length - 1 ? palette.soft : palette.ink, 'font-size="12.5"'),
    ),
  ];
  return framed(parts.join(""), foot + 18 * caption.length + 8, palette, smooth.record.title, WIDTH);
}

interface Place {
  readonly order: 0 | 1 | 2 | "error";
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function panel(
  samples: SmoothSamples,
  main: SmoothVersion,
  palette: WidthPalette,
  { order, x, y, width, height }: Place,
): string {
  const curves = samples.versions.map((version, i): PanelCurve => {
    const weight = version === main ? 2.6 : 1.5;
    return {
      curve: order === "error" ? version.error : version.curves[order],
      color: widthColour(palette, i, samples),
      width: height < 250 ? weight * 0.8 : weight,
    };
  });
  const sharp: PanelCurve[] =
    order === "error" ? [] : [{ curve: drawn(samples.sharp[order], order), color: palette.ink, width: 1.4, dashes: "4,3" }];
  const front = curves.filter((_, i) => samples.versions[i] === main);
  const back = curves.filter((_, i) => samples.versions[i] !== main);
  const chart = activationPanel([...back, ...front, ...sharp], {
    title: `${main.smooth.record.title}, ${order === "error" ? "error" : ["values", "slope", "curvature"][order]}`,
    width, height, interval: samples.interval, ticks: height < 250 ? 5 : 8, palette,
    ...(order !== 0 && { tallest: MARGIN * highest(order === "error" ? main.error : main.curves[order]) }),
    marked: order === 0 ? { kinks: samples.kinks, saturated: [] } : null,
  }); // biome-ignore format: one list
  return placed(chart, x, y);
}

/** How much higher than that of the main width a panel may be: the curvature of a kink grows as widths shrink. */
const MARGIN = 4.4;

const highest = (curve: SampledCurve): number => Math.max(Number.MIN_VALUE, ...curve.flat().map(({ y }) => Math.abs(y)).filter(Number.isFinite)); // biome-ignore format: one line

/** A curvature of nothing but zeros is the axis itself. */
const drawn = (curve: SampledCurve, order: number): SampledCurve =>
  order === 2 && curve.every((run) => run.every(({ y }) => y === 0)) ? [] : curve;

const widthColour = ({ widths }: WidthPalette, i: number, { versions }: SmoothSamples): string =>
  widths[versions.length === 1 ? 0 : Math.round((i * (widths.length - 1)) / (versions.length - 1))];

/** What a letter of size 13 takes, on average. */
const LETTER = 7;

function legend(samples: SmoothSamples, main: SmoothVersion, palette: WidthPalette, y: number): string {
  const keys = [
    { name: "the sharp function", color: palette.ink, weight: 1.4, dashes: true },
    ...samples.versions.map((version, i) => ({
      name: `${version === main ? "width " : ""}w = ${printedNumber(version.width)}`,
      color: widthColour(palette, i, samples),
      weight: version === main ? 2.8 : 1.7,
      dashes: false,
    })),
  ];
  let x = PAD;
  return keys
    .map(({ name, color, weight, dashes }) => {
      const line = `<path d="M${x} ${y - 4.5}h22" stroke="${color}" stroke-width="${weight}" ${dashes ? 'stroke-dasharray="4,3"' : ""}/>`;
      const label = text(name, x + 28, y, palette.soft, 'font-size="13"');
      x += 28 + name.length * LETTER + 18;
      return line + label;
    })
    .join("");
}

function captionOf(smooth: Smoothed): string[] {
  const { error, values, record, known, way } = smooth;
  const at = Number.isFinite(error.at) ? ` at x = ${printedNumber(error.at)}` : "";
  const name = known === null ? "" : ` It is ${known.text}.`;
  return [
    ...(way.kind === "closed form" ? [`sharp:  ${piecesFormula(numbersOf(smooth.pieces))}`] : []),
    `smooth at w = ${printedNumber(values.width)}:  ${plainFormula(record.tex)}`,
    `The largest error is ${printedNumber(error.sup)}${at}, its area ${printedNumber(error.l1)}.${name}`,
  ];
}
