import { existsSync } from "node:fs";
import type { Launch } from "./harness/remote.js";

/** Who takes part, ours first. Ratios in the report are the first one's time over each other's. */
export function roster({ python, threads }: { python?: string | undefined; threads: number }): Launch[] {
  const ours = existsSync(new URL("contenders/softgrad.ts", import.meta.url)) ? [{ name: "softgrad", file: "softgrad.ts" }] : [];
  const natives = [
    { name: "PyTorch eager", file: "pytorch.py" },
    { name: "PyTorch eager, fused optimizer", file: "pytorch.py", options: { optimizer: "fused" } },
    { name: "JAX jit", file: "jax_jit.py" },
  ];
  return [
    ...ours,
    { name: "hand-written ONNX", file: "onnx.ts" },
    { name: "hand-written ONNX, 8 steps a call", file: "onnx.ts", options: { steps: "8" } },
    ...(python === undefined ? [] : natives.map((entry) => ({ ...entry, python }))),
    { name: "TensorFlow.js wasm", file: "tfjs.ts" },
    { name: "jax-js wasm", file: "jax-js.ts" },
  ].map((entry) => ({ ...entry, threads }));
}
