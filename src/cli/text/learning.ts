import type { Command } from "commander";
import type { FitOptions } from "../../train/index.js";
import { type CommandRecord, examples } from "../command.js";
import { reporterFor, stamp, withInterrupt } from "../running.js";
import type { Terminal } from "../terminal.js";
import type { EpochLine } from "../train/history.js";
import { settingOption } from "../train/option.js";
import type { Reporter } from "../train/reporters.js";
import { sizeOfModel } from "../train/results.js";
import { newFolder, type RunFolder } from "../train/run-folder.js";
import { runtimes } from "../train/runtimes.js";
import { titleOf } from "../train/sources.js";
import { readText } from "./files.js";
import type { Beginning, TextModel } from "./model.js";
import { finishRun } from "./report.js";
import { machineSettings, readValues } from "./settings.js";

/** The command that learns a model from a text file. */
export const learningCommand = (model: TextModel): CommandRecord => ({
  name: model.name,
  summary: model.summary,
  describe(command) {
    command.description(model.description).argument("<file>", model.file);
    for (const setting of Object.values({ ...model.settings, ...machineSettings })) command.addOption(settingOption(setting));
    return command
      .optionsGroup("Run:")
      .option("--output <dir>", "folder of the run (default: runs/<file>-<time>)")
      .option("--force", "replace the run in the folder")
      .addHelpText("after", examples(model.examples));
  },
  async run(command, terminal) {
    const [path] = command.args;
    const { output, force = false } = command.opts<{ output?: string; force?: boolean }>();
    const given = (name: string): unknown => command.getOptionValue(name);
    const values = readValues(model.settings, given);
    const machine = readValues(machineSettings, given);
    const text = await readText(path);
    const folder = newFolder(output ?? `runs/${titleOf(path)}-${stamp(terminal.now())}`, { force });
    const job = { model, path, text, values, machine, folder, reporter: reporterFor(command, terminal), terminal };
    return withInterrupt(terminal, (signal) => learn(job, signal));
  },
});

interface Job {
  readonly model: TextModel;
  readonly path: string;
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly machine: { readonly runtime: string; readonly threads: number | null };
  readonly folder: RunFolder;
  readonly reporter: Reporter;
  readonly terminal: Terminal;
}

/** Trains, tests, and writes the folder. A training that is interrupted keeps what it has learned. */
async function learn(job: Job, signal: AbortSignal): Promise<"finished" | "interrupted"> {
  const { model, path, text, values, machine, folder, reporter, terminal } = job;
  const { threads } = machine;
  const runtime = runtimes[machine.runtime]({ notify: terminal.err, ...(threads !== null && { threads }) });
  const history: EpochLine[] = [];
  const lines: Promise<void>[] = [];
  let beginning: Beginning | null = null;
  try {
    const runtimeName = await runtime.name();
    const place = {
      runtime,
      path,
      signal,
      begin: (known: Beginning): void => {
        beginning = known;
        folder.clear();
        reporter.start({
          title: titleOf(path),
          description: known.description,
          network: known.model.title,
          parameters: sizeOfModel(known.model),
          runtime: runtimeName,
          folder: folder.path,
          epochs: Number(values.epochs),
          done: 0,
        });
      },
      onProgress: ((at) => reporter.progress(at)) as NonNullable<FitOptions["onProgress"]>,
      onEpoch: ({ validation, ...report }: Parameters<NonNullable<Parameters<TextModel["learn"]>[2]["onEpoch"]>>[0]): void => {
        const line: EpochLine = { ...report, held: validation ?? {}, heldName: "test" };
        history.push(line);
        lines.push(folder.write("metrics", history.map((each) => `${JSON.stringify(each)}\n`).join("")));
        reporter.epoch(line);
      },
    };
    const learned = await model.learn(text, values as never, place).finally(() => reporter.stop());
    await Promise.all(lines);
    const { model: network } = beginning as unknown as Beginning;
    const about = { name: model.name, path, values, folder, history, runtime: runtimeName, when: terminal.now() };
    reporter.results(
      await finishRun(learned, { ...about, network, description: (beginning as unknown as Beginning).description }),
    );
    if (!signal.aborted) return "finished";
    terminal.err(`interrupted after ${history.length} of ${values.epochs} epochs: what was learned until then is kept`);
    return "interrupted";
  } finally {
    await runtime.close();
  }
}

/** Options of commands that only use a model. */
export function addMachineOptions(command: Command): Command {
  for (const setting of Object.values(machineSettings)) command.addOption(settingOption(setting));
  return command;
}
