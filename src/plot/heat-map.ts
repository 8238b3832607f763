import { axisX, axisY, cell, text as words } from "@observablehq/plot";
import { framed, placed, text } from "./activation-figure.js";
import { type Palette, palettes, type Theme } from "./activation-palette.js";
import { chartSvg } from "./svg.js";

/** A table of ratios, drawn as a map. */
export interface HeatPanel {
  readonly title: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Row by row. 1 is as it should be; 0, ∞ and NaN have colours of their own. */
  readonly ratios: readonly (readonly number[])[];
}

export interface HeatOptions {
  readonly title: string;
  /** What the columns count, below them: "layer". */
  readonly along: string;
  /** Powers of ten from 1 at which a colour is full. Default 6. */
  readonly full?: number;
  /** `auto`, the default, is light or dark as the reader's system is; PNG needs one of the others. */
  readonly theme?: Theme;
}

const PAD = 20;
const GAP = 28;
const WIDTH = 860;
const PANEL = (WIDTH - 2 * PAD - GAP) / 2;
const CELL = 20;
const MARGIN = { left: 74, top: 4, bottom: 34 };
/** Where the first panels begin, below the title and the key. */
const TOP = 104;

/**
 * Ratios on a logarithmic scale of two colours: the further below 1 the bluer, the further above the redder, and at 1 none. What is
 * not finite is red, with a cross; what is 0 is blue, with a circle. Panels stand two in a row.
 */
export function heatMap(panels: readonly HeatPanel[], { title, along, full = 6, theme = "auto" }: HeatOptions): string {
  const palette = palettes[theme];
  const heights = pairs(panels).map((pair) => Math.max(...pair.map(({ rows }) => heightOf(rows.length))));
  const tops = heights.map((_, i) => TOP + heights.slice(0, i).reduce((sum, height) => sum + height + 30, 0));
  const drawn = panels.flatMap((panel, i) => {
    const x = PAD + (i % 2) * (PANEL + GAP);
    const y = tops[Math.floor(i / 2)] as number;
    return [
      text(panel.title, x, y, palette.ink, 'font-size="13" font-weight="600"'),
      placed(map(panel, along, full, palette), x, y + 8),
    ];
  });
  const heading = text(title, PAD, 34, palette.ink, 'font-size="17" font-weight="600"');
  const height = TOP + heights.reduce((sum, one) => sum + one + 30, 0) - 10;
  return framed([heading, key(full, palette), ...drawn].join(""), height, palette, title, WIDTH);
}

const heightOf = (rows: number): number => MARGIN.top + CELL * rows + MARGIN.bottom;

const pairs = (panels: readonly HeatPanel[]): HeatPanel[][] =>
  Array.from({ length: Math.ceil(panels.length / 2) }, (_, i) => panels.slice(2 * i, 2 * i + 2));

/** Colour, how much of it, and the sign on it. */
function shade(ratio: number, full: number, { series }: Palette): { fill: string; opacity: number; sign: string } {
  const [small, large] = [series[0], series[4]] as [string, string];
  if (!Number.isFinite(ratio)) return { fill: large, opacity: 1, sign: "×" };
  if (ratio <= 0) return { fill: small, opacity: 1, sign: "○" };
  const power = Math.log10(ratio);
  return { fill: power < 0 ? small : large, opacity: Math.min(1, Math.abs(power) / full), sign: "" };
}

function map({ title, rows, columns, ratios }: HeatPanel, along: string, full: number, palette: Palette): string {
  const cells = ratios.flatMap((row, i) =>
    row.map((ratio, j) => ({ row: rows[i] as string, column: columns[j] as string, ...shade(ratio, full, palette) })),
  );
  const font = { fill: palette.soft, fontSize: 11, tickSize: 0 };
  const every = Math.ceil(columns.length / 10);
  return chartSvg(title, {
    width: PANEL,
    height: heightOf(rows.length),
    marginLeft: MARGIN.left,
    marginRight: 0,
    marginTop: MARGIN.top,
    marginBottom: MARGIN.bottom,
    style: { background: "none", overflow: "visible" },
    x: { type: "band", domain: [...columns], padding: 0, label: null },
    y: { type: "band", domain: [...rows], padding: 0.06, label: null },
    color: { type: "identity" },
    opacity: { type: "identity" },
    marks: [
      cell(cells, { x: "column", y: "row", fill: "fill", fillOpacity: "opacity", inset: 0.3 }),
      words(
        cells.filter(({ sign }) => sign !== ""),
        { x: "column", y: "row", text: "sign", fill: palette.card, fontSize: 9 },
      ),
      axisX({ ticks: columns.filter((_, i) => i % every === 0), label: along, labelAnchor: "right", labelOffset: 30, labelArrow: "right", ...font }), // biome-ignore format: one list
      axisY({ label: null, tickPadding: 6, ...font }),
    ],
  });
}

/** A strip of colours from 10⁻ᶠ to 10ᶠ. */
function key(full: number, palette: Palette): string {
  const steps = 25;
  const width = 12;
  const [x, y] = [PAD + 118, 52];
  const strip = Array.from({ length: steps }, (_, i) => {
    const { fill, opacity } = shade(10 ** (full * ((2 * i) / (steps - 1) - 1)), full, palette);
    return `<rect x="${x + i * width}" y="${y}" width="${width}" height="12" fill="${fill}" fill-opacity="${opacity.toFixed(2)}"/>`;
  });
  const frame = `<rect x="${x}" y="${y}" width="${steps * width}" height="12" fill="none" stroke="${palette.line}"/>`;
  const at = (share: number, content: string): string =>
    text(content, x + share * steps * width, y + 27, palette.soft, 'font-size="11" text-anchor="middle"');
  const note = text("vanishes", x - 10, y + 10, palette.soft, 'font-size="12" text-anchor="end"');
  const other = text("explodes", x + steps * width + 10, y + 10, palette.soft, 'font-size="12"');
  return [...strip, frame, note, other, at(0, `≤ 1e−${full}`), at(0.5, "1"), at(1, `≥ 1e${full}`)].join("");
}
