import type { Activation } from "../../activations/index.js";
import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { reshape, tensor } from "../../ops/index.js";
import { derivativesOf } from "../../plot/index.js";
import { compile } from "../../run/compile.js";
import { interpret } from "../../run/interpret.js";
import { onnxRuntime } from "../../run/runtime.js";

export interface EvaluateOptions {
  readonly points: readonly number[];
  /** Highest order of derivative. */
  readonly derivatives: number;
  readonly precision: "float64" | "float32";
  /** For float32: right to the last digits in place of fast. */
  readonly precise: boolean;
  readonly notify: (message: string) => void;
}

/** Values and derivatives, a list for each order. A function of a row takes the points as one row. */
export async function evaluateAt(activation: Activation, options: EvaluateOptions): Promise<number[][]> {
  const { points, derivatives, precision, precise, notify } = options;
  if (activation.facts.kind === "vector" && derivatives > 0) {
    throw fault(activation.name, "a function of a row has no derivative of one number", { fix: "--derivatives 0" });
  }
  const f = (x: Tensor): Tensor => activation(x);
  const row = (x: Tensor): Tensor => reshape(activation(reshape(x, [1, x.size])), [-1]);
  const all = derivativesOf(activation.facts.kind === "vector" ? row : f, derivatives);
  if (precision === "float64") return interpret(all(tensor(Float64Array.from(points)))).map((values) => Array.from(values));
  const runtime = onnxRuntime({ notify });
  try {
    const compiled = compile(all, { runtime, precision: precise ? "precise" : "default" });
    const results = await compiled(tensor(Float32Array.from(points)));
    return interpret(results).map((values) => Array.from(values));
  } finally {
    await runtime.close();
  }
}
