import { escapeMarkup } from "./escape.js";
import { type Box, type Direction, type Layout, type Link, layOut, round, smoothPath } from "./graph-layout.js";
import { styleSheet } from "./graph-style.js";

/** What a line of a card says; each has its own colour. */
export type Tone = "value" | "forward" | "reverse";

/** A box with a heading and lines of label and numbers. */
export interface Card {
  readonly id: string;
  readonly kind: "variable" | "operation" | "result";
  readonly heading: string;
  readonly lines: readonly { readonly label: string; readonly text: string; readonly tone: Tone }[];
  /** Shown while the pointer rests on it. */
  readonly hint: string;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Written on the arrow; nothing where it is empty. */
  readonly label: string;
  /** Whether a derivative passes; an arrow through which none does is dashed. */
  readonly carries: boolean;
  readonly hint: string;
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  readonly cards: readonly Card[];
  readonly arrows: readonly Arrow[];
  /** What the colours and the numbers on arrows mean. */
  readonly legend: readonly { readonly text: string; readonly tone: Tone | "arrow" }[];
  /** Which way arrows run; to the right unless that is wider than a screen. */
  readonly direction?: Direction;
}

/** Sizes in pixels. Monospaced letters are 0.6 of their height wide in every common face. */
const LETTER = 0.602;
const FONT = { title: 16, subtitle: 13, heading: 13, line: 12, label: 11.5, legend: 12 } as const;
const LINE_HEIGHT = 17;
const HEADING_HEIGHT = 28;
const PADDING = 10;
const COLUMN_GAP = 14;
const MARGIN = 24;
const LONGEST_HEADING = 40;

/** The picture as one SVG file without references to anything outside it. */
export function drawGraph(picture: Picture): string {
  const { layout, direction } = arrange(picture);
  const inner = Math.max(layout.width, widest(picture.legend.map(({ text }) => text), FONT.legend) + 20, 320); // biome-ignore format: one line
  const titles = wrap(picture.title, Math.floor(inner / (FONT.title * LETTER)));
  const subtitles = wrap(picture.subtitle, Math.floor(inner / (FONT.subtitle * LETTER)));
  const top = MARGIN + titles.length * 22 + subtitles.length * 18 + 14;
  const legendTop = top + layout.height + 30;
  const width = Math.ceil(inner + 2 * MARGIN);
  const height = Math.ceil(legendTop + picture.legend.length * 19 + MARGIN - 12);
  const left = MARGIN + (inner - layout.width) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="softgrad-graph" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escapeMarkup(picture.title)}">`,
    `<title>${escapeMarkup(picture.title)}</title>`,
    `<desc>${escapeMarkup(describe(picture))}</desc>`,
    `<style>${styleSheet(FONT)}</style>`,
    '<defs><marker id="softgrad-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0.8 7.5 4 0 7.2z"/></marker></defs>',
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...titles.map((line, i) => text("title", MARGIN, MARGIN + 14 + i * 22, line)),
    ...subtitles.map((line, i) => text("subtitle", MARGIN, MARGIN + 14 + titles.length * 22 + i * 18 - 2, line)),
    `<g transform="translate(${round(left)} ${top})">`,
    ...picture.arrows.map((arrow, i) => drawArrow(arrow, layout.links[i], direction)),
    ...picture.cards.map((card, i) => drawCard(card, layout.boxes[i])),
    ...picture.arrows.map((arrow, i) => drawLabel(arrow, layout.links[i].label)),
    "</g>",
    ...picture.legend.map(({ text: words, tone }, i) => drawLegend(words, tone, legendTop + i * 19)),
    "</svg>",
    "",
  ].join("\n");
}

/** Widest drawing, in pixels, that still runs to the right of itself. */
const SCREEN = 1600;

function arrange(picture: Picture): { layout: Layout; direction: Direction } {
  const arranged = (direction: Direction) => ({
    layout: layOut(picture.cards.map(boxOf), picture.arrows.map(linkOf), direction),
    direction,
  });
  if (picture.direction !== undefined) return arranged(picture.direction);
  const right = arranged("right");
  return right.layout.width <= SCREEN ? right : arranged("down");
}

const widthOf = (words: string, size: number): number => [...words.replace(/\p{M}/gu, "")].length * size * LETTER;
const widest = (lines: readonly string[], size: number): number => Math.max(0, ...lines.map((line) => widthOf(line, size)));

const headingOf = ({ heading }: Card): string =>
  [...heading].length > LONGEST_HEADING ? `${[...heading].slice(0, LONGEST_HEADING - 1).join("")}…` : heading;

function boxOf(card: Card): Box {
  const labels = widest(card.lines.map(({ label }) => label), FONT.line); // biome-ignore format: one line
  const numbers = widest(card.lines.map(({ text: words }) => words), FONT.line); // biome-ignore format: one line
  const width = Math.max(widthOf(headingOf(card), FONT.heading), labels + COLUMN_GAP + numbers) + 2 * PADDING;
  return { id: card.id, width: Math.ceil(width), height: HEADING_HEIGHT + card.lines.length * LINE_HEIGHT + 8 };
}

function linkOf({ from, to, label }: Arrow): Link {
  return { from, to, label: label === "" ? null : labelSize(label) };
}

const labelSize = (label: string): { width: number; height: number } => ({ width: widthOf(label, FONT.label) + 8, height: 16 });

function drawCard(card: Card, centre: { x: number; y: number }): string {
  const { width, height } = boxOf(card);
  const [x, y] = [centre.x - width / 2, centre.y - height / 2];
  const lines = card.lines.map(({ label, text: words, tone }, i) => {
    const base = HEADING_HEIGHT + 14 + i * LINE_HEIGHT;
    return text("label", PADDING, base, label) + text(`line ${tone} end`, width - PADDING, base, words);
  });
  return [
    `<g class="card ${card.kind}" transform="translate(${round(x)} ${round(y)})"><title>${escapeMarkup(card.hint)}</title>`,
    `<rect class="body" width="${width}" height="${round(height)}" rx="7"/>`,
    `<path class="top" d="M0 ${HEADING_HEIGHT - 4}V7a7 7 0 0 1 7-7H${width - 7}a7 7 0 0 1 7 7V${HEADING_HEIGHT - 4}z"/>`,
    text("heading", PADDING, 17, headingOf(card)),
    ...lines,
    "</g>",
  ].join("");
}

function drawArrow(arrow: Arrow, link: Layout["links"][number], direction: Direction): string {
  const path = smoothPath(link.points, direction);
  return `<path class="arrow${arrow.carries ? "" : " idle"}" d="${path}" marker-end="url(#softgrad-arrow)"><title>${escapeMarkup(arrow.hint)}</title></path>`;
}

function drawLabel(arrow: Arrow, place: { x: number; y: number } | null): string {
  if (place === null) return "";
  const { width, height } = labelSize(arrow.label);
  const chip = `<rect class="paper" x="${round(place.x - width / 2)}" y="${round(place.y - height / 2)}" width="${round(width)}" height="${height}" rx="4"/>`;
  return `<g class="slope">${chip}${text("middle", place.x, place.y + 4, arrow.label)}<title>${escapeMarkup(arrow.hint)}</title></g>`;
}

function drawLegend(words: string, tone: string, y: number): string {
  const mark = tone === "arrow" ? `<path class="arrow" d="M${MARGIN} ${y - 4}h12" marker-end="url(#softgrad-arrow)"/>` : `<rect class="mark ${tone}" x="${MARGIN}" y="${y - 10}" width="11" height="11" rx="2.5"/>`; // biome-ignore format: one choice
  return mark + text("legend", MARGIN + 20, y, words);
}

const text = (kind: string, x: number, y: number, words: string): string =>
  `<text class="${kind}" x="${round(x)}" y="${round(y)}">${escapeMarkup(words)}</text>`;

/** The picture in words, for those who cannot see it. */
const describe = ({ subtitle, cards }: Picture): string =>
  [subtitle, ...cards.map(({ heading, lines }) => `${heading}: ${lines.map(({ label, text: words }) => `${label} ${words}`).join(", ")}`)].join(". "); // biome-ignore format: one line

/** Words broken at spaces into lines of at most so many letters; a longer word stays whole. */
function wrap(words: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ").filter(Boolean)) {
    const longer = `${lines[lines.length - 1] ?? ""} ${word}`;
    if (lines.length > 0 && longer.length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
