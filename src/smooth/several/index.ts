export { type Estimate, type EstimateOptions, estimatePerturbed } from "./black-box.js";
export { type ChoiceOptions, softArgmax, softOneHot } from "./choice.js";
export { boltzmann, logSumExp, mellowmax, pNorm } from "./exponential-maxima.js";
export { gaussianMaximum } from "./gaussian-maximum.js";
export { fenchelYoung, perturbedArgmax, perturbedMax, type Solver } from "./linear-programs.js";
export { smoothMaxima } from "./maxima.js";
export {
  type Bounds,
  type MaximumFacts,
  type SmoothMaximum,
  type SmoothMaximumOptions,
  type SmoothMaximumRecord,
  smoothMaximum,
} from "./maximum.js";
export { gaussianNoise, gumbelNoise, type Noise } from "./noise.js";
export { type OrderOptions, softMedian, softQuantile, softRank, softSort } from "./order.js";
export { pairwiseMaximum, smu } from "./pairwise-maxima.js";
export type { PerturbationOptions } from "./perturbation.js";
export { perturbed } from "./perturbed.js";
export { moreau, tsallis } from "./projected-maxima.js";
export { straightThrough } from "./straight-through.js";
export { type SoftTopK, softTopK } from "./top-k.js";
