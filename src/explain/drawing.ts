import type { NestedNumbers } from "../ops/index.js";
import type { Arrow, Card, Picture, Tone } from "../plot/graph-svg.js";
import { derivativeName, type ExplanationData } from "./explanation.js";
import { flatten, formatNested, formatNumber } from "./numbers.js";
import type { Step } from "./steps.js";

export interface DrawOptions {
  /** Which way the arrows run; to the right unless that is wider than a screen. */
  direction?: "right" | "down";
  /** Significant digits on the cards; 6, or fewer when the explanation has fewer. */
  digits?: number;
}

const DRAWN_DIGITS = 6;
/** Tensors of more elements are drawn by their shape. */
const DRAWN_ELEMENTS = 16;

/** The computation graph with values and both derivatives on every card, and the slope of every step on its arrow. */
export function pictureOf(data: ExplanationData, { direction, digits }: DrawOptions = {}): Picture {
  const { steps, name, derivative, expression, value } = data;
  const shown = digits ?? Math.min(DRAWN_DIGITS, data.digits);
  const full = derivativeName(name, derivative);
  const title =
    expression === null ? full : derivative.length === 0 ? `${name} = ${expression}` : `${full} of ${name} = ${expression}`;
  const variables = steps.filter((step) => step.kind === "variable");
  const point = variables.map((step) => `${step.name} = ${formatNested(step.value, shown)}`).join(", ");
  const isShort = variables.length > 0 && variables.every((step) => step.shape.length === 0);
  return {
    title,
    subtitle: `${isShort ? `at ${point}, ` : ""}${full} = ${formatNumber(value, data.digits)}`,
    cards: steps.map((step) => cardOf(step, data, shown)),
    arrows: steps.flatMap((step) => arrowsOf(step, shown)),
    legend: legendOf(data, full),
    ...(direction !== undefined && { direction }),
  };
}

function cardOf(step: Step, { directions, result }: ExplanationData, digits: number): Card {
  const lines = (label: string, values: NestedNumbers | null, tone: Tone): Card["lines"] =>
    values === null ? [] : rowsOf(values, digits, step.shape).map((text, i) => ({ label: i === 0 ? label : "", text, tone }));
  const rules = [step.rule.forward, ...step.rule.reverse.map(({ text }) => text)].filter((rule) => rule !== null);
  return {
    id: step.name,
    kind: step.name === result ? "result" : step.kind,
    heading: step.kind === "variable" ? step.name : `${step.name} = ${step.expression}`,
    lines: [
      ...lines("value", step.value, "value"),
      ...directions.flatMap((direction) => lines(`∂/∂${direction}`, step.tangents[direction], "forward")),
      ...lines("adjoint", step.adjoint, "reverse"),
    ],
    hint: [step.kind === "variable" ? step.name : `${step.name} = ${step.expression}`, ...rules].join("\n"),
  };
}

/** A matrix takes a line for each row, its columns aligned by spaces that no renderer folds. */
function rowsOf(values: NestedNumbers, digits: number, shape: readonly number[]): string[] {
  if (flatten(values).length > DRAWN_ELEMENTS) return [`(${shape.join(" ")})`];
  if (shape.length !== 2) return [formatNested(values, digits)];
  const cells = (values as readonly NestedNumbers[][]).map((row) => row.map((cell) => formatNested(cell, digits)));
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column].length))) ?? [];
  return cells.map((row) => `[${row.map((cell, column) => cell.padStart(widths[column], "\u00a0")).join(", ")}]`);
}

function arrowsOf(step: Step, digits: number): Arrow[] {
  return step.inputs.map((from) => {
    const contribution = step.rule.reverse.find(({ to }) => to === from);
    const slope = contribution?.slope ?? null;
    const hint = slope === null ? (contribution?.text ?? "") : `∂${step.name}/∂${from} = ${slopeText(slope, digits)}`;
    return {
      from,
      to: step.name,
      label: slope === null ? "" : formatNumber(slope.value, digits),
      hint,
      carries: contribution !== undefined,
    };
  });
}

function slopeText({ text, value }: { text: string; value: number }, digits: number): string {
  const number = formatNumber(value, digits);
  return text === number ? text : `${text} = ${number}`;
}

function legendOf({ directions, steps }: ExplanationData, name: string): Picture["legend"] {
  const hasSlopes = steps.some((step) => step.rule.reverse.some(({ slope }) => slope !== null));
  const hasIdle = steps.some((step) => step.inputs.some((from) => !step.rule.reverse.some(({ to }) => to === from)));
  const onArrow = [
    ...(hasSlopes ? ["the slope of that step alone"] : []),
    ...(hasIdle ? ["dashed where no derivative passes"] : []),
  ];
  return [
    ...(directions.length > 0
      ? [{ text: "∂/∂…: forward mode, the derivative of the value by a variable", tone: "forward" as const }]
      : []),
    { text: `adjoint: reverse mode, the derivative of ${name} by the value`, tone: "reverse" },
    ...(onArrow.length > 0 ? [{ text: `on an arrow: ${onArrow.join("; ")}`, tone: "arrow" as const }] : []),
  ];
}
