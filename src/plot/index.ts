/** Charts and reports as text: SVG and HTML, from plain data. */
export { activationFigure, type FigureOptions } from "./activation-figure.js";
export { plainFormula } from "./activation-formula.js";
export type { Theme } from "./activation-palette.js";
export { type ActivationSamples, derivativesOf, type SampleOptions, sampleActivation } from "./activation-samples.js";
export { activationSheet, activationThumbnail, type SheetGroup } from "./activation-sheet.js";
export { type TerminalPlotOptions, terminalPlot } from "./activation-terminal.js";
export { confusionChart } from "./confusion-chart.js";
export { type DepthAxis, type DepthCurve, type DepthOptions, type DepthPanel, depthChart } from "./depth-chart.js";
export { type GreyImage, greyPicture } from "./grey-picture.js";
export { type HeatOptions, type HeatPanel, heatMap } from "./heat-map.js";
export { type Curve, type CurvesOptions, learningCurves } from "./learning-curves.js";
export { piecesFormula } from "./pieces-formula.js";
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
  TextOutcome,
} from "./report/run-summary.js";
export { scatterChart } from "./scatter-chart.js";
export { type SmoothFigureOptions, smoothFigure } from "./smooth-figure.js";
export { type SmoothSampleOptions, type SmoothSamples, type SmoothVersion, sampleSmoothed } from "./smooth-samples.js";
