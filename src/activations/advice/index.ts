export { advise, type HiddenAdvice, type OutputAdvice, type Recommendation } from "./advise.js";
export type { Measures } from "./measures.js";
export { type OutputKind, type OutputRecord, outputKinds, outputs } from "./outputs.js";
export { budgets, type HiddenQuestion, normalisations, type OutputQuestion, smoothnesses } from "./question.js";
export { type Candidate, type Rule, rules } from "./rules.js";
