import { alongGradient, derivativeName, type ExplanationData } from "./explanation.js";
import { formatNested, formatNumber } from "./numbers.js";
import { adjointName, tangentName } from "./rules.js";
import type { Step } from "./steps.js";

/** The tables of an explanation for a terminal: values with both derivatives, then each mode step by step. */
export function textOf(data: ExplanationData): string {
  const sections = [title(data), valueTable(data), forwardSteps(data), reverseSteps(data), summary(data)];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function title({ expression, name, derivative, steps, digits }: ExplanationData): string {
  if (expression === null) return derivativeName(name, derivative);
  const point = steps
    .filter((step) => step.kind === "variable")
    .map((step) => `${step.name} = ${formatNested(step.value, digits)}`);
  const what =
    derivative.length === 0 ? `${name} = ${expression}` : `${derivativeName(name, derivative)} of ${name} = ${expression}`;
  return point.length === 0 ? what : `${what}   at ${point.join(", ")}`;
}

function valueTable({ steps, directions, digits }: ExplanationData): string {
  if (steps.length === 0) return "";
  const rows = steps.map((step) => [
    step.name,
    step.kind === "variable" ? "" : step.expression,
    show(step.value, digits),
    ...directions.map((direction) => show(step.tangents[direction], digits)),
    show(step.adjoint, digits),
  ]);
  return table(["", "", "value", ...directions.map((direction) => `∂/∂${direction}`), "adjoint"], rows, 2);
}

const show = (values: Step["adjoint"], digits: number): string => (values === null ? "–" : formatNested(values, digits));

function forwardSteps({ steps, directions, digits }: ExplanationData): string {
  const moving = steps.filter((step) => step.kind === "variable" || step.rule.forward !== null);
  if (moving.every((step) => step.kind === "variable") || directions.length === 0) return "";
  const rows = moving.map((step) => [
    step.kind === "variable" ? step.name : `${step.name} = ${step.expression}`,
    step.rule.forward ?? tangentName(step.name),
    ...directions.map((direction) => show(step.tangents[direction], digits)),
  ]);
  const heading = "Forward mode, from the variables to the result: how each value moves with a variable";
  return `${heading}\n${table(["", "", ...directions.map((direction) => `∂/∂${direction}`)], rows, 2)}`;
}

function reverseSteps(data: ExplanationData): string {
  const { steps, result, digits, name, derivative } = data;
  const giving = steps.filter((step) => step.rule.reverse.length > 0).reverse();
  if (giving.length === 0 || result === null) return "";
  const seed = [`${result} is the result`, `${adjointName(result)} = 1`, ""];
  const rows = giving.flatMap((step) =>
    step.rule.reverse.map(({ text, value }, i) => [
      i === 0 ? `${step.name} = ${step.expression}` : "",
      text,
      `= ${formatNested(value, digits)}`,
    ]),
  );
  const heading = `Reverse mode, from the result to the variables: how ${derivativeName(name, derivative)} moves with each value`;
  return `${heading}\n${table(null, [seed, ...rows], 3)}`;
}

function summary(data: ExplanationData): string {
  const { name, derivative, value, gradient, forward, digits } = data;
  const by = (variable: string): string => derivativeName(name, [...derivative, variable]);
  const slopes = Object.values(forward).map((slope) => formatNumber(slope, digits));
  const width = Math.max(0, ...slopes.map(widthOf));
  const both = Object.keys(forward).map((direction, i) => [
    by(direction),
    `= ${slopes[i].padEnd(width)} by forward mode, ${formatNumber(alongGradient(data, direction), digits)} by reverse mode`,
  ]);
  const reverse = Object.entries(gradient)
    .filter(([variable]) => !(variable in forward))
    .map(([variable, slope]) => [by(variable), `= ${formatNested(slope, digits)} by reverse mode`]);
  return table(null, [[derivativeName(name, derivative), `= ${formatNumber(value, digits)}`], ...both, ...reverse], 2);
}

/** Columns two spaces apart, the first `left` of them aligned left; a line under the header if there is one. */
function table(header: readonly string[] | null, body: readonly (readonly string[])[], left: number): string {
  const rows = header === null ? body : [header, ...body];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => widthOf(row[column]))));
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) => {
      const space = " ".repeat(widths[column] - widthOf(cell));
      return column < left ? cell + space : space + cell;
    });
    return `  ${cells.join("  ")}`.trimEnd();
  });
  if (header === null) return lines.join("\n");
  const rule = `  ${"─".repeat(widths.reduce((total, width) => total + width + 2, -2))}`;
  return [lines[0], rule, ...lines.slice(1)].join("\n");
}

/** Columns a text takes in a terminal: marks over letters take none. */
export const widthOf = (text: string): number => [...text.replace(/\p{M}/gu, "")].length;
