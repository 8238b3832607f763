import { fault } from "../ir/fault.js";
import type { NestedNumbers } from "../ops/index.js";
import { dotOf, mermaidOf } from "../plot/graph-markup.js";
import { drawGraph } from "../plot/graph-svg.js";
import { type DrawOptions, pictureOf } from "./drawing.js";
import { SUPERSCRIPT_DIGITS } from "./grammar.js";
import { flatten } from "./numbers.js";
import type { Step, Walk } from "./steps.js";
import { textOf } from "./text.js";

/** What `explain` found, and the forms in which it can be shown. Plain data but for the methods. */
export interface Explanation {
  /** As it was typed; null for a function. */
  readonly expression: string | null;
  /** What the function is called. */
  readonly name: string;
  /** The variables by which it was differentiated before it was explained; none for the function itself. */
  readonly derivative: readonly string[];
  readonly digits: number;
  /** Names of the directions of forward mode. */
  readonly directions: readonly string[];
  /** In the order of evaluation, the variables first. */
  readonly steps: readonly Step[];
  /** Name of the step that is the result; null when the result depends on no variable. */
  readonly result: string | null;
  readonly value: number;
  /** Reverse mode: the derivative by every variable, in its shape. */
  readonly gradient: Readonly<Record<string, NestedNumbers>>;
  /** Forward mode: the derivative along every direction. */
  readonly forward: Readonly<Record<string, number>>;
  /** The step of that name. */
  step(name: string): Step;
  /** Tables for a terminal. */
  text(): string;
  /** A drawn graph: one SVG file, readable on light and on dark. */
  svg(options?: DrawOptions): string;
  /** The graph for Mermaid, which Markdown renderers draw. */
  mermaid(): string;
  /** The graph for Graphviz. */
  dot(): string;
  /** The data, ready for JSON: what is no finite number is a string. */
  toJSON(): unknown;
}

/** What there is to show, without the methods. */
export type ExplanationData = Omit<Explanation, "step" | "text" | "svg" | "mermaid" | "dot" | "toJSON">;

interface Found {
  readonly expression: string | null;
  readonly name: string;
  readonly derivative: readonly string[];
  readonly digits: number;
  readonly directions: readonly string[];
  readonly walk: Walk;
}

export function present({ walk: { steps, value, result }, ...rest }: Found): Explanation {
  const last = steps.find((step) => step.name === result);
  const data: ExplanationData = {
    ...rest,
    steps,
    result,
    value,
    gradient: Object.fromEntries(
      steps.flatMap(({ kind, name, adjoint }) => (kind === "variable" && adjoint !== null ? [[name, adjoint]] : [])),
    ),
    forward: Object.fromEntries(rest.directions.map((name) => [name, Number(last?.tangents[name] ?? 0)])),
  };
  return {
    ...data,
    step: (name) => findStep(steps, name),
    text: () => textOf(data),
    svg: (options) => drawGraph(pictureOf(data, options)),
    mermaid: () => mermaidOf(pictureOf(data)),
    dot: () => dotOf(pictureOf(data)),
    toJSON: () => jsonSafe(data),
  };
}

function findStep(steps: readonly Step[], name: string): Step {
  const found = steps.find((step) => step.name === name);
  if (found !== undefined) return found;
  throw fault("explain", `there is no step ${name}`, {
    expected: steps.map((step) => step.name).join(", ") || "none",
    got: name,
  });
}

/** The reverse-mode derivative along a direction, to stand beside the forward one. */
export function alongGradient({ gradient }: ExplanationData, direction: string): number {
  const [, name, index = ""] = /^(.*?)(?:\[([^\]]*)\])?$/.exec(direction) ?? [];
  const position = index.split(", ").filter(Boolean).map(Number); // biome-ignore format: one line
  const found = position.reduce<NestedNumbers>((part, at) => (part as readonly NestedNumbers[])[at], gradient[name]);
  return flatten(found)[0];
}

/** f, ∂f/∂w, ∂³f/∂w²∂b: the derivative by so many variables. */
export function derivativeName(name: string, variables: readonly string[]): string {
  if (variables.length === 0) return name;
  const power = (count: number): string =>
    count === 1 ? "" : [...String(count)].map((digit) => SUPERSCRIPT_DIGITS[Number(digit)]).join("");
  const counts = new Map<string, number>();
  for (const variable of variables) counts.set(variable, (counts.get(variable) ?? 0) + 1);
  const below = [...counts].map(([variable, count]) => `∂${variable}${power(count)}`).join("");
  return `∂${power(variables.length)}${name}/${below}`;
}

/** JSON has no ∞ and no NaN: they are written as strings, and −0 as 0. */
function jsonSafe(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  if (Array.isArray(value)) return value.map(jsonSafe);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, jsonSafe(child)]));
}
