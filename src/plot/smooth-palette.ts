import { type Palette, palettes, type Theme } from "./activation-palette.js";

/** Colours for one function at several widths: from narrow to wide, so that the order of the lines is the order of the colours. */
const light = ["#0b4fa8", "#2f86e0", "#2bab98", "#e0930b"];
const dark = ["#8cb8ff", "#4f95f0", "#45c4ae", "#ffb84d"];

export interface WidthPalette extends Palette {
  readonly widths: readonly string[];
}

const variables = (colours: readonly string[]): string => colours.map((colour, i) => `--width-${i + 1}:${colour}`).join(";");

const adaptive: WidthPalette = {
  ...palettes.auto,
  widths: light.map((_, i) => `var(--width-${i + 1})`),
  style: `${palettes.auto.style}svg{${variables(light)}}@media (prefers-color-scheme:dark){svg{${variables(dark)}}}`,
};

export const widthPalettes: Readonly<Record<Theme, WidthPalette>> = {
  auto: adaptive,
  light: { ...palettes.light, widths: light },
  dark: { ...palettes.dark, widths: dark },
};
