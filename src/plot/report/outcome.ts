import { classReport } from "../../train/metrics-confusion.js";
import { confusionChart } from "../confusion-chart.js";
import { escapeMarkup } from "../escape.js";
import { greyPicture } from "../grey-picture.js";
import { scatterChart } from "../scatter-chart.js";
import { percent, section, shortNumber, table } from "./parts.js";
import type { ClassificationOutcome, Mistake, Outcome, RegressionOutcome, TextOutcome } from "./run-summary.js";

/** Most mistakes that are shown: beyond, the page would grow without telling more. */
const SHOWN_PICTURES = 48;
const SHOWN_ROWS = 12;
/** Beyond so many classes a heat map has no room for names. */
const LARGEST_MATRIX = 60;

/** The sections about the test data, and one more that stands beside them. */
export function outcomeSections(outcome: Outcome, aside: string): string {
  switch (outcome.kind) {
    case "classification":
      return classificationSections(outcome, aside);
    case "regression":
      return regressionSections(outcome, aside);
    case "text":
      return textSections(outcome, aside);
  }
}

function textSections({ measures, examples }: TextOutcome, aside: string): string {
  const rows = measures.map(({ label, value, note = "" }) => [label, value, note]);
  const numbers = section("On text that was not trained on", table(["measure", "value", ""], rows, { numbers: [1] }));
  return [besides(numbers, aside), ...examples.map(({ title, header, rows }) => section(title, table(header, rows)))].join("\n");
}

function classificationSections(outcome: ClassificationOutcome, aside: string): string {
  const beside = `${section("Class by class", classTable(outcome))}\n${aside}`;
  return `${besides(matrixSection(outcome), beside)}\n${mistakesSection(outcome)}`;
}

const besides = (left: string, right: string): string => `<div class="columns"><div>${left}</div>\n<div>${right}</div></div>`;

function matrixSection({ confusion, classNames }: ClassificationOutcome): string {
  if (classNames.length > LARGEST_MATRIX)
    return section("Confusion matrix", `<p>${classNames.length} classes: too many to draw.</p>`);
  const note = "Rows are what the samples are, columns what the model says. Mistakes are drawn strong where they are common.";
  const chart = confusionChart(confusion, classNames);
  return section("Confusion matrix", `<figure class="chart matrix">${chart}<figcaption>${note}</figcaption></figure>`);
}

/** Of those that are of a class, how many were found; of those that were said to be, how many are. */
function classTable({ confusion, classNames }: ClassificationOutcome): string {
  const rows = classReport(confusion).classes.map(({ support, recall, precision }, i) => [
    classNames[i],
    String(support),
    percent(recall),
    percent(precision),
  ]);
  return table(["class", "samples", "found", "right when said"], rows, { numbers: [1, 2, 3] });
}

function mistakesSection({ mistakes, confusion }: ClassificationOutcome): string {
  const total = sum(confusion.map((row) => sum(row)));
  if (mistakes.length === 0) return section("Misread samples", `<p>None of ${total}.</p>`);
  const shown = mistakes.slice(0, "shade" in mistakes[0].shown ? SHOWN_PICTURES : SHOWN_ROWS);
  const more = mistakes.length > shown.length ? ` The surest ${shown.length} are shown.` : "";
  const intro =
    `<p>${mistakes.length} of ${total} test samples, the surest mistakes first: what it is → what the model says, ` +
    `with the probability it gives to its answer.${more}</p>`;
  return section("Misread samples", `${intro}\n<ul class="mistakes">${shown.map(mistakeCard).join("\n")}</ul>`);
}

function mistakeCard({ sample, truth, predicted, confidence, truthProbability, shown }: Mistake): string {
  const about = `sample ${sample}: ${truth}, taken for ${predicted}`;
  const body =
    "shade" in shown
      ? greyPicture(shown, { title: about, size: 96 })
      : `<dl>${shown.map(([name, value]) => `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd>`).join("")}</dl>`;
  const verdict = `<b>${escapeMarkup(truth)}</b> → <b class="wrong">${escapeMarkup(predicted)}</b>`;
  const hint = escapeMarkup(`${about} (${percent(confidence)}; ${percent(truthProbability)} for the truth)`);
  const bar = `<span class="sure"><span style="width:${(100 * confidence).toFixed(1)}%"></span></span>`;
  return `<li title="${hint}">${body}<p>${verdict}<span class="confidence">${percent(confidence, 0)}</span></p>${bar}</li>`;
}

function regressionSections(
  { target, rootMeanSquare, meanAbsolute, determination, pairs }: RegressionOutcome,
  aside: string,
): string {
  const numbers: [string, string][] = [
    ["root mean square error", shortNumber(rootMeanSquare)],
    ["mean absolute error", shortNumber(meanAbsolute)],
    ["share of variance explained (R²)", shortNumber(determination)],
  ];
  const note = `Every test sample: its true ${target} and what the model says. On the dashed line both agree.`;
  const chart = `<figure class="chart">${scatterChart(pairs, target)}<figcaption>${escapeMarkup(note)}</figcaption></figure>`;
  const beside = `${section("On the test data", table(["measure", "value"], numbers, { numbers: [1] }))}\n${aside}`;
  return besides(section("Predictions", chart), beside);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, value) => total + value, 0);
