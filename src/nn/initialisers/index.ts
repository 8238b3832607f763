export type { Initialiser, Slot } from "./initialiser.js";
export { orthogonal } from "./orthogonal.js";
export { constant, normal, ones, truncatedNormal, uniform, zeros } from "./plain.js";
export {
  type GainOption,
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  variancePreserving,
} from "./scaling.js";
