export {
  type Activation,
  type ActivationParameter,
  type ActivationRecord,
  type ActivationValues,
  activation,
  isActivation,
} from "./activation.js";
export * from "./bounded.js";
export { catalogue, families, findActivation } from "./catalogue.js";
export * from "./exponential.js";
export {
  type Facts,
  type Kink,
  kink,
  line,
  type PointwiseFacts,
  pointwise,
  type Range,
  range,
  type Smoothness,
  type StatedFacts,
  saturates,
  type Tail,
  type VectorFacts,
} from "./facts.js";
export { type Counterpart, type Framework, type Frameworks, frameworkNames, nameIn, numbersIn } from "./frameworks.js";
export * from "./gated.js";
export * from "./gated-error.js";
export * from "./gated-pairs.js";
export * from "./gated-power.js";
export * from "./gated-tail.js";
export * from "./growing.js";
export * from "./hard.js";
export * from "./measure/index.js";
export { type Moments, momentsOf } from "./moments.js";
export * from "./normalising.js";
export * from "./periodic.js";
export * from "./quadratic.js";
export * from "./rational.js";
export * from "./rational-sigmoidal.js";
export * from "./rectified.js";
export * from "./rounded-ramps.js";
export * from "./segmented.js";
export * from "./self-gated.js";
export * from "./shrinkage.js";
export * from "./sigmoidal.js";
export * from "./simplex.js";
export * from "./smooth-maximum.js";
export * from "./vector.js";
