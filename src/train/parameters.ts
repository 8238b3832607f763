import type { TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { flattenTree } from "../ir/tree.js";
import { isParameterSpec, type Layer } from "../nn/layer.js";
import { constant, isTensor } from "../ops/create.js";
import { evaluate } from "../run/compile.js";
import type { Slot } from "../run/host.js";
import type { Runtime } from "../run/runtime.js";
import { joinData } from "./layout.js";
import type { StateLayout } from "./state.js";

/** The elements of every parameter by name, checked against the model's table. */
export async function concreteParameters(
  parameters: unknown,
  runtime: Runtime,
  table: readonly { path: string; shape: Shape }[],
): Promise<Map<string, TypedArray>> {
  const { leaves, paths } = flattenTree(await evaluate(parameters, { runtime }), isTensor, "train.compile (its parameters)");
  const unknown = paths.find((path) => !table.some((row) => row.path === path));
  if (unknown !== undefined) {
    throw fault("train.compile", `the model has no parameter ${unknown}`, {
      expected: table.map(({ path }) => path).join(", "),
    });
  }
  const entries = table.map(({ path, shape }): [string, TypedArray] => {
    const leaf = leaves[paths.indexOf(path)];
    if (leaf?.primitive.meaning.kind === "stored" && sameShape(leaf.shape, shape)) {
      return [path, leaf.primitive.meaning.data(leaf.params)];
    }
    throw fault("train.compile", `the parameter ${path} does not fit the model`, {
      expected: formatShape(shape),
      got: leaf === undefined ? "nothing" : formatShape(leaf.shape),
    });
  });
  return new Map(entries);
}

/** The state before the first step: the given parameters, and zeros for all that gathers. */
export function firstValues(layout: StateLayout, values: ReadonlyMap<string, TypedArray>): Slot[] {
  const elementsOf = (name: string): TypedArray => values.get(name) ?? new Float32Array(0);
  return layout.cells.map(({ shape, dtype }, i) => {
    const buffer = layout.buffers[layout.positions.parameters.indexOf(i)];
    const kept = layout.kept[layout.positions.kept.indexOf(i)];
    if (buffer !== undefined) return { shape, dtype, data: joinData(buffer, ({ name }) => elementsOf(name)) };
    if (kept !== undefined) return { shape, dtype, data: Float32Array.from(elementsOf(kept.name)) };
    return { shape, dtype, data: new Float32Array(sizeOf(shape)) };
  });
}

/** The model's parameters as constants, from the values of a state. */
export function parametersIn<P>(model: Layer<P>, layout: StateLayout, cells: readonly TypedArray[]): P {
  const values = new Map<string, Tensor>();
  layout.cells.forEach(({ entries }, i) => {
    for (const { name, shape, offset } of entries) {
      values.set(name, constant(cells[i].slice(offset, offset + sizeOf(shape)), shape, "float32"));
    }
  });
  const table = flattenTree(model.parameters, isParameterSpec, model.name);
  return table.rebuild(table.paths.map((path) => values.get(`model.${path}`))) as P;
}
