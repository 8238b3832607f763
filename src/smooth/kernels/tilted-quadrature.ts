import type { Emitter } from "../../ir/emitter.js";
import { type Tilted, type TiltedForm, tilted } from "./tilted.js";
import { type Effort, tiltedGraph } from "./tilted-graph.js";
import { integrateTilted, type Shape } from "./tilted-numbers.js";

/** For float32 at the scale of 1, and for the last digits of the value. */
const EFFORTS: Readonly<Record<Emitter["precision"], Effort>> = {
  default: { nodes: 20, reach: 20, furthest: 1e9 },
  precise: { nodes: 36, reach: 36, furthest: 1e15 },
};

/** The integral, or its excess, by quadrature. */
export const quadratureForm = (shape: Shape, excess: boolean): TiltedForm => ({
  value: (order, z, rate) => integrateTilted(shape, order, z, rate, excess),
  lower: (onnx, order, z, rate) => onnx.inline(tiltedGraph(shape, order, excess, EFFORTS[onnx.precision]), [z, rate])[0],
});

/** The operations of a kernel that has no closed form for them, or none that keeps its digits. */
export const tiltedByQuadrature = (name: string, title: string, shape: Shape & { momentsBelow: number }): Tilted =>
  tilted({
    name,
    title,
    density: shape.density,
    decay: shape.decay,
    momentsBelow: shape.momentsBelow,
    whole: quadratureForm(shape, false),
    excess: quadratureForm(shape, true),
  });
