import "./methods.js";

export * as data from "./data/index.js";
export * from "./diff/index.js";
export { type DType, dtypes } from "./ir/dtype.js";
export { Fault } from "./ir/fault.js";
export { Tensor } from "./ir/tensor.js";
export type { MapTree, Tree } from "./ir/tree.js";
export * as nn from "./nn/index.js";
export * from "./ops/index.js";
export * as optim from "./optim/index.js";
export * as random from "./random/index.js";
export { type CompileOptions, compile, defaultRuntime, evaluate, setDefaultRuntime } from "./run/compile.js";
export { interpret } from "./run/interpret.js";
export { interpreterRuntime } from "./run/interpreter.js";
export { onnxRuntime, type Precision, type Runtime, type RuntimeOptions } from "./run/runtime.js";
export * as train from "./train/index.js";
