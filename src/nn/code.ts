import { isActivation } from "../activations/activation.js";
import type { DType } from "../ir/dtype.js";
import type { Shape } from "../ir/shape.js";
import type { Layer } from "./layer.js";
import { type SummaryRow, summarize } from "./summary.js";

/** Code that is shorter than this stands on one line. */
const LINE = 80;

/**
 * The code that builds a model, part by part; with the shape of an input (without the batch axis), the shape of what each part returns and
 * its number of parameters behind it. Initialisers of your own and functions without a name cannot be written down and stand as …
 */
export function code(model: Layer, inputShape?: Shape, options: { dtype?: DType } = {}): string {
  const rows = inputShape === undefined ? [] : summarize(model, inputShape, options);
  const lines = linesOf(model, "", new Map(rows.map((row) => [row.path, row])));
  const width = Math.max(...lines.map(({ text }) => text.length));
  return lines.map(({ text, row }) => (row === undefined ? text : `${text.padEnd(width)}  // ${remark(row)}`)).join("\n");
}

const remark = ({ outputShape, trained, state }: SummaryRow): string =>
  `(${["batch", ...outputShape].join(" ")})${trained + state === 0 ? "" : `, ${(trained + state).toLocaleString("en-US")}`}`;

interface Line {
  readonly text: string;
  readonly row?: SummaryRow | undefined;
}

/** A layer whose arguments are its parts is written a part a line, with the part's own row behind it; everything else on one line. */
function linesOf(model: Layer, path: string, rows: ReadonlyMap<string, SummaryRow>): Line[] {
  const [builder, ...given] = model.code;
  const whole = written(model);
  const divides = model.children.length === given.length && given.every((part, i) => isSame(part, model.children[i][1]));
  if (!divides || given.length === 0 || (rows.size === 0 && whole.length <= LINE)) return [{ text: whole, row: rows.get(path) }];
  const parts = model.children.flatMap(([name, part]) => {
    const lines = linesOf(part, path === "" ? name : `${path}.${name}`, rows);
    return lines.map(({ text, row }, i) => ({ text: `  ${text}${i === lines.length - 1 ? "," : ""}`, row }));
  });
  return [{ text: `${builder}(` }, ...parts, { text: ")", row: rows.get(path) }];
}

/** Whether a child is the layer of an argument: itself, or an activation or a function made a layer. */
const isSame = (given: unknown, child: Layer): boolean => given === child || (child.code[0] === STAGE && child.code[1] === given);

/** The builder of what is no layer by itself. */
const STAGE = "stage";

function written(value: unknown): string {
  if (isActivation(value)) return activationCode(value);
  if (typeof value === "function") return value.name || "…";
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (isLayer(value)) return callCode(value);
  if ("draw" in value && "name" in value) return JSON.stringify(value.name);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{ ${entries.map(([name, entry]) => `${name}: ${written(entry)}`).join(", ")} }`;
}

const isLayer = (value: object): value is Layer => "kind" in value && value.kind === "layer";

function callCode({ code: [builder, ...given] }: Layer): string {
  if (builder === STAGE) return written(given[0]);
  const needed = given.filter((value, i) => i < given.length - 1 || !isEmpty(value));
  return `${builder}(${needed.map(written).join(", ")})`;
}

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype && !isLayer(value) && Object.values(value).every((entry) => entry === undefined)); // biome-ignore format: one condition

function activationCode(f: {
  readonly name: string;
  readonly record: { readonly parameters?: object };
  readonly values: object;
}): string {
  const defaults = (f.record.parameters ?? {}) as Readonly<Record<string, { readonly default: number }>>;
  const changed = Object.entries(f.values as Readonly<Record<string, number>>).filter(
    ([name, value]) => defaults[name]?.default !== value,
  );
  return changed.length === 0 ? f.name : `${f.name}.with(${written(Object.fromEntries(changed))})`;
}
