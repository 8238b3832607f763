import { relative } from "node:path";
import { sizeOf } from "../../ir/shape.js";
import type { Layer } from "../../nn/index.js";
import { parametersOf } from "../../nn/index.js";
import { trainingReport } from "../../plot/report/report.js";
import type { EpochLine } from "../train/history.js";
import { headline, type Results, sizeOfModel } from "../train/results.js";
import type { RunFile, RunFolder } from "../train/run-folder.js";
import { titleOf } from "../train/sources.js";
import { duration } from "../train/text.js";
import type { Learned } from "./model.js";
import { TEXT_RUN, type TextRunConfig } from "./runs.js";

export interface AboutRun {
  readonly name: string;
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly folder: RunFolder;
  readonly history: readonly EpochLine[];
  readonly network: Layer;
  readonly description: string;
  readonly runtime: string;
  readonly when: Date;
}

const purposes: Readonly<Partial<Record<RunFile, string>>> = {
  report: "everything about the run, for a browser",
  parameters: "what was learned",
  model: "the trained network, for any ONNX runtime",
  vectors: "a word and its numbers a line, as other programs read them",
  vocabulary: "the characters and their numbers",
  pieces: "the word pieces, one a line",
  metrics: "a line of JSON for every epoch",
  config: "the settings, and what the model is made from",
};

/** Writes the files of a run, the configuration and the report last: where they are, the run can be used. */
export async function finishRun({ outcome, files, shape }: Learned, about: AboutRun): Promise<Results> {
  const { name, path, values, folder, history } = about;
  for (const [file, content] of files) await folder.write(file, content);
  const config: TextRunConfig = { format: TEXT_RUN, model: name, file: path, settings: values, shape };
  await folder.write("config", `${JSON.stringify(config, null, 2)}\n`);
  const results: Results = {
    outcome,
    testLoss: null,
    epochs: history.length,
    seconds: history.reduce((sum, { seconds }) => sum + seconds, 0),
    kept: null,
    folder: folder.path,
    files: Object.entries(purposes)
      .filter(([file]) => file === "report" || folder.has(file as RunFile))
      .map(([file, purpose]) => ({ name: relative(folder.path, folder.pathOf(file as RunFile)), purpose })),
  };
  await folder.write("report", trainingReport(summaryOf(results, about)));
  return results;
}

function summaryOf({ outcome, epochs, seconds, files }: Results, about: AboutRun): Parameters<typeof trainingReport>[0] {
  const { path, values, history, network, description, runtime, when } = about;
  const held = history.map((line) => line.held);
  const accuracies = held.map(({ accuracy }) => accuracy);
  return {
    title: titleOf(path),
    description,
    facts: [
      ...headline(outcome),
      { label: "parameters", value: sizeOfModel(network).toLocaleString("en-US") },
      { label: "epochs", value: String(epochs) },
      { label: "time", value: duration(seconds) },
    ],
    history: {
      trainingLoss: history.map(({ loss }) => loss),
      held: {
        name: "test",
        loss: held.every(({ loss }) => loss === undefined) ? [] : held.map(({ loss }) => loss),
        accuracy: accuracies.every((value) => value !== undefined) && accuracies.length > 0 ? accuracies : null,
      },
    },
    outcome,
    layers: parametersOf(network).map(({ path: parameter, shape, axes }) => ({
      name: parameter,
      output: axes ?? `(${shape.join(" ")})`,
      parameters: sizeOf(shape),
      depth: 0,
    })),
    options: Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([option, value]) => [option.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), String(value)]),
    files: files.map(({ name: file, purpose }) => [file, purpose]),
    footer: `Trained on ${when.toISOString().slice(0, 16).replace("T", " ")} UTC on ${runtime}.`,
  };
}
