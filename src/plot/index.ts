/** Charts and reports as text: SVG and HTML, from plain data. */
export { confusionChart } from "./confusion-chart.js";
export { type GreyImage, greyPicture } from "./grey-picture.js";
export { type Curve, type CurvesOptions, learningCurves } from "./learning-curves.js";
export { trainingReport } from "./report/report.js";
export type {
  ClassificationOutcome,
  Fact,
  History,
  LayerLine,
  Mistake,
  Outcome,
  RegressionOutcome,
  RunSummary,
} from "./report/run-summary.js";
export { scatterChart } from "./scatter-chart.js";
