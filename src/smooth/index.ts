export { findKernel, kernels } from "./kernels/catalogue.js";
export type { Tail } from "./kernels/deviation.js";
export { type Kernel, type KernelRecord, kernel } from "./kernels/kernel.js";
export { laplace } from "./kernels/laplace.js";
export { gate, mollify, type SmoothOptions } from "./mollify.js";
export type { Piece, Pieces, Term } from "./pieces/pieces.js";
export type { Smoothed, Way } from "./smoothed.js";
export type { Smoothable } from "./subject.js";
