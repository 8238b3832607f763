import type { Activation } from "../activations/activation.js";
import { derivativeCurves, derivativeNames, framed, legendLine, placed, text } from "./activation-figure.js";
import { plainFormula } from "./activation-formula.js";
import { type Palette, palettes, type Theme } from "./activation-palette.js";
import { activationPanel } from "./activation-panel.js";
import { sampleActivation } from "./activation-samples.js";

/** A titled group of activations: a family. */
export interface SheetGroup {
  readonly title: string;
  readonly activations: readonly Activation[];
}

const CARD = { width: 236, height: 208 };
const GAP = 14;
const COLUMNS = 5;
const HEADING = 46;
const PAD = 24;
const WIDTH = 2 * PAD + COLUMNS * CARD.width + (COLUMNS - 1) * GAP;

/** All of them on one sheet, as an SVG: a small drawing of each with its first two derivatives, under the titles of their groups. */
export function activationSheet(groups: readonly SheetGroup[], { theme = "auto" }: { theme?: Theme } = {}): string {
  const palette = palettes[theme];
  const count = groups.reduce((sum, { activations }) => sum + activations.length, 0);
  const keys = derivativeNames.map((name, i) => ({ name, color: palette.series[i], dashes: i === 2 }));
  const parts = [
    text(`${count} activations`, PAD, 42, palette.ink, 'font-size="24" font-weight="600"'),
    legendLine(keys, WIDTH - PAD, 40, palette),
  ];
  let y = 62;
  for (const { title, activations } of groups) {
    parts.push(text(inWords(title), PAD, y + 30, palette.soft, 'font-size="15" font-weight="600"'));
    y += HEADING;
    activations.forEach((activation, i) => {
      const x = PAD + (i % COLUMNS) * (CARD.width + GAP);
      parts.push(card(activation, x, y + Math.floor(i / COLUMNS) * (CARD.height + GAP), palette));
    });
    y += Math.ceil(activations.length / COLUMNS) * (CARD.height + GAP);
  }
  return framed(parts.join(""), y + PAD - GAP, palette, `${count} activations with their derivatives`, WIDTH);
}

/** The name of a module as words: smoothMaximum as "smooth maximum". */
export const inWords = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** One of them as small as it can be read: for a page that says the rest in words. */
export function activationThumbnail(activation: Activation, { theme = "auto" }: { theme?: Theme } = {}): string {
  const palette = palettes[theme];
  const [width, height] = [420, 240];
  const samples = sampleActivation(activation, { points: 400 });
  const keys = derivativeNames.map((name, i) => ({ name, color: palette.series[i], dashes: i === 2 }));
  const panel = activationPanel(derivativeCurves(samples, palette), {
    title: activation.title, width: width - 24, height: height - 48, interval: samples.interval, ticks: 7, palette, marked: samples,
  }); // biome-ignore format: one list
  const parts = [legendLine(keys, width - 12, 24, palette), placed(panel, 12, 36)];
  return framed(parts.join(""), height, palette, `${activation.title} with its first two derivatives`, width);
}

function card(activation: Activation, x: number, y: number, palette: Palette): string {
  const { width, height } = CARD;
  const samples = sampleActivation(activation, { points: 320 });
  const panel = activationPanel(derivativeCurves(samples, palette), {
    title: activation.title, width: width - 12, height: height - 58, interval: samples.interval, ticks: 5, palette, marked: samples,
  }); // biome-ignore format: one list
  return [
    `<g id="${activation.record.name}">`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="none" stroke="${palette.line}"/>`,
    text(activation.record.title, x + 12, y + 22, palette.ink, 'font-size="14" font-weight="600"'),
    placed(panel, x + 4, y + 30),
    text(shortened(plainFormula(activation.record.tex), width - 24), x + 12, y + height - 10, palette.soft, 'font-size="11"'),
    "</g>",
  ].join("");
}

/** What a letter of size 11 takes, on average. */
const LETTER = 6.2;

function shortened(formula: string, width: number): string {
  const most = Math.floor(width / LETTER);
  return formula.length <= most ? formula : `${formula.slice(0, most - 1).trimEnd()}…`;
}
