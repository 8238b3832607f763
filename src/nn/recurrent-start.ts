import type { Tensor } from "../ir/tensor.js";
import { concat } from "../ops/index.js";
import { foldIn } from "../random/graph.js";
import { constant, type Initialiser, type Slot, zeros } from "./initialisers/index.js";

/** Every gate's columns drawn on their own, as if they were matrices of their own: an orthogonal start is one per gate. */
export const perGate = (gates: number, initialiserOf: (gate: number) => Initialiser): Initialiser => {
  const first = initialiserOf(0);
  return {
    ...first,
    draw: (key, slot) => {
      const axis = slot.shape.length - 1;
      const width = slot.shape[axis] / gates;
      const own: Slot = { ...slot, shape: [...slot.shape.slice(0, axis), width], fanOut: width };
      const blocks = Array.from({ length: gates }, (_, gate): Tensor => initialiserOf(gate).draw(foldIn(key, gate), own));
      return concat(blocks, axis);
    },
  };
};

/** A bias of 0, but for the forget gate: what is above 0 there lets the memory last from the start. */
export const forgetStart = (gates: number, forgetGate: number | null, value: number): Initialiser =>
  perGate(gates, (gate) => (gate === forgetGate ? constant(value) : zeros()));
