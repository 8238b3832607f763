import type { DType } from "./dtype.js";
import { topologicalOrder } from "./order.js";
import type { Tensor } from "./tensor.js";

/** A finished function: parameters to be fed, outputs to be computed. */
export interface Graph {
  readonly parameters: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

const shortDtype: Record<DType, string> = { float32: "f32", int32: "i32", uint32: "u32", bool: "bool" };

/** `f32(2 3)`, the type of a tensor in printouts and messages. */
export const formatType = (tensor: { dtype: DType; shape: readonly number[] }): string =>
  `${shortDtype[tensor.dtype]}(${tensor.shape.join(" ")})`;

/**
 * The graph as text, a node a line, numbered in evaluation order: equal graphs print equally, so the text serves people,
 * snapshots and the compile cache alike.
 */
export function printGraph(graph: Graph): string {
  const names = new Map<Tensor, string>();
  const lines: string[] = [];
  graph.parameters.forEach((parameter, index) => {
    names.set(parameter, `p${index}`);
    lines.push(`p${index}: ${formatType(parameter)}`);
  });
  let count = 0;
  for (const node of topologicalOrder(graph.outputs)) {
    if (names.has(node)) continue;
    const name = `h${++count}`;
    names.set(node, name);
    const operands = [...node.inputs.map((input) => names.get(input) ?? "?"), ...formatParams(node.params)];
    lines.push(`${name} = ${node.primitive.name}(${operands.join(", ")}): ${formatType(node)}`);
  }
  lines.push(`return ${graph.outputs.map((output) => names.get(output)).join(", ")}`);
  return lines.join("\n");
}

/** `name=value` for each parameter of a node; equal parameters give equal text. */
export function formatParams(params: unknown): string[] {
  if (params === null || typeof params !== "object") return [];
  return Object.entries(params).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${formatValue(value)}`]));
}

function formatValue(value: unknown): string {
  if (ArrayBuffer.isView(value)) return formatData(value as unknown as ArrayLike<number>);
  if (Array.isArray(value)) return `[${value.map(formatValue).join(" ")}]`;
  if (typeof value === "function") return value.name || "function";
  if (value !== null && typeof value === "object") return `{${formatParams(value).join(", ")}}`;
  return Object.is(value, -0) ? "-0" : String(value);
}

const PRINTED_ELEMENTS = 8;

function formatData(data: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(PRINTED_ELEMENTS, data.length) }, (_, i) => formatValue(data[i]));
  return data.length <= PRINTED_ELEMENTS ? `[${shown.join(" ")}]` : `[${shown.join(" ")} … ${data.length} #${digest(data)}]`;
}

/** 53 bits of a multiplicative hash over the exact bits of the elements, as text. */
export function digest(data: ArrayLike<number>): string {
  const words = new Uint32Array(Float64Array.from(data).buffer);
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (const word of words) {
    low = Math.imul(low ^ word, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(high ^ word, 0x85ebca6b) + low;
    high ^= high >>> 13;
  }
  return ((high >>> 0) * 2 ** 21 + (low >>> 11)).toString(36);
}
