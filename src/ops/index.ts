export { addAlongAxis, argsort, sort, takeAlongAxis, topK } from "./along-axis.js";
export { add, div, maximum, minimum, mul, neg, power, sub } from "./arithmetic.js";
export { broadcastTo } from "./broadcast.js";
export { clip } from "./clip.js";
export * from "./compositions.js";
export { type ConvOptions, type ConvTransposeOptions, conv, convTranspose } from "./convolution.js";
export { full, isTensor, type NestedNumbers, ones, print, type TensorLike, tensor, zeros } from "./create.js";
export { einsum } from "./einsum.js";
export { stopGradient } from "./identity.js";
export { gather, scatterAdd, take } from "./index-select.js";
export { acos, asin } from "./inverse-sine.js";
export { concat, split, stack } from "./join.js";
export { type MatmulOptions, matmul } from "./linear-algebra.js";
export { maxPool } from "./max-pool.js";
export * from "./pointwise.js";
export {
  type AveragePoolOptions,
  adaptiveAveragePool,
  adaptiveMaxPool,
  averagePool,
  type UpsampleOptions,
  upsample,
} from "./pooling.js";
export { argmax, max, min, type ReduceOptions, sum } from "./reduce.js";
export { erf, erfc, normalCdf, normalPdf, sigmoid, tanh } from "./saturating.js";
export * from "./select.js";
export { cumulativeSum, iota } from "./sequence.js";
export { permute, reshape } from "./shape.js";
export { flip, pad, type SliceRange, slice } from "./slicing.js";
export { logSigmoid, softplus } from "./softplus.js";
export type { UnaryOperation } from "./unary.js";
export type { Padding, PoolOptions, WindowOptions } from "./windows.js";
