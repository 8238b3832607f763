export { contradictions } from "./contradictions.js";
export { criticalInitialisation } from "./critical.js";
export { type MeanField, type MeanFieldOptions, meanField } from "./mean-field.js";
export { measureFacts } from "./measure.js";
export type { Pointwise } from "./probe.js";
export type { CriticalInitialisation, Extreme, Measured, MeasuredFacts, MeasuredKink, Period } from "./report.js";
export { activationOf, type Description, type MeasuredActivation } from "./user-activation.js";
