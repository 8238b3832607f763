import { escapeMarkup } from "../escape.js";
import { learningCurves } from "../learning-curves.js";
import { outcomeSections } from "./outcome.js";
import { page } from "./page.js";
import { percent, section, table } from "./parts.js";
import type { History, LayerLine, RunSummary } from "./run-summary.js";

/** A training run as one HTML page that needs nothing else: no network, no scripts; light and dark as the reader's system is. */
export function trainingReport(run: RunSummary): string {
  const body = [
    curvesSection(run.history),
    outcomeSections(run.outcome, section("Model", layerTable(run.layers))),
    section("Options", optionList(run.options)),
    section("In this folder", table(["file", "what it is for"], run.files, { monoFirst: true })),
  ].join("\n");
  const { title, description: lead, footer } = run;
  return page({ title, kind: "training report", lead, facts: factList(run), body, footer });
}

function factList({ facts }: RunSummary): string {
  const items = facts.map(({ label, value, note }, i) => {
    const below = note === undefined ? "" : `<dd class="note">${escapeMarkup(note)}</dd>`;
    return `<div${i === 0 ? ' class="first"' : ""}><dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(value)}</dd>${below}</div>`;
  });
  return `<dl class="facts">${items.join("\n")}</dl>`;
}

function curvesSection({ trainingLoss, held, bestEpoch }: History): string {
  const marked = bestEpoch === undefined ? {} : { markedEpoch: bestEpoch };
  const lossOptions = { label: "loss", scale: "log", ...marked } as const;
  const loss = learningCurves(
    [
      { name: "training", color: "var(--series-1)", values: trainingLoss },
      ...(held.loss.length === 0 ? [] : [{ name: held.name, color: "var(--series-2)", values: held.loss }]),
    ],
    { title: "loss after each epoch", ...lossOptions, ...(held.accuracy === null && { width: 1040 }) },
  );
  const shares = held.accuracy;
  const accuracy =
    shares === null
      ? ""
      : chartFigure(
          learningCurves([{ name: held.name, color: "var(--series-2)", values: shares }], {
            title: "accuracy after each epoch",
            label: "accuracy",
            percent: true,
            ...marked,
          }),
          `Accuracy on the ${held.name} data: ${percent(shares.at(-1) ?? Number.NaN)} after the last epoch, ` +
            `${percent(Math.max(...shares))} at best. The first epochs may lie below the axis.`,
        );
  const second = held.loss.length === 0 ? "" : `<span class="series-2">${escapeMarkup(held.name)}</span>`;
  const legend = `<p class="legend"><span class="series-1">training</span>${second}</p>`;
  const lossNote =
    `Mean loss of every epoch, on a logarithmic axis. The training loss is measured as training goes on, with dropout if there is any. ` +
    (held.loss.length === 0 ? "" : `The ${held.name} loss is measured after the epoch.`);
  const charts = `<div class="pair">${chartFigure(loss, lossNote)}${accuracy}</div>`;
  return section("Learning curves", `${legend}${charts}`);
}

const chartFigure = (chart: string, caption: string): string =>
  `<figure class="chart">${chart}<figcaption>${escapeMarkup(caption)}</figcaption></figure>`;

function layerTable(layers: readonly LayerLine[]): string {
  const rows = layers.map(({ name, output, parameters, depth }) => [
    `${"\u2003".repeat(depth)}${name}`,
    output,
    parameters.toLocaleString("en-US"),
  ]);
  return table(["layer", "output", "parameters"], rows, { numbers: [2], monoColumns: [1] });
}

function optionList(options: RunSummary["options"]): string {
  const items = options.map(([name, value]) => `<div><dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd></div>`);
  return `<dl class="options">${items.join("")}</dl>`;
}
