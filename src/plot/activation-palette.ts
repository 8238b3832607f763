/** The colours of a picture that stands alone: as values where they are fixed, or as variables that follow the reader's system. */
export interface Palette {
  readonly card: string;
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly shade: string;
  /** For curves, in the order in which they are drawn. */
  readonly series: readonly string[];
  /** A style sheet that gives the variables their values; empty for fixed colours. */
  readonly style: string;
}

export type Theme = "auto" | "light" | "dark";

/** Curves can be told apart by people who see colours differently, too: they differ in lightness, and in width or dashes. */
const light = {
  card: "#ffffff", ink: "#171a1f", soft: "#5d6672", line: "#dfe3e8", shade: "#eceff3",
  series: ["#2f6fdb", "#d9730d", "#1f8a70", "#9b4dca", "#cf3f37", "#6b7280"],
}; // biome-ignore format: a table
const dark = {
  card: "#171b21", ink: "#e8ebef", soft: "#98a2ae", line: "#333b46", shade: "#222831",
  series: ["#74a9ff", "#ffab57", "#4cc9a7", "#c79bff", "#ee6a62", "#9aa3af"],
}; // biome-ignore format: a table

const fixed = (colours: typeof light): Palette => ({ ...colours, style: "" });

const variables = ({ series, ...others }: typeof light): string =>
  [...Object.entries(others), ...series.map((colour, i) => [`series-${i + 1}`, colour])]
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(";");

/** As variables, dark where the reader's system is. */
const adaptive: Palette = {
  card: "var(--card)",
  ink: "var(--ink)",
  soft: "var(--soft)",
  line: "var(--line)",
  shade: "var(--shade)",
  series: light.series.map((_, i) => `var(--series-${i + 1})`),
  style: `svg{${variables(light)}}@media (prefers-color-scheme:dark){svg{${variables(dark)}}}`,
};

export const palettes: Readonly<Record<Theme, Palette>> = { auto: adaptive, light: fixed(light), dark: fixed(dark) };
