export { type CriticalStart, correlationDepth, criticalStart, type Depth, depthForTenfold, depthsOf } from "./depth.js";
export { type ActivationTheory, type AnyActivation, identityTheory, theoryOf, type WideMoments } from "./moments.js";
export {
  bestFactor,
  layerFactor,
  type PredictedLayer,
  type PredictedStart,
  predictStart,
  type StartingLayer,
} from "./predict.js";
