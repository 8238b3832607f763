import { isFloat } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { topologicalOrder } from "../ir/order.js";
import { Tensor } from "../ir/tensor.js";
import { add, broadcastTo, full } from "../ops/index.js";

/** Zeros in the shape of `x`, stored as one number. */
export const zerosLike = (x: Tensor): Tensor => broadcastTo(full([], 0), x.shape);

/**
 * Forward mode on a finished graph: the tangents of `outputs` when the nodes `at` have the given tangents. Tangents that
 * are zero are absent (null). The result is ordinary graph, linear in the tangents.
 */
export function pushForward(
  outputs: readonly Tensor[],
  at: readonly Tensor[],
  tangents: readonly (Tensor | null)[],
): (Tensor | null)[] {
  const known = new Map<Tensor, Tensor>();
  at.forEach((node, i) => {
    const tangent = tangents[i];
    if (tangent !== null) known.set(node, tangent);
  });
  const leaves = new Set(at);
  for (const node of topologicalOrder(outputs, (candidate) => leaves.has(candidate), flowingInputs)) {
    if (leaves.has(node) || !isFloat(node.dtype)) continue;
    if (node.primitive.derivative.kind === "custom") node.primitive.derivative.check(leaves, node);
    if (!flowingInputs(node).some((input) => known.has(input))) continue;
    const tangent = tangentOf(node, known);
    if (tangent !== null) known.set(node, tangent);
  }
  return outputs.map((output) => known.get(output) ?? null);
}

/** The inputs through which a derivative can reach a node. */
export function flowingInputs(node: Tensor): readonly Tensor[] {
  const { derivative } = node.primitive;
  switch (derivative.kind) {
    case "zero":
      return [];
    case "linear":
      return node.inputs;
    case "byArgument":
      return node.inputs.filter((_, i) => derivative.rules[i].kind !== "zero");
    case "custom":
      return derivative.flows(node);
  }
}

function tangentOf(node: Tensor, known: ReadonlyMap<Tensor, Tensor>): Tensor | null {
  const { primitive, inputs, params } = node;
  const { derivative } = primitive;
  switch (derivative.kind) {
    case "zero":
      return null;
    case "linear": {
      const moved = inputs.map((input) => known.get(input) ?? (isFloat(input.dtype) ? zerosLike(input) : input));
      return Tensor.of(primitive, moved, params);
    }
    case "byArgument":
      return derivative.rules.reduce<Tensor | null>((total, rule, i) => {
        const tangent = known.get(inputs[i]);
        if (tangent === undefined || rule.kind === "zero") return total;
        const part =
          rule.kind === "smooth" ? rule.jvp(tangent, node) : Tensor.of(primitive, replaceAt(inputs, i, tangent), params);
        requireShapeOf(node, part);
        return total === null ? part : add(total, part);
      }, null);
    case "custom":
      return derivative.jvp(known, node);
  }
}

const replaceAt = (inputs: readonly Tensor[], index: number, replacement: Tensor): Tensor[] =>
  inputs.map((input, i) => (i === index ? replacement : input));

/** A rule that returns another shape than the value's would corrupt every derivative after it. */
export function requireShapeOf(node: Tensor, derivative: Tensor): void {
  if (derivative.shape.join() === node.shape.join() && derivative.dtype === node.dtype) return;
  throw fault(`the derivative of ${node.primitive.name}`, "its shape is not that of the value", {
    expected: `${node.dtype} (${node.shape.join(" ")})`,
    got: `${derivative.dtype} (${derivative.shape.join(" ")})`,
    fix: "return a tangent or cotangent shaped like the value it belongs to",
  });
}
