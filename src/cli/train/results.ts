import { sizeOf } from "../../ir/shape.js";
import { type Layer, parametersOf, summarize } from "../../nn/index.js";
import { percent, shortNumber } from "../../plot/report/parts.js";
import type { Outcome, RunSummary } from "../../plot/report/run-summary.js";
import type { EpochLine } from "./history.js";
import type { Prepared } from "./prepare.js";
import { shownSettings, type TrainSettings } from "./settings.js";
import { duration } from "./text.js";

/** What a run came to. */
export interface Results {
  readonly outcome: Outcome;
  /** Null where the outcome says it. */
  readonly testLoss: number | null;
  /** Epochs trained, and the time all of them took together. */
  readonly epochs: number;
  readonly seconds: number;
  /** Epoch whose parameters were kept, when early stopping chose one. */
  readonly kept: number | null;
  /** What was seen of signals, gradients and updates, in a line; absent where the run was not watched from its start. */
  readonly health?: string;
  readonly folder: string;
  readonly files: readonly { readonly name: string; readonly purpose: string }[];
}

export interface RunRecord {
  readonly settings: TrainSettings;
  readonly prepared: Prepared;
  readonly model: Layer;
  readonly history: readonly EpochLine[];
  readonly results: Results;
  readonly runtime: string;
  readonly when: Date;
}

/** Numbers in a model that are trained. */
export const sizeOfModel = (model: Layer): number =>
  parametersOf(model).reduce((total, { shape, trained }) => total + (trained ? sizeOf(shape) : 0), 0);

/** The run as the report shows it. */
export function summaryOf({ settings, prepared, model, history, results, runtime, when }: RunRecord): RunSummary {
  const { outcome, testLoss, epochs, seconds, kept } = results;
  const accuracies = history.map(({ held }) => held.accuracy);
  const samples = prepared.train.length * epochs;
  return {
    title: prepared.title,
    description: prepared.description,
    facts: [
      ...headline(outcome),
      ...(testLoss === null ? [] : [{ label: "test loss", value: shortNumber(testLoss) }]),
      { label: "parameters", value: sizeOfModel(model).toLocaleString("en-US") },
      { label: "epochs", value: String(epochs), ...(kept !== null && { note: `the parameters of epoch ${kept} are kept` }) },
      {
        label: "time",
        value: duration(seconds),
        note: `${Math.round(samples / seconds).toLocaleString("en-US")} samples a second`,
      },
    ],
    history: {
      trainingLoss: history.map(({ loss }) => loss),
      held: {
        name: history[0]?.heldName ?? "test",
        loss: history.map(({ held }) => held.loss),
        accuracy: accuracies.some((value) => value === undefined) ? null : accuracies,
      },
      ...(kept !== null && { bestEpoch: kept }),
    },
    outcome,
    layers: summarize(model, prepared.train.columns.features.shape)
      .filter(({ depth }) => depth > 0)
      .map(({ title, outputShape, trained, state, depth }) => ({
        name: title,
        output: `(batch ${outputShape.join(" ")})`,
        parameters: trained + state,
        depth: depth - 1,
      })),
    options: shownSettings(settings),
    files: results.files.map(({ name, purpose }) => [name, purpose]),
    footer: `Trained on ${when.toISOString().slice(0, 16).replace("T", " ")} UTC on ${runtime}.`,
  };
}

/** What is said first of an outcome. */
export function headline(outcome: Outcome): RunSummary["facts"] {
  if (outcome.kind === "text") return outcome.measures;
  if (outcome.kind === "regression") {
    const { determination, rootMeanSquare, pairs } = outcome;
    return [
      { label: "R² on the test data", value: shortNumber(determination), note: `${pairs.length} samples` },
      { label: "root mean square error", value: shortNumber(rootMeanSquare) },
    ];
  }
  const total = outcome.confusion.flat().reduce((sum, count) => sum + count, 0);
  return [
    { label: "test accuracy", value: percent(outcome.accuracy), note: `${total - outcome.mistakes.length} of ${total} right` },
  ];
}
