import { fault } from "../ir/fault.js";
import type { Graph } from "../ir/graph.js";
import { lower } from "./lower.js";
import type { OnnxModel, OnnxNode, OnnxValue } from "./onnx/model.js";

/** Which slot of a state each end of a graph reads or writes; null: an argument or a result. */
export interface Slots {
  readonly inputs: readonly (number | null)[];
  readonly outputs: readonly (number | null)[];
}

/**
 * A step run `count` times in one call, as an ONNX Loop: the state goes from one run to the next without leaving the runtime,
 * which otherwise copies every output of every call. Arguments and results get a leading axis of size `count`.
 */
export function lowerRepeated(graph: Graph, slots: Slots, count: number): OnnxModel {
  const writes = new Map(slots.outputs.flatMap((slot, i) => (slot === null ? [] : [[slot, i] as const])));
  const reads = new Map(slots.inputs.flatMap((slot, i) => (slot === null ? [] : [[slot, i] as const])));
  const unread = [...writes.keys()].find((slot) => !reads.has(slot));
  if (unread !== undefined)
    throw fault("repeat", `slot ${unread} is written but not read`, { fix: "read every slot that the step writes" });

  const isCarried = (i: number): boolean => writes.has(slots.inputs[i] ?? -1);
  const isArgument = (i: number): boolean => slots.inputs[i] === null;
  const body = lower(graph, "cpu", {
    inputs: graph.parameters.map((_, i) => (isCarried(i) || isArgument(i) ? `b${i}` : `p${i}`)),
    outputs: graph.outputs.map((_, i) => `z${i}`),
  });
  const carried = body.inputs.flatMap((_, i) => (isCarried(i) ? [i] : []));
  const results = body.outputs.flatMap((_, i) => (slots.outputs[i] === null ? [i] : []));
  const writtenBy = carried.map((i) => writes.get(slots.inputs[i] ?? -1) ?? 0);
  const pickArguments = body.inputs.flatMap((input, i): OnnxNode[] =>
    isArgument(i)
      ? [{ op: "Gather", inputs: [`p${i}`, "turn"], outputs: [input.name], attributes: { axis: { kind: "int", value: 0 } } }]
      : [],
  );
  const stacked = (value: OnnxValue, name: string): OnnxValue => ({ ...value, name, shape: [count, ...value.shape] });
  return {
    inputs: body.inputs.map((input, i) => (isArgument(i) ? stacked(input, `p${i}`) : { ...input, name: `p${i}` })),
    outputs: body.outputs.map((output, i) =>
      slots.outputs[i] === null ? stacked(output, `y${i}`) : { ...output, name: `y${i}` },
    ),
    initializers: [
      { name: "turns", type: "int64", shape: [], data: [count] },
      { name: "always", type: "bool", shape: [], data: [1] },
    ],
    nodes: [
      {
        op: "Loop",
        inputs: ["turns", "always", ...carried.map((i) => `p${i}`)],
        outputs: [...writtenBy, ...results].map((i) => `y${i}`),
        attributes: {
          body: {
            kind: "graph",
            value: {
              name: "step",
              inputs: [
                { name: "turn", type: "int64", shape: [] },
                { name: "continue", type: "bool", shape: [] },
                ...carried.map((i) => body.inputs[i]),
              ],
              outputs: [
                { name: "continues", type: "bool", shape: [] },
                ...[...writtenBy, ...results].map((i) => body.outputs[i]),
              ],
              initializers: body.initializers,
              nodes: [{ op: "Identity", inputs: ["continue"], outputs: ["continues"] }, ...pickArguments, ...body.nodes],
            },
          },
        },
      },
    ],
  };
}
