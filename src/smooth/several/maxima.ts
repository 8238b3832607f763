import { laplace } from "../kernels/laplace.js";
import { boltzmann, logSumExp, mellowmax, pNorm } from "./exponential-maxima.js";
import { gaussianMaximum } from "./gaussian-maximum.js";
import type { SmoothMaximum } from "./maximum.js";
import { pairwiseMaximum, smu } from "./pairwise-maxima.js";
import { moreau, tsallis } from "./projected-maxima.js";

/** Every smooth maximum, with one of a kernel for all of those: for lists and tables. */
export const smoothMaxima: readonly SmoothMaximum[] = [
  logSumExp,
  mellowmax,
  boltzmann,
  pNorm,
  gaussianMaximum,
  moreau,
  tsallis,
  pairwiseMaximum(laplace),
  smu,
];
