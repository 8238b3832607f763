/** Every symptom, by the name that findings and remedies use. */
export const symptomNames = [
  "static mismatch",
  "data scale",
  "gradient not flowing",
  "initialisation",
  "vanishing gradient",
  "exploding gradient",
  "signal collapse",
  "dead units",
  "saturation",
  "update size",
  "non-finite numbers",
  "oscillation",
  "divergence",
  "not learning",
  "recurrent gradient",
  "train and evaluation differ",
  "curvature",
  "gradient noise",
  "slow learning",
] as const;

export type SymptomName = (typeof symptomNames)[number];

/** Every cause, by the name that suspicions and remedies use. */
export const causeNames = [
  "wrongHead",
  "wrongLoss",
  "linearNetwork",
  "unscaledInputs",
  "unscaledTargets",
  "badLabels",
  "imbalance",
  "cutGradient",
  "smallStart",
  "largeStart",
  "symmetricStart",
  "saturatingActivation",
  "explodingActivation",
  "tooDeep",
  "deadUnits",
  "highLearningRate",
  "lowLearningRate",
  "tooFewSteps",
  "smallBatch",
  "normWithSmallBatch",
  "recurrentVanishing",
  "recurrentExploding",
  "noWarmup",
  "numericOverflow",
  "badEpsilon",
  "tooMuchRegularisation",
] as const;

export type CauseName = (typeof causeNames)[number];
