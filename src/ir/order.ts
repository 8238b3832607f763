import type { Tensor } from "./tensor.js";

/**
 * Every node that `outputs` need, inputs before users, each once. The walk does not go below nodes for which `stop`
 * holds (they are listed themselves). An explicit stack: networks are deeper than the call stack of JavaScript.
 */
export function topologicalOrder(
  outputs: readonly Tensor[],
  stop: (node: Tensor) => boolean = () => false,
  inputsOf: (node: Tensor) => readonly Tensor[] = (node) => node.inputs,
): Tensor[] {
  const order: Tensor[] = [];
  const done = new Set<Tensor>();
  const opened = new Set<Tensor>();
  const stack: Tensor[] = [...outputs].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (done.has(node)) {
      stack.pop();
    } else if (opened.has(node) || stop(node)) {
      stack.pop();
      done.add(node);
      order.push(node);
    } else {
      opened.add(node);
      const inputs = inputsOf(node);
      for (let i = inputs.length - 1; i >= 0; i--) if (!done.has(inputs[i])) stack.push(inputs[i]);
    }
  }
  return order;
}
