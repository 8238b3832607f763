import type { DType } from "../ir/dtype.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { parameter } from "../ops/create.js";
import { context, joinPath } from "./context.js";
import { type Layer, mapParameters, parametersOf } from "./layer.js";

/** A line of a summary. */
export interface SummaryRow {
  /** Where the layer stands: "2", "1.branch"; "" for the model itself. */
  readonly path: string;
  readonly title: string;
  /** Shape of what it returns, for one example. */
  readonly outputShape: Shape;
  /** Number of trained numbers in it, those of its parts included. */
  readonly trained: number;
  /** Number of numbers that are state. */
  readonly state: number;
  /** How deep it is nested. */
  readonly depth: number;
}

/** Every layer of a model with its output shape and size, for inputs of the given shape (without the batch axis). */
export function summarize(model: Layer, inputShape: Shape, { dtype = "float32" }: { dtype?: DType } = {}): SummaryRow[] {
  const shapes = new Map<string, Shape>();
  const look = context({ probe: (path, { shape }) => void shapes.set(path, shape.slice(1)) });
  const output = model.apply(placeholders(model), parameter([1, ...inputShape], dtype), look);
  shapes.set("output", output.shape.slice(1));
  return rowsOf(model, "", 0, shapes);
}

/** Parameters to be fed later: enough to know shapes. */
const placeholders = (model: Layer): unknown => mapParameters(model, ({ shape }) => parameter(shape, "float32"));

function rowsOf(model: Layer, path: string, depth: number, shapes: ReadonlyMap<string, Shape>): SummaryRow[] {
  const sizes = (trained: boolean): number =>
    parametersOf(model).reduce((total, spec) => total + (spec.trained === trained ? sizeOf(spec.shape) : 0), 0);
  const own: SummaryRow = {
    path,
    title: model.title,
    outputShape: shapes.get(joinPath(path, "output")) ?? [],
    trained: sizes(true),
    state: sizes(false),
    depth,
  };
  return [own, ...model.children.flatMap(([name, part]) => rowsOf(part, joinPath(path, name), depth + 1, shapes))];
}

/** The summary as a table to print: layers, output shapes, numbers of parameters, and their total. */
export function summary(model: Layer, inputShape: Shape, options: { dtype?: DType } = {}): string {
  const rows = summarize(model, inputShape, options);
  const cells = rows.map((row) => [
    `${"  ".repeat(row.depth)}${row.path.split(".").pop() ?? ""} ${row.title}`.replace(/^ /, ""),
    `(${["batch", ...row.outputShape].join(" ")})`,
    (row.trained + row.state).toLocaleString("en-US"),
  ]);
  const table = [["layer", "output", "parameters"], ...cells];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)));
  const lines = table.map(([layer, output, count]) =>
    [layer.padEnd(widths[0]), output.padEnd(widths[1]), count.padStart(widths[2])].join("  "),
  );
  const [{ trained, state }] = rows;
  const total = `${trained.toLocaleString("en-US")} trained${state > 0 ? `, ${state.toLocaleString("en-US")} state` : ""}`;
  return [...lines, "", total].join("\n");
}
