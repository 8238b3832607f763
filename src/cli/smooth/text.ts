import { piecesFormula } from "../../plot/index.js";
import { type LanguageName, type Smoothed, sourceOf } from "../../smooth/index.js";
import { isPolynomial, numbersOf } from "../../smooth/numeric/pieces.js";
import { columns, factRows, shown } from "../activations/text.js";

/** Every language that a smoothed function is written out in. */
export const languageNames: readonly LanguageName[] = ["pytorch", "jax", "typescript", "glsl", "wgsl"];

/** "ReLU ∗ Gaussian, width 0.5" */
export const titleOf = ({ title, values }: Smoothed): string => `${title}, width ${shown(values.width)}`;

/** Everything there is to say about a smoothed function, for a person. */
export function smoothedText(smooth: Smoothed, language: LanguageName): string {
  const { kernel, way, facts, error } = smooth;
  const block = (heading: string, rows: readonly (readonly [string, string])[]): string[] => [
    "",
    heading,
    ...columns(rows).map((line) => `  ${line}`),
  ];
  return [
    titleOf(smooth),
    ...block("function", [
      ["pieces", piecesFormula(numbersOf(smooth.pieces))],
      ["kernel", `${kernel.title}: ${kernelText(smooth)}`],
      ["way", `${way.kind}, relative error about ${way.error}`],
    ]),
    ...block("error", [
      [
        "largest",
        `${shown(error.sup)} at x = ${shown(error.at)}${error.kind === "bound" ? ", never more" : ", the most that a search found"}`,
      ],
      ["area", shown(error.l1)],
    ]),
    ...block("facts", [...factRows(smooth), ["convexity", facts.convexity]]),
    ...(isWritten(smooth) ? ["", language, ...indented(sourceFor(smooth, language))] : []),
  ].join("\n");
}

export const sourceFor = ({ pieces, kernel, values, form }: Smoothed, language: LanguageName): string =>
  sourceOf(pieces, kernel, values.width, language, form);

/** Pieces with exponentials have no source code of their own. */
const isWritten = ({ pieces }: Smoothed): boolean => isPolynomial(numbersOf(pieces));

const indented = (code: string): string[] => code.trimEnd().split("\n").map((line) => `  ${line}`.trimEnd()); // biome-ignore format: one line

const kernelText = ({ kernel: { record }, values }: Smoothed): string => {
  const { radius, variance } = record;
  const reach = Number.isFinite(radius) ? `0 beyond ±${shown(radius * values.width)}` : "on the whole line";
  const spread = Number.isFinite(variance)
    ? `standard deviation ${shown(Math.sqrt(variance) * values.width)}`
    : "without a variance";
  return `${reach}, ${spread}`;
};

/** What a script gets to know about a smoothed function. */
export function smoothedData(smooth: Smoothed, languages: readonly LanguageName[]) {
  const { name, form, kernel, values, way, facts, error, pieces, gain, backwardGain, moments } = smooth;
  const numeric = numbersOf(pieces);
  return {
    name, title: titleOf(smooth), form, kernel: kernel.name, width: values.width, values, way, pieces: numeric, formula: piecesFormula(numeric),
    facts: { ...facts, error }, error, gain, backwardGain, moments,
    source: isWritten(smooth) ? Object.fromEntries(languages.map((language) => [language, sourceFor(smooth, language)])) : null,
  }; // biome-ignore format: a list of names
}
