import { isFloat } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { topologicalOrder } from "../ir/order.js";
import type { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { add } from "../ops/index.js";
import { flowingInputs, pushForward, requireShapeOf } from "./forward.js";

/**
 * Transposes a graph that is linear in `at`: given cotangents of `outputs`, the cotangents of the nodes `at`, null where
 * an output does not depend on one. Those of the nodes `inside`, which lie between, are by-products: they follow at no cost.
 */
export function transpose(
  outputs: readonly (Tensor | null)[],
  at: readonly Tensor[],
  cotangents: readonly (Tensor | null)[],
  inside: readonly (Tensor | null)[] = [],
): (Tensor | null)[] {
  const collected = new Map<Tensor, Tensor>();
  const collect = (node: Tensor, cotangent: Tensor): void => {
    const before = collected.get(node);
    collected.set(node, before === undefined ? cotangent : add(before, cotangent));
  };
  outputs.forEach((output, i) => {
    const cotangent = cotangents[i];
    if (output !== null && cotangent !== null) collect(output, cotangent);
  });
  const leaves = new Set(at);
  const present = outputs.filter((output) => output !== null);
  const order = topologicalOrder(present, (node) => leaves.has(node));
  const active = dependents(order, leaves);
  for (const node of order.reverse()) {
    const cotangent = collected.get(node);
    if (cotangent === undefined || leaves.has(node) || !active.has(node)) continue;
    transposeNode(node, cotangent, active).forEach((part, i) => {
      const input = node.inputs[i];
      if (part === null || !active.has(input)) return;
      requireShapeOf(input, part);
      collect(input, part);
    });
  }
  return [...at, ...inside].map((node) => (node && collected.get(node)) ?? null);
}

function dependents(order: readonly Tensor[], leaves: ReadonlySet<Tensor>): Set<Tensor> {
  const active = new Set<Tensor>(leaves);
  for (const node of order) {
    if (isFloat(node.dtype) && flowingInputs(node).some((input) => active.has(input))) active.add(node);
  }
  return active;
}

function transposeNode(node: Tensor, cotangent: Tensor, active: ReadonlySet<Tensor>): (Tensor | null)[] {
  const { derivative, name } = node.primitive;
  switch (derivative.kind) {
    case "linear":
    case "custom":
      return derivative.transpose(cotangent, node);
    case "byArgument": {
      const carried = node.inputs.flatMap((input, i) => (active.has(input) && derivative.rules[i].kind !== "zero" ? [i] : []));
      return node.inputs.map((_, i) => {
        const rule = derivative.rules[i];
        if (!carried.includes(i)) return null;
        if (rule.kind === "linear" && carried.length === 1) return rule.transpose(cotangent, node);
        throw fault(`the derivative of ${name}`, "it is not linear in the tangent", {
          fix: "write the derivative rule with products of the tangent and values that do not depend on it",
        });
      });
    }
    case "zero":
      return node.inputs.map(() => null);
  }
}

/**
 * Reverse mode: forward mode with placeholders for the tangents, its linear part transposed. Returns what turns cotangents
 * of the outputs into cotangents of the nodes `at`, and after them of the nodes `inside`, each of which must depend on one of `at`.
 */
export function pullBack(
  outputs: readonly Tensor[],
  at: readonly Tensor[],
  inside: readonly Tensor[] = [],
): (cotangents: readonly (Tensor | null)[]) => (Tensor | null)[] {
  const placeholders = at.map((node) => parameter(node.shape, node.dtype));
  const tangents = pushForward([...outputs, ...inside], at, placeholders);
  const [ends, between] = [tangents.slice(0, outputs.length), tangents.slice(outputs.length)];
  return (cotangents) => transpose(ends, placeholders, cotangents, between);
}
