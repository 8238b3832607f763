export { lower, type PortNames } from "./lower.js";
export { encodeOnnx } from "./onnx/encode.js";
export type { OnnxModel } from "./onnx/model.js";
export { FOLDED_ELEMENTS, simplify } from "./simplify.js";
