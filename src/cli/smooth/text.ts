import { Fault } from "../../ir/fault.js";
import { piecesFormula, plainFormula } from "../../plot/index.js";
import type { LanguageName, Smoothed } from "../../smooth/index.js";
import { numbersOf } from "../../smooth/numeric/pieces.js";
import { columns, factRows, shown } from "../activations/text.js";

/** Every language that a smoothed function is written out in. */
export const languageNames: readonly LanguageName[] = ["pytorch", "jax", "typescript", "glsl", "wgsl"];

/** Everything there is to say about a smoothed function, for a person. */
export function smoothedText(smooth: Smoothed, language: LanguageName): string {
  const { record, known, kernel, way } = smooth;
  return [
    smooth.title,
    ...(known === null ? [] : ["", `this is ${known.text}`]),
    ...block("function", [
      ...(way.kind === "closed form" ? [["pieces", piecesFormula(numbersOf(smooth.pieces))] as const] : []),
      ["formula", plainFormula(record.tex)],
      ["TeX", record.tex],
      ["kernel", `${kernel.title}: ${kernelText(smooth)}`],
      ["way", `${way.kind}, relative error about ${way.error}`],
    ]),
    ...errorText(smooth),
    ...(way.kind === "closed form" ? closedText(smooth, language) : []),
  ].join("\n");
}

function errorText({ error }: Smoothed): string[] {
  return block("error", [
    ["largest", `${shown(error.sup)} at x = ${shown(error.at)}${kinds[error.kind]}`],
    ["area", shown(error.l1)],
  ]);
}

/** What a closed form tells besides. */
function closedText(smooth: Smoothed, language: LanguageName): string[] {
  return [
    ...block("facts", [...factRows(smooth), ["convexity", smooth.facts.convexity]]),
    "",
    language,
    ...indented(written(smooth, language) ?? "this cannot be written out: export it as ONNX"),
  ];
}

const block = (heading: string, rows: readonly (readonly [string, string])[]): string[] => [
  "",
  heading,
  ...columns(rows).map((line) => `  ${line}`),
];

const kinds = { bound: ", never more", measured: ", the most that a search found" } as const;

/** Source code; null where a function cannot be written out. */
function written(smooth: Smoothed, language: LanguageName): string | null {
  try {
    return smooth.source(language);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

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
  const { record, known, name, form, kernel, values, way, facts, error, gain, backwardGain, moments } = smooth;
  const pieces = way.kind === "closed form" ? numbersOf(smooth.pieces) : null;
  return {
    name, title: smooth.title, form, kernel: kernel.name, width: values.width, values, way, pieces,
    formula: plainFormula(record.tex), sharp: pieces === null ? null : piecesFormula(pieces), tex: record.tex,
    known: known === null ? null : { name: known.activation.name, values: known.activation.values, text: known.text },
    facts: { ...facts, error }, error, gain, backwardGain, moments,
    source: Object.fromEntries(languages.map((language) => [language, written(smooth, language)])),
  }; // biome-ignore format: a list of names
}
