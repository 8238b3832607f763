import "./methods.js";

export * from "./diff/index.js";
export { type DType, dtypes } from "./ir/dtype.js";
export { Fault } from "./ir/fault.js";
export { Tensor } from "./ir/tensor.js";
export type { MapTree, Tree } from "./ir/tree.js";
export * from "./ops/index.js";
export { type CompileOptions, compile, defaultRuntime, evaluate, setDefaultRuntime } from "./run/compile.js";
export { interpret } from "./run/interpret.js";
export { interpreterRuntime } from "./run/interpreter.js";
export { onnxRuntime, type Runtime, type RuntimeOptions } from "./run/runtime.js";
