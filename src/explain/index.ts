export type { DrawOptions } from "./drawing.js";
export { type Explainable, type ExplainOptions, explain, explainFunction, type PointValue } from "./explain.js";
export { derivativeName, type Explanation } from "./explanation.js";
export { type ExpressionFunction, type ExpressionOptions, expressionFunction } from "./expression.js";
export { type FunctionTable, scalarFunctions } from "./functions.js";
export { parsePoint } from "./point.js";
export type { Contribution, Step, StepRule } from "./steps.js";
