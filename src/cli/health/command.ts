import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { writeFileAtomic } from "#platform/files.js";
import { plainJson } from "../../health/plain-json.js";
import { type CodeLine, codeChange, codeOf, type Plan, readPlan } from "../../health/plan/index.js";
import { type HealthReportOptions, healthReport } from "../../health/report/report.js";
import { vocabulary } from "../../health/report/vocabulary.js";
import { startingActivations } from "../../health/starting-activations.js";
import type { Tools } from "../../health/tools.js";
import { treatWith } from "../../health/treat.js";
import { tools as realTools } from "../../health/treat-plan.js";
import type { Treatment } from "../../health/treatment.js";
import { Fault, fault } from "../../ir/fault.js";
import { type CommandRecord, examples } from "../command.js";
import { nearest } from "../faults.js";
import { oneOf, text, whole } from "../readers.js";
import { withInterrupt } from "../running.js";
import type { Terminal } from "../terminal.js";
import { demos } from "./demos.js";
import { progressFor } from "./progress.js";
import { healthOfRun } from "./run-health.js";
import { dataNames, readSamples } from "./samples.js";
import { diagnosisText, examinedText, treatmentText } from "./text.js";

interface HealthFlags {
  readonly data?: string;
  readonly column: string;
  readonly header: string;
  readonly seeds: string;
  readonly output?: string;
  readonly demo?: string;
  readonly treat: boolean;
  readonly json?: true;
}

/** `softgrad health`: what is wrong with a training, what cures it, and whether that is proved. */
export const healthCommand: CommandRecord = healthCommandWith(realTools);

/** The command with the tools that train and judge: an argument, so that tests need not train. */
export function healthCommandWith(tools: Tools): CommandRecord {
  return {
    name: "health",
    summary: "find what is wrong with a training, and a cure that is proved",
    describe: (command) =>
      command
        .description(
          "Trains what a plan describes, watches signals, gradients and updates in every layer, and says what is wrong and why. " +
            "Then remedies are raced, the smallest one that helps is proved in pairs of seeds, and the code to change is shown. " +
            'A folder of "softgrad train" is looked at as it was watched.',
        )
        .argument("[plan]", "a plan in JSON, or the folder of a run")
        .optionsGroup("Subject:")
        .option("--data <data>", `what it learns from: ${dataNames().join(", ")}, or a CSV file`)
        .option("--column <column>", "CSV: the column of what is to be learned, by name or by place", "-1")
        .option("--header <which>", "CSV: whether the first row names the columns: present, absent, or detect", "detect")
        .option("--demo <name>", `a training that goes wrong: ${Object.keys(demos).join(", ")}`)
        .optionsGroup("Treatment:")
        .option("--seeds <count>", "seeds in which a remedy must help", "3")
        .option("--no-treat", "only say what is wrong")
        .option("--output <dir>", "folder for report.html, treatment.json and the cured plan (default: health-<plan>)")
        .addHelpText(
          "after",
          examples([
            ["softgrad health --demo deep-sigmoid", "a gradient that vanishes, its cure and the proof"],
            ["softgrad health plan.json --data circles", "your own plan on generated points"],
            ["softgrad health plan.json --data houses.csv --column price", "on your own data"],
            ["softgrad health plan.json --data digits --no-treat", "only the diagnosis, in one training"],
            ["softgrad health runs/digits", "a run of softgrad train"],
          ]),
        ),
    async run(command, terminal) {
      const flags = command.opts<HealthFlags>();
      const [given] = command.args;
      if (given !== undefined && existsSync(given) && statSync(given).isDirectory()) {
        refuseForRuns(command.args, flags);
        return healthOfRun(given, { json: flags.json === true }, terminal);
      }
      return withInterrupt(terminal, async (signal) => {
        try {
          await examine(given, flags, { terminal, tools, signal });
          return "finished";
        } catch (error) {
          if (signal.aborted) return "interrupted";
          throw error;
        }
      });
    },
  };
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly tools: Tools;
  readonly signal: AbortSignal;
}

async function examine(given: string | undefined, flags: HealthFlags, { terminal, tools, signal }: Surroundings): Promise<void> {
  const { plan, data, slug } = subjectOf(given, flags);
  const count = whole({ least: 1, most: 100 })(flags.seeds, "--seeds");
  const header = oneOf("kind of header", ["present", "absent", "detect"])(flags.header, "--header") as "detect";
  const samples = await readSamples({ data, column: flags.column, header }, plan);
  const folder = folderFor(flags.output ?? `health-${slug}`);
  const json = flags.json === true;
  const progress = progressFor(terminal, json);
  let treatment: Treatment;
  try {
    treatment = await treatWith(tools, plan, samples, {
      seeds: Array.from({ length: count }, (_, i) => i),
      remedies: flags.treat,
      onProgress: progress.show,
      signal,
    });
  } finally {
    progress.stop();
  }
  const cured = treatment.recommended === null ? null : treatment.verified[treatment.recommended].plan;
  const change = cured === null ? [] : codeChange(plan, cured);
  const { data: known } = await tools.describe(plan, samples);
  const starts = await Promise.all([plan, ...(cured === null ? [] : [cured])].map((one) => startingActivations(one, samples)));
  const files = await write(folder, treatment, {
    change,
    cured,
    starts,
    constantLoss: known.constantLoss,
    footer: `softgrad health, ${terminal.now().toLocaleDateString("en-GB", { dateStyle: "long" })}, on ${data}; seeds 0 to ${count - 1}`,
  });
  if (json) terminal.out(plainJson({ ...treatment, change: changed(change), code: codeOf(cured ?? plan), files }, 2));
  else {
    const lines = [
      `${plan.title}, on ${data}`,
      ...diagnosisText(treatment.diagnosis, vocabulary),
      ...examinedText(treatment),
      ...treatmentText(treatment, change),
    ];
    terminal.out([...lines, `report: ${files.report}`].join("\n"));
  }
}

/** The plan of a file or a demonstration, and the name of its data. */
function subjectOf(given: string | undefined, { data, demo }: HealthFlags): { plan: Plan; data: string; slug: string } {
  if (demo !== undefined) {
    if (given !== undefined)
      throw fault("--demo", "a plan is already given", { got: given, fix: "leave out the plan or --demo" });
    const name = oneOf("demonstration", Object.keys(demos))(demo, "--demo");
    return { plan: demos[name].plan, data: data ?? demos[name].data, slug: name };
  }
  if (given === undefined) {
    throw fault("softgrad health", "there is no plan to look at", {
      expected: "a plan in JSON, the folder of a run, or --demo NAME",
      fix: "softgrad health --help shows examples",
    });
  }
  const plan = planIn(given);
  if (data === undefined) {
    throw fault("--data", "a plan does not say what it learns from", { expected: `${dataNames().join(", ")}, or a CSV file` });
  }
  return { plan, data: text(data, "--data"), slug: basename(given).replace(/\.\w+$/, "") };
}

function planIn(path: string): Plan {
  if (!existsSync(path)) {
    const hint = nearest(path, Object.keys(demos));
    throw fault(path, "there is no such file or folder", {
      expected: "a plan in JSON, or the folder of a run",
      ...(hint !== null && { fix: `did you mean --demo ${hint}?` }),
    });
  }
  try {
    return readPlan(readFileSync(path, "utf8"));
  } catch (error) {
    // Which file a field is in, besides which field.
    if (error instanceof Fault) throw fault(`${path}: ${error.where}`, error.problem, error.details, error);
    throw error;
  }
}

function refuseForRuns(args: readonly string[], { data, demo, output }: HealthFlags): void {
  const extra = [data !== undefined && "--data", demo !== undefined && "--demo", output !== undefined && "--output"];
  const got = extra.filter((flag) => flag !== false).join(", ");
  if (got === "") return;
  throw fault(String(args[0]), "a run has its own data and folder", { got, fix: "leave them out" });
}

/** A folder that can be written into. Asked before the training, for the report is written behind it; it is made then. */
function folderFor(path: string): string {
  const fix = "choose another: --output DIR";
  const there = lastThere(path);
  if (!statSync(there).isDirectory()) {
    throw fault(path, there === path ? "this is a file, not a folder" : `${there} is a file, not a folder`, { fix });
  }
  try {
    accessSync(there, constants.W_OK);
  } catch (error) {
    throw fault(path, "the folder may not be written to", { got: (error as Error).message, fix }, error);
  }
  return path;
}

/** The path itself, or the nearest folder above it that exists. */
const lastThere = (path: string): string => (existsSync(path) || dirname(path) === path ? path : lastThere(dirname(path)));

interface Written extends Omit<HealthReportOptions, "words"> {
  readonly cured: Plan | null;
}

async function write(folder: string, treatment: Treatment, { cured, ...page }: Written) {
  const files = { report: join(folder, "report.html"), treatment: join(folder, "treatment.json") };
  await writeFileAtomic(files.report, healthReport(treatment, { words: vocabulary, ...page }));
  await writeFileAtomic(files.treatment, `${plainJson(treatment)}\n`);
  if (cured === null) return files;
  const plan = join(folder, "plan.json");
  await writeFileAtomic(plan, `${JSON.stringify(cured, null, 2)}\n`);
  return { ...files, plan };
}

const changed = (lines: readonly CodeLine[]): readonly CodeLine[] => lines.filter(({ kind }) => kind !== "kept");
