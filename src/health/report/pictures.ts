import { escapeMarkup } from "../../plot/escape.js";
import { section } from "../../plot/report/parts.js";
import type { History } from "../history.js";
import { brief } from "../proof-text.js";
import { quantile } from "../remedies/change.js";
import type { ActivationHistogram } from "../starting-activations.js";
import { deadMap } from "./dead-map.js";
import { commonRange, deltaBars, deltaChart } from "./delta-bars.js";
import { activationSizes, histogram, powersOf, updateSizes } from "./histograms.js";
import { spreadChart } from "./spread-chart.js";
import { stepCurves } from "./step-curves.js";

/** A training to draw, with what it is called. */
interface Shown {
  readonly name: string;
  readonly color: string;
  readonly history: History;
}

interface WithHistory {
  readonly history: History;
}

const figure = (chart: string, caption: string): string =>
  `<figure class="chart">${chart}<figcaption>${escapeMarkup(caption)}</figcaption></figure>`;

const pair = (figures: readonly string[]): string => `<div class="pair">${figures.join("\n")}</div>`;

/** Charts of a training, beside those with the remedy where there is one; nothing where nothing was measured. */
export function pictureSections(
  before: WithHistory,
  after: WithHistory | null,
  { constantLoss, starts = [] }: { constantLoss: number | null; starts?: readonly (readonly ActivationHistogram[])[] },
): string {
  const shown: Shown[] = [
    { name: after === null ? "as described" : "before", color: "var(--series-2)", history: before.history },
    ...(after === null ? [] : [{ name: "with the remedy", color: "var(--series-1)", history: after.history }]),
  ];
  const measured = shown.filter(({ history }) => history.readings.length > 0 && history.layers.length > 0);
  const ofLayers =
    measured.length === 0
      ? []
      : [
          signalSection(measured),
          timeSection(measured),
          startSection(shown, starts),
          histogramSection(measured),
          deadSection(measured),
        ];
  return [curveSection(shown, constantLoss), ...ofLayers.filter((part) => part !== "")].join("\n");
}

function curveSection(shown: readonly Shown[], constantLoss: number | null): string {
  // A remedy may change the loss itself; what it is compared with then is another one.
  const curves = shown.map(({ name, color, history }) => ({ name, color, values: history.steps.map(({ loss }) => loss) }));
  const norms = shown.map(({ name, color, history }) => ({
    name,
    color,
    values: history.steps.map((step) => step.gradientNorm),
  }));
  const legend = shown.map(({ name, color }) => `<span><i style="background:${color}"></i>${escapeMarkup(name)}</span>`).join("");
  const reference = constantLoss === null ? {} : { reference: constantLoss };
  const note = constantLoss === null ? "" : " The dashed line is the best that a constant answer reaches.";
  return section(
    "Loss and gradient, step by step",
    `<p class="keys">${legend}</p>${pair([
      figure(stepCurves(curves, { title: "loss over steps", label: "loss", ...reference }), `The loss of each batch.${note}`),
      figure(
        stepCurves(norms, { title: "length of the gradient over steps", label: "length of the gradient" }),
        "The length of all gradients together, before any clipping.",
      ),
    ])}`,
  );
}

/** How the gradient changes from layer to layer. Nothing where there is one layer. */
function signalSection(shown: readonly Shown[]): string {
  const bars = shown.map(({ history }) => deltaBars(history));
  if (bars.every(({ length }) => length < 2)) return "";
  const range = commonRange(bars);
  const charts = shown.map(({ name }, i) => {
    const end = bars[i][0];
    const first = end?.instead || (end === undefined ? "not known" : `${brief(10 ** end.power)} times the last one's`);
    return figure(
      deltaChart(bars[i], range, `back-propagated signal by layer, ${name}`),
      `${capital(name)}: the first layer's gradient is ${first}.`,
    );
  });
  const intro =
    "How strong the gradient with respect to each layer's pre-activations is, compared with the last layer. Bars that hang down " +
    "vanish on the way back, bars that rise explode; within one power of ten all is well.";
  return section("The gradient on its way back", `<p>${intro}</p>${pair(charts)}`);
}

/** What the layers make of the samples before the first step. Nothing where nobody looked. */
function startSection(shown: readonly Shown[], starts: readonly (readonly ActivationHistogram[])[]): string {
  const charts = shown.flatMap(({ name, color }, i) => {
    const layers = starts[i] ?? [];
    if (layers.length === 0) return [];
    return [figure(spreadChart(layers, color, `activations at the start, ${name}`), `${capital(name)}.`)];
  });
  if (charts.length === 0) return "";
  const intro =
    "What the hidden layers return for samples of the data before the first step, each row scaled to its own height. A few spikes in " +
    "a row mean that every sample looks alike to that layer: each unit always answers the same.";
  return section("Activations at the start", `<p>${intro}</p>${pair(charts)}`);
}

/** Of recurrent layers: how the gradient fares on its way back through time. Nothing where there are none. */
function timeSection(shown: readonly Shown[]): string {
  const curves = shown.flatMap(({ name, color, history }) => {
    const [first] = history.layers.flatMap((_, i) => (history.readings[0].layers[i].overTime ? [i] : []));
    if (first === undefined) return [];
    const lengths = history.readings.map((reading) => reading.layers[first].overTime ?? []);
    const values = lengths[0].map((_, t) => quantile(lengths.map((times) => times[t]).filter(Number.isFinite), 0.5));
    return [{ name, color, values }];
  });
  if (curves.length === 0) return "";
  const chart = stepCurves(curves, { title: "gradient by step of time", label: "length of the gradient", along: "step of time" });
  const note =
    "How much the loss depends on the hidden state at each step of time, the median over the readings. A curve that falls to the " +
    "left forgets what came early.";
  return section("The gradient on its way back through time", figure(chart, note));
}

function histogramSection(shown: readonly Shown[]): string {
  const kinds = [activationSizes, updateSizes].map((kind) => {
    const distributions = shown.map(({ history }) => kind(history));
    // A network without hidden layers has no activations.
    if (distributions.every(({ values }) => values.length === 0)) return "";
    const range = powersOf(distributions);
    const charts = shown.map(({ name, color }, i) =>
      figure(histogram(distributions[i], color, range), `${distributions[i].title}, ${name}.${besides(distributions[i].values)}`),
    );
    return pair(charts);
  });
  const intro =
    "Every layer at every reading counts once. Between the dashed lines is what is usual: activations of about 1, updates of a " +
    "ten-thousandth to a tenth of the weights.";
  return section("How large activations and updates are", `<p>${intro}</p>${kinds.join("\n")}`);
}

/** What a logarithmic axis cannot show. */
function besides(values: readonly number[]): string {
  const zeros = values.filter((value) => value === 0).length;
  const lost = values.filter((value) => !Number.isFinite(value)).length;
  const parts = [zeros > 0 && `${zeros} of ${values.length} are 0`, lost > 0 && `${lost} of ${values.length} are not finite`];
  const told = parts.filter((part) => part !== false);
  return told.length === 0 ? "" : ` ${capital(told.join(", "))}.`;
}

function deadSection(shown: readonly Shown[]): string {
  if (shown.some(({ history }) => history.layers.every(({ head }) => head))) return "";
  const charts = shown.map(({ name, history }) => {
    const shares = history.readings.flatMap(({ layers }) => layers.filter((_, i) => !history.layers[i].head).map(({ dead }) => dead)); // biome-ignore format: one line
    const most = quantile(shares.filter(Number.isFinite), 1);
    const worst = Number.isFinite(most) ? `${(100 * most).toFixed(0)} % of a layer at worst` : "nothing was measured";
    return figure(deadMap(history, `dead units by layer and step, ${name}`), `${capital(name)}: ${worst}.`);
  });
  const intro = "Units that no sample moves: their slope is 0 for all of them, and no gradient passes. The redder, the more.";
  return section("Dead units", `<p>${intro}</p>${pair(charts)}`);
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
