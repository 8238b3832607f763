export { compareModes, curvatureAlongGradient, replayForNonFinite, type Trial } from "./batch.js";
export { firstNonFinite, type LayerOutput } from "./first-non-finite.js";
export { shuffledLabels } from "./shuffled-labels.js";
