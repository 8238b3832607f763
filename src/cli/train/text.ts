import { percent, shortNumber } from "../../plot/report/parts.js";
import type { ClassificationOutcome, Outcome, TextOutcome } from "../../plot/report/run-summary.js";
import type { Results } from "./results.js";

export { percent };

/** 75 as "1 min 15 s". */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "–";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** What a run came to, for a person. */
export function resultText({ outcome, epochs, seconds, kept, health, folder, files }: Results): string {
  const width = Math.max(...files.map(({ name }) => name.length));
  const stopped = kept === null ? "" : `, the parameters of epoch ${kept} are kept`;
  return [
    ...outcomeText(outcome),
    "",
    `${epochs} ${epochs === 1 ? "epoch" : "epochs"} in ${duration(seconds)}${stopped}`,
    ...(health === undefined ? [] : [`health: ${health}`, `  softgrad health ${folder} tells more`]),
    "",
    `run folder: ${folder}`,
    ...files.map(({ name, purpose }) => `  ${name.padEnd(width)}   ${purpose}`),
  ].join("\n");
}

function outcomeText(outcome: Outcome): string[] {
  if (outcome.kind === "text") return [...measuresText(outcome), ...outcome.examples.flatMap(examplesText)];
  if (outcome.kind === "regression") {
    const { target, rootMeanSquare, meanAbsolute, determination } = outcome;
    return [
      `test data: ${target}`,
      `  root mean square error   ${shortNumber(rootMeanSquare)}`,
      `  mean absolute error      ${shortNumber(meanAbsolute)}`,
      `  variance explained, R²   ${shortNumber(determination)}`,
    ];
  }
  const total = outcome.confusion.flat().reduce((sum, count) => sum + count, 0);
  const right = total - outcome.mistakes.length;
  return [`test accuracy ${percent(outcome.accuracy, 2)}   (${right} of ${total})`, "", ...matrixText(outcome)];
}

function measuresText({ measures }: TextOutcome): string[] {
  const width = Math.max(...measures.map(({ label }) => label.length));
  return measures.map(({ label, value, note }) => `${label.padEnd(width)}   ${value}${note === undefined ? "" : `   (${note})`}`);
}

/** Columns of a terminal that examples may take. */
const WIDEST_EXAMPLE = 110;
/** So many are printed; the rest are in the report. */
const PRINTED_EXAMPLES = 8;

function examplesText({ title, header, rows }: TextOutcome["examples"][number]): string[] {
  const shown = rows.slice(0, PRINTED_EXAMPLES).map((row) => row.map((cell) => cell.replace(/\s+/g, " ")));
  const widths = header.map((name, i) => Math.min(36, Math.max(name.length, ...shown.map((row) => row[i].length))));
  const line = (cells: readonly string[]): string => `  ${cells.map((cell, i) => cell.padEnd(widths[i])).join("   ")}`.trimEnd();
  return ["", title, line(header), ...shown.map((row) => line(row).slice(0, WIDEST_EXAMPLE))];
}

/** Beyond so many classes a matrix is for the report. */
const LARGEST_PRINTED = 26;
const LONGEST_HEADING = 12;
/** Columns of a terminal that the counts may take with names above them; beyond, numbers stand for the names. */
const WIDEST = 88;

/** Rows are what samples are, columns what they were taken for; a dot is none. */
export function matrixText({ confusion, classNames }: Pick<ClassificationOutcome, "confusion" | "classNames">): string[] {
  if (classNames.length > LARGEST_PRINTED) return [`confusion matrix of ${classNames.length} classes: in the report`];
  const names = classNames.map((name) => (name.length > LONGEST_HEADING ? `${name.slice(0, LONGEST_HEADING - 1)}…` : name));
  const longestCount = Math.max(...confusion.flat().map((count) => String(count).length));
  const widthFor = (headings: readonly string[]): number => Math.max(longestCount, ...headings.map((name) => name.length)) + 2;
  const numbered = widthFor(names) * names.length > WIDEST;
  const headings = numbered ? names.map((_, i) => String(i)) : names;
  const rowNames = numbered ? names.map((name, i) => `${String(i).padStart(2)} ${name}`) : names;
  const first = Math.max(...rowNames.map((name) => name.length), 4);
  const width = widthFor(headings);
  const header = `  ${"true".padEnd(first)} │${headings.map((name) => name.padStart(width)).join("")}`;
  const rule = `  ${"─".repeat(first + 1)}┼${"─".repeat(width * names.length)}`;
  const rows = confusion.map(
    (row, i) =>
      `  ${rowNames[i].padEnd(first)} │${row.map((count) => (count === 0 ? "·" : String(count)).padStart(width)).join("")}`,
  );
  return ["confusion matrix: rows are true, columns predicted", header, rule, ...rows];
}
