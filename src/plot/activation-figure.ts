import type { Activation } from "../activations/activation.js";
import { plainFormula } from "./activation-formula.js";
import { type Palette, palettes, type Theme } from "./activation-palette.js";
import { activationPanel, type PanelCurve } from "./activation-panel.js";
import { type ActivationSamples, type SampleOptions, sampleActivation } from "./activation-samples.js";
import { escapeMarkup } from "./escape.js";

export interface FigureOptions extends SampleOptions {
  /** `auto`, the default, is light or dark as the reader's system is; PNG needs one of the others. */
  readonly theme?: Theme;
}

const WIDTH = 640;
const PAD = 20;
/** What a letter of size 12 takes at most, on average. */
const LETTER = 6.6;

/** The three curves as they are drawn everywhere: the function in the front, its derivatives thinner. */
export const derivativeCurves = ({ curves }: ActivationSamples, { series }: Palette): PanelCurve[] => [
  { curve: curves[2], color: series[2], width: 1.3, dashes: "2,3" },
  { curve: curves[1], color: series[1], width: 1.5 },
  { curve: curves[0], color: series[0], width: 2.3 },
];

export const derivativeNames = ["f", "f′", "f″"] as const;

/**
 * One activation with its first and second derivative as an SVG: shaded where it saturates, a dot at every kink, an open one
 * where it jumps, its formula below. Several are laid over each other, in a panel each for f, f′ and f″.
 */
export function activationFigure(activations: readonly Activation[], options: FigureOptions = {}): string {
  const [first, ...others] = activations;
  if (first === undefined) return framed("", 0, palettes[options.theme ?? "auto"], "no activation");
  return others.length === 0 ? single(first, options) : overlaid(activations, options);
}

function single(activation: Activation, { theme = "auto", ...sampling }: FigureOptions): string {
  const palette = palettes[theme];
  const samples = sampleActivation(activation, sampling);
  const panel = { width: WIDTH - 2 * PAD, height: 340 };
  const legend = derivativeNames.map((name, i) => ({ name, color: palette.series[i], dashes: i === 2 }));
  const caption = wrapped(`${nameOfValue(activation)} = ${formulaOf(activation)}`, WIDTH - 2 * PAD);
  const notes = [samples.view, samples.saturated.length > 0 && "shaded: it saturates", kinkNote(samples)];
  const top = 64;
  const below = top + panel.height + 14;
  const parts = [
    text(activation.title, PAD, 34, palette.ink, 'font-size="20" font-weight="600"'),
    legendLine(legend, WIDTH - PAD, 33, palette),
    placed(
      activationPanel(derivativeCurves(samples, palette), {
        ...panel,
        title: `${activation.title} and its first two derivatives`,
        interval: samples.interval,
        ticks: 8,
        palette,
        marked: samples,
      }),
      PAD,
      top - 12,
    ),
    ...caption.map((line, i) => text(line, PAD + 2, below + 18 * i, palette.ink, 'font-size="13"')),
    text(notes.filter(Boolean).join(" · "), PAD + 2, below + 18 * caption.length, palette.soft, 'font-size="11"'),
  ];
  return framed(parts.join(""), below + 18 * caption.length + 16, palette, activation.title);
}

function kinkNote({ kinks }: ActivationSamples): string | null {
  if (kinks.length === 0) return null;
  const jumps = kinks.filter(({ order }) => order === 0).length;
  const what = [jumps > 0 && "a dotted line where it jumps", jumps < kinks.length && "a dot at each kink"];
  return what.filter((part) => part !== false).join(", ");
}

/** Several over each other: what differs between two functions often shows in a derivative only. */
function overlaid(activations: readonly Activation[], { theme = "auto", ...sampling }: FigureOptions): string {
  const palette = palettes[theme];
  const alone = activations.map((activation) => sampleActivation(activation, sampling));
  const low = Math.min(...alone.map(({ interval }) => interval[0]));
  const high = Math.max(...alone.map(({ interval }) => interval[1]));
  const interval = [low, high] as const;
  const all = alone.map((one) =>
    one.interval[0] === low && one.interval[1] === high ? one : sampleActivation(one.activation, { ...sampling, interval }),
  );
  const style = (i: number) => ({
    color: palette.series[i % palette.series.length],
    width: 2,
    ...(i >= palette.series.length && { dashes: "5,4" }),
  });
  const lines = all.flatMap(({ activation }, i) =>
    wrapped(`${activation.title}: ${formulaOf(activation)}`, WIDTH - 2 * PAD - 26).map((line, row) => ({ i, line, row })),
  );
  const top = 24;
  const panelTop = top + 20 * lines.length;
  const heights = [250, 170, 170];
  const parts = lines.map(({ i, line, row }, at) => {
    const y = top + 20 * at + 8;
    const key = row === 0 ? stroke(PAD, y - 4, style(i).color, i >= palette.series.length) : "";
    return key + text(line, PAD + 26, y, palette.ink, 'font-size="13"');
  });
  let y = panelTop;
  heights.forEach((height, order) => {
    const curves = all.map(({ curves: own }, i) => ({ curve: own[order], ...style(i) }));
    const title = `${derivativeNames[order]} of ${activations.map(({ title: one }) => one).join(", ")}`;
    const panel = activationPanel([...curves].reverse(), {
      title, interval, palette, width: WIDTH - 2 * PAD, height, ticks: order === 0 ? 9 : 7, marked: null,
    }); // biome-ignore format: one list
    parts.push(text(derivativeNames[order], PAD + 2, y + 20, palette.soft, 'font-size="14" font-style="italic"'));
    parts.push(placed(panel, PAD, y + 22));
    y += height + 28;
  });
  return framed(parts.join(""), y + 12, palette, activations.map(({ title }) => title).join(", "));
}

/** What a drawing puts into an SVG of its own. */
export function framed(content: string, height: number, palette: Palette, title: string, width = WIDTH): string {
  const font = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','DejaVu Sans',sans-serif";
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" `,
    `font-family="${font}" aria-label="${escapeMarkup(title)}">`,
    `<title>${escapeMarkup(title)}</title>`,
    palette.style === "" ? "" : `<style>${palette.style}</style>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${palette.card}"/>`,
    content,
    "</svg>\n",
  ].join("");
}

/** A chart inside a picture: without the style sheet that it would bring along. */
export function placed(chart: string, x: number, y: number): string {
  const bare = chart.replace(/<style>[\s\S]*?<\/style>/, "").replace(/^<svg[^>]*>/, (tag) => {
    const [width, height] = ["width", "height"].map((name) => new RegExp(`\\b${name}="([\\d.]+)"`).exec(tag)?.[1]);
    // Tick labels are centred by the root of the chart.
    return `<svg x="${x}" y="${y}" width="${width}" height="${height}" overflow="visible" text-anchor="middle">`;
  });
  return bare.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100));
}

export const text = (content: string, x: number, y: number, fill: string, more = ""): string =>
  content === "" ? "" : `<text x="${x}" y="${y}" fill="${fill}" ${more}>${escapeMarkup(content)}</text>`;

const stroke = (x: number, y: number, color: string, dashes: boolean): string =>
  `<path d="M${x} ${y}h18" stroke="${color}" stroke-width="2.2" ${dashes ? 'stroke-dasharray="2,3"' : ""}/>`;

/** Keys of curves, ending at the right edge. */
export function legendLine(
  keys: readonly { readonly name: string; readonly color: string; readonly dashes: boolean }[],
  right: number,
  y: number,
  palette: Palette,
): string {
  return keys
    .map(({ name, color, dashes }, i) => {
      const x = right - (keys.length - i) * 52;
      return stroke(x, y - 4, color, dashes) + text(name, x + 24, y, palette.soft, 'font-size="13" font-style="italic"');
    })
    .join("");
}

/** The formula as text; what the parameters are where they are not in the formula as numbers. */
export function formulaOf({ record, values }: Activation): string {
  const given = Object.entries(values).map(([name, value]) =>
    `${greek[name] ?? name} = ${Number(value.toPrecision(6))}`.replace("-", "−"),
  );
  return [plainFormula(record.tex), ...(given.length > 0 ? [`(${given.join(", ")})`] : [])].join("  ");
}

const greek: Readonly<Record<string, string>> = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", lambda: "λ", mu: "μ", sigma: "σ", theta: "θ", kappa: "κ", tau: "τ", epsilon: "ε",
}; // biome-ignore format: a table

/** Whether the formula is of f(x) or of an entry of a row. */
const nameOfValue = ({ facts }: Activation): string => (facts.kind === "pointwise" ? "f(x)" : "f(x)ᵢ");

/** Lines that fit a width, broken at spaces. */
export function wrapped(content: string, width: number): string[] {
  const most = Math.floor(width / LETTER);
  const lines: string[] = [];
  for (const word of content.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
