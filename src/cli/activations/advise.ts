import {
  advise, budgets, type HiddenAdvice, type HiddenQuestion, normalisations, type OutputAdvice, type OutputKind, outputKinds, smoothnesses,
} from "../../activations/advice/index.js"; // biome-ignore format: one list
import { onnxRuntime, type Runtime } from "../../run/runtime.js";
import { type CommandRecord, examples, exitCodes } from "../command.js";
import { oneOf, whole } from "../readers.js";
import type { Terminal } from "../terminal.js";
import { columns, json, shown } from "./text.js";

interface AdviseFlags {
  readonly output?: string;
  readonly depth: string;
  readonly width: string;
  readonly normalisation: string;
  readonly budget: string;
  readonly smoothness: string;
  readonly count: string;
  readonly measureCost?: true;
  readonly device: string;
  readonly json?: true;
}

const devices: Readonly<Record<string, (notify: (message: string) => void) => Runtime>> = {
  cpu: (notify) => onnxRuntime({ notify }),
  wasm: (notify) => onnxRuntime({ notify, runtime: "wasm" }),
  webgpu: (notify) => onnxRuntime({ notify, provider: "webgpu" }),
};

/** `softgrad activations advise`. */
export const adviseCommand: CommandRecord = {
  name: "advise",
  summary: "which activation to take, and why",
  describe: (command) =>
    command
      .description(
        "Ranks activations for hidden layers by their facts and by measured numbers: gain, the factor on gradients from layer " +
          "to layer (χ₁), cost. With --output it names the activation and the loss of the last layer instead.",
      )
      .option("--output <kind>", `advice for the last layer: ${outputKinds.join(", ")}`)
      .option("--depth <layers>", "hidden layers", "4")
      .option("--width <units>", "units of a layer", "256")
      .option("--normalisation <kind>", normalisations.join(", "), "none")
      .option("--smoothness <kind>", `the least there must be: ${smoothnesses.join(", ")}`, "any")
      .option("--budget <size>", `running time that an activation may take: ${budgets.join(", ")}`, "normal")
      .option("--count <number>", "how many are named", "5")
      .option("--measure-cost", "time the best ones here, which takes some seconds")
      .option("--device <name>", `where to time: ${Object.keys(devices).join(", ")}`, "cpu")
      .addHelpText(
        "after",
        examples([
          ["softgrad activations advise --depth 50", "a deep network without normalisation"],
          ["softgrad activations advise --budget low --measure-cost", "what is fast here"],
          ["softgrad activations advise --output multi-class", "the last layer and its loss"],
        ]),
      ),
  async run(command, terminal) {
    const flags = command.opts<AdviseFlags>();
    if (flags.output !== undefined) {
      const output = oneOf("output", outputKinds)(flags.output, "--output") as OutputKind;
      const advice = await advise({ task: "output", output });
      terminal.out(flags.json === true ? json(outputData(advice)) : outputText(advice));
      return exitCodes.done;
    }
    const question = questionOf(flags);
    const advice = await withRuntime(flags, terminal, (runtime) => advise({ ...question, ...runtime }));
    terminal.out(flags.json === true ? json(hiddenData(advice)) : hiddenText(advice, question));
    return exitCodes.done;
  },
};

function questionOf(flags: AdviseFlags): HiddenQuestion {
  const count = whole({ least: 1, most: 1e6 });
  return {
    task: "hidden",
    depth: count(flags.depth, "--depth"),
    width: count(flags.width, "--width"),
    count: count(flags.count, "--count"),
    normalisation: choice("normalisation", normalisations, flags.normalisation),
    budget: choice("budget", budgets, flags.budget),
    smoothness: choice("smoothness", smoothnesses, flags.smoothness),
    measureCost: flags.measureCost === true,
  };
}

const choice = <T extends string>(what: string, known: readonly T[], given: string): T =>
  oneOf(what, known)(given, `--${what}`) as T;

async function withRuntime<T>(
  flags: AdviseFlags,
  terminal: Terminal,
  work: (given: { runtime?: Runtime }) => Promise<T>,
): Promise<T> {
  const device = oneOf("device", Object.keys(devices))(flags.device, "--device");
  if (flags.measureCost !== true) return work({});
  const runtime = devices[device](terminal.err);
  try {
    return await work({ runtime });
  } finally {
    await runtime.close();
  }
}

function hiddenText({ recommendations, notes }: HiddenAdvice, { depth = 0, normalisation }: HiddenQuestion): string {
  const rows = recommendations.map(({ activation, score, measures, correlationDepth, phase }, i) => [
    `${i + 1}`, activation.title, score.toFixed(2), shown(measures.gain), shown(round(measures.chi1)), phase ?? "–",
    correlationDepth === null ? "–" : shown(round(correlationDepth)),
    measures.nanoseconds === null ? `${measures.operations} ops` : `${measures.nanoseconds.toFixed(1)} ns`,
  ]); // biome-ignore format: one list
  const header = ["", "activation", "score", "gain", "χ₁", "phase", "depth scale", "cost"];
  const why = recommendations.flatMap(({ activation, reasons, reservations }, i) => [
    `${i + 1}. ${activation.title}: ${activation.record.use}`,
    ...reasons.slice(0, 4).map((reason) => `   + ${reason}`),
    ...reservations.slice(0, 3).map((reason) => `   − ${reason}`),
  ]);
  const asked = `${depth} hidden layers, ${normalisation === "none" ? "no" : normalisation} normalisation`;
  return [asked, "", ...columns([header, ...rows]), "", ...why, "", ...notes.map((note) => `· ${note}`)].join("\n");
}

const round = (value: number): number => Number(value.toPrecision(4));

function outputText({ head, alternatives }: OutputAdvice): string {
  const { wanted, activation, loss, lossTakes, units, otherLosses, reason } = head;
  const given = lossTakes === "logits" ? "takes the numbers before the activation (logits)" : "takes the activation's values";
  return [
    `for ${wanted}`,
    "",
    ...columns([
      ["activation", `${activation.title} (${activation.name})`],
      ["units", units],
      ["loss", `${loss}, which ${given}`],
      ["other losses", otherLosses.join(", ")],
      ["others like it", alternatives.map(({ title }) => title).join(", ") || "none"],
    ]),
    "",
    `because ${reason}`,
  ].join("\n");
}

const outputData = ({ task, output, head, alternatives }: OutputAdvice) => ({
  task,
  output,
  ...head,
  activation: head.activation.name,
  alternatives: alternatives.map(({ name }) => name),
});

const hiddenData = ({ task, recommendations, notes }: HiddenAdvice) => ({
  task,
  recommendations: recommendations.map(({ activation, measures: { facts: _, ...measures }, ...others }) => ({
    name: activation.name,
    ...others,
    measures,
  })),
  notes,
});
