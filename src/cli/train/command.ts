import type { Command } from "commander";
import { fault } from "../../ir/fault.js";
import { type CommandRecord, examples } from "../command.js";
import { reporterFor, stamp, withInterrupt } from "../running.js";
import type { Terminal } from "../terminal.js";
import { networks } from "./networks.js";
import { settingOption } from "./option.js";
import { existingRun, newFolder } from "./run-folder.js";
import { type GivenSettings, readSettings, type SettingName, settingNames, settingRecords } from "./settings.js";
import { suitedSettings, titleOf } from "./sources.js";
import { runTraining } from "./training.js";

/** `softgrad train`: a network for classes or a number, from samples to a folder with everything about the run. */
export const trainCommand: CommandRecord = {
  name: "train",
  summary: "train a network on digits, iris, or your own CSV or IDX files",
  describe(command) {
    command
      .description(
        "Trains a network on samples and keeps everything about the run in one folder: checkpoint.safetensors after every epoch, " +
          'metrics.jsonl, model.onnx and report.html. A fifth of the samples is kept for the test. For texts: "softgrad text".',
      )
      .argument("[data]", `${settingRecords.data.doc} (default: ${settingRecords.data.default})`);
    for (const name of settingNames) if (name !== "data") command.addOption(settingOption(settingRecords[name]));
    return command
      .optionsGroup("Run:")
      .option("--output <dir>", "folder of the run (default: runs/<data>-<time>)")
      .option("--resume <dir>", "go on with the run in this folder, with its own settings, to the same parameters")
      .option("--force", "replace the run in the folder")
      .addHelpText("after", exampleText);
  },
  async run(command, terminal) {
    const { resume } = command.opts<{ resume?: string }>();
    return resume === undefined ? startRun(command, terminal) : goOn(resume, command, terminal);
  },
};

const exampleText = examples([
  ["softgrad train", "digits, with settings that suit them"],
  ["softgrad train iris --layers 16 --epochs 100", "a smaller network for flowers"],
  ["softgrad train people.csv --label city", "classes from the column city"],
  ["softgrad train houses.csv --target price", "a number from the column price"],
  ["softgrad train t10k-images.gz --labels t10k-labels.gz", "pictures in IDX files"],
  ["softgrad train --activation mish --seed 7 --output runs/mish", "a folder of your choice"],
  ["softgrad train --resume runs/mish", "go on where it was interrupted"],
]);

async function startRun(command: Command, terminal: Terminal): Promise<number> {
  const { output, force = false } = command.opts<{ output?: string; force?: boolean }>();
  const given = givenSettings(command);
  const data = String(given.data ?? settingRecords.data.default);
  const suited = { ...suitedSettings(data, given.target), ...networks[readModel(given)].settings };
  const settings = readSettings(given, suited);
  const path = output ?? `runs/${titleOf(data)}-${stamp(terminal.now())}`;
  const folder = newFolder(path, { force });
  return withInterrupt(terminal, (signal) =>
    runTraining({
      settings,
      folder,
      fingerprint: null,
      signal,
      reporter: reporterFor(command, terminal),
      now: terminal.now,
      notify: terminal.err,
    }),
  );
}

/** Of the settings only the machine may be another one when a run goes on: the rest would make another run of it. */
async function goOn(path: string, command: Command, terminal: Terminal): Promise<number> {
  const given = givenSettings(command);
  const changed = settingNames.filter((name) => given[name] !== undefined && settingRecords[name].group !== "Machine");
  const { output, force } = command.opts<{ output?: string; force?: boolean }>();
  const extra = [
    ...changed.map((name) => settingRecords[name].flags.split(" ")[0]),
    ...(output === undefined ? [] : ["--output"]),
  ];
  if (extra.length > 0 || force === true) {
    throw fault("--resume", "a run goes on with the settings that it began with", {
      got: [...extra, ...(force === true ? ["--force"] : [])].join(", "),
      fix: "leave them out, or begin a new run without --resume",
    });
  }
  const { folder, config } = await existingRun(path);
  const settings = readSettings({ ...config.settings, ...given });
  const { fingerprint } = config;
  return withInterrupt(terminal, (signal) =>
    runTraining({
      settings,
      folder,
      fingerprint,
      signal,
      reporter: reporterFor(command, terminal),
      now: terminal.now,
      notify: terminal.err,
    }),
  );
}

/** The network that is asked for, before everything else is read: it has defaults of its own. */
const readModel = ({ model }: GivenSettings): string =>
  model === undefined ? settingRecords.model.default : settingRecords.model.read(String(model), "--model");

function givenSettings(command: Command): GivenSettings {
  const given = settingNames.flatMap((name): [SettingName, unknown][] => {
    if (name === "data") return command.args[0] === undefined ? [] : [[name, command.args[0]]];
    const source = command.getOptionValueSource(name);
    return source === "cli" ? [[name, command.getOptionValue(name)]] : [];
  });
  return Object.fromEntries(given);
}
