/** Colours of a drawn graph. Every text has a contrast of at least 4.5 : 1 on what lies under it; a test computes it. */
export interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly body: string;
  readonly border: string;
  readonly variable: string;
  readonly operation: string;
  readonly result: string;
  readonly forward: string;
  readonly reverse: string;
  readonly arrow: string;
}

export const palettes: { readonly light: Palette; readonly dark: Palette } = {
  light: {
    paper: "#ffffff",
    ink: "#1c2530",
    muted: "#5b6675",
    body: "#fbfcfe",
    border: "#c9d2de",
    variable: "#e3f1ea",
    operation: "#e9eef6",
    result: "#fdeccb",
    forward: "#1a5fb4",
    reverse: "#b3400d",
    arrow: "#8593a5",
  },
  dark: {
    paper: "#12161c",
    ink: "#e8edf3",
    muted: "#a2aebd",
    body: "#1a2029",
    border: "#3b4655",
    variable: "#1f3d33",
    operation: "#27313f",
    result: "#4a3a17",
    forward: "#86b9ff",
    reverse: "#ffae7a",
    arrow: "#76859a",
  },
};

export interface FontSizes {
  readonly title: number;
  readonly subtitle: number;
  readonly heading: number;
  readonly line: number;
  readonly label: number;
  readonly legend: number;
}

/** Light unless the reader asks for dark. Only selectors under the drawing's own class, so that a page keeps its style. */
export function styleSheet(size: FontSizes): string {
  const dark = `@media (prefers-color-scheme: dark){${colours(palettes.dark)}}`;
  return `\n${shapes(size)}\n${colours(palettes.light)}\n${dark}\n`;
}

const scoped = (rules: readonly (readonly [string, string])[]): string =>
  rules
    .map(
      ([selector, style]) =>
        `${selector
          .split(",")
          .map((one) => `.softgrad-graph ${one}`)
          .join()}{${style}}`,
    )
    .join("\n");

function shapes(size: FontSizes): string {
  return scoped([
    ["text", "font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace"],
    [".title", `font-size:${size.title}px;font-weight:600`],
    [".subtitle", `font-size:${size.subtitle}px`],
    [".heading", `font-size:${size.heading}px;font-weight:600`],
    [".line", `font-size:${size.line}px`],
    [".label", `font-size:${size.line}px`],
    [".legend", `font-size:${size.legend}px`],
    [".slope text", `font-size:${size.label}px;text-anchor:middle`],
    [".end", "text-anchor:end"],
    [".body", "stroke-width:1.2"],
    [".arrow", "fill:none;stroke-width:1.5"],
    [".idle", "stroke-dasharray:4 4"],
  ]);
}

function colours(palette: Palette): string {
  return scoped([
    [".paper", `fill:${palette.paper}`],
    [".title,.heading,.line.value,.slope text", `fill:${palette.ink}`],
    [".subtitle,.label,.legend", `fill:${palette.muted}`],
    [".body", `fill:${palette.body};stroke:${palette.border}`],
    [".variable .top", `fill:${palette.variable}`],
    [".operation .top", `fill:${palette.operation}`],
    [".result .top", `fill:${palette.result}`],
    [".forward", `fill:${palette.forward}`],
    [".reverse", `fill:${palette.reverse}`],
    [".mark.value", `fill:${palette.ink}`],
    [".arrow", `stroke:${palette.arrow}`],
    [".head", `fill:${palette.arrow}`],
  ]);
}
