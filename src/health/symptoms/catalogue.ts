import type { SymptomName } from "../names.js";
import { curvature } from "./curvature.js";
import { dataScale } from "./data-scale.js";
import { deadUnits } from "./dead-units.js";
import { divergence } from "./divergence.js";
import { explodingGradient } from "./exploding-gradient.js";
import { gradientNoise } from "./gradient-noise.js";
import { gradientNotFlowing } from "./gradient-not-flowing.js";
import { initialisation } from "./initialisation.js";
import { nonFiniteNumbers } from "./non-finite-numbers.js";
import { notLearning } from "./not-learning.js";
import { oscillation } from "./oscillation.js";
import { recurrentGradient } from "./recurrent-gradient.js";
import { saturation } from "./saturation.js";
import { signalCollapse } from "./signal-collapse.js";
import { slowLearning } from "./slow-learning.js";
import { staticMismatch } from "./static-mismatch.js";
import type { Symptom } from "./symptom.js";
import { trainAndEvaluationDiffer } from "./train-and-evaluation-differ.js";
import { updateSize } from "./update-size.js";
import { vanishingGradient } from "./vanishing-gradient.js";

/** Every symptom, in the order of their codes. */
export const symptoms: readonly Symptom[] = [
  staticMismatch,
  dataScale,
  gradientNotFlowing,
  initialisation,
  vanishingGradient,
  explodingGradient,
  signalCollapse,
  deadUnits,
  saturation,
  updateSize,
  nonFiniteNumbers,
  oscillation,
  divergence,
  notLearning,
  recurrentGradient,
  trainAndEvaluationDiffer,
  curvature,
  gradientNoise,
  slowLearning,
];

/** The symptom of a finding. */
export const findSymptom = (name: SymptomName | string): Symptom | null => symptoms.find((one) => one.name === name) ?? null;
