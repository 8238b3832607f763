import type { DType } from "../ir/dtype.js";
import type { Graph } from "../ir/graph.js";
import type { Shape } from "../ir/shape.js";
import { encodeOnnx, lower, type OnnxModel, simplify } from "../lower/index.js";
import { context } from "../nn/context.js";
import type { Layer } from "../nn/layer.js";
import { parameter } from "../ops/create.js";
import { forAnyBatch } from "./any-batch.js";

export interface ExportOptions {
  /** Shape of one sample, without the batch axis. */
  readonly inputShape: Shape;
  readonly inputDtype?: DType;
  /** Number of samples per run, or "any" (default) for a file that takes every number. */
  readonly batchSize?: number | "any";
  /** Key-value pairs that travel with the file: class names, how inputs were scaled. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The model in evaluation mode as an ONNX file: input `input` (batch …), output `output`, parameters stored inside. */
export function exportModel<P>(model: Layer, parameters: P, options: ExportOptions): Uint8Array {
  const { inputShape, inputDtype = "float32", batchSize = "any", metadata } = options;
  const at = (batch: number): OnnxModel => {
    const input = parameter([batch, ...inputShape], inputDtype);
    const graph: Graph = { parameters: [input], outputs: [model.apply(parameters, input, context({ mode: "eval" }))] };
    return lower(simplify(graph), {}, { inputs: ["input"], outputs: ["output"] });
  };
  const exported = batchSize === "any" ? forAnyBatch(at) : at(batchSize);
  return encodeOnnx({ ...exported, ...(metadata && { metadata }) });
}
