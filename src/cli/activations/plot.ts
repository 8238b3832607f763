import { type Activation, families } from "../../activations/index.js";
import { fault } from "../../ir/fault.js";
import { activationFigure, activationSheet, type SampleOptions, sampleActivation, type TerminalPlotOptions, terminalPlot } from "../../plot/index.js"; // biome-ignore format: one list
import { type CommandRecord, examples, exitCodes } from "../command.js";
import type { Terminal } from "../terminal.js";
import { activationsNamed, collected, numbersIn } from "./named.js";
import { writePicture } from "./pictures.js";
import { columns, description, factRows, json } from "./text.js";

interface PlotFlags {
  readonly out?: string;
  readonly theme?: string;
  readonly interval?: string;
  readonly param?: string[];
  readonly json?: true;
}

/** `softgrad activations plot NAME…`. */
export const plotCommand: CommandRecord = {
  name: "plot",
  summary: "draw activations and their derivatives: here, as SVG or as PNG",
  describe: (command) =>
    command
      .description(
        "Draws an activation with its first and second derivative, shaded where it saturates, with its kinks and jumps. " +
          "Several are laid over each other in a picture. Without names it draws the whole catalogue.",
      )
      .argument("[names...]", "one or more activations")
      .option("--out <file>", "a picture, .svg or .png, in place of letters")
      .option("--theme <name>", "light, dark, or auto: an SVG that follows the reader's system (default)")
      .option("--interval <low,high>", "ends of the horizontal axis (default: -4,4, or further where there are kinks)")
      .option("--param <name=value>", "a parameter in place of its default; may be given again", collected)
      .addHelpText(
        "after",
        examples([
          ["softgrad activations plot selu", "in the terminal"],
          ["softgrad activations plot relu gelu silu --out three.png", "over each other"],
          ["softgrad activations plot --out all.svg", "the whole catalogue on one sheet"],
          ["softgrad activations plot | less", "the same in letters, a page at a time"],
        ]),
      ),
  async run(command, terminal) {
    const flags = command.opts<PlotFlags>();
    if (command.args.length === 0) return sheet(flags, terminal);
    const activations = activationsNamed(command.args, flags.param);
    await draw(activations, flags);
    if (flags.json === true) terminal.out(json(activations.map((activation) => points(activation, sampling(flags)))));
    else if (flags.out === undefined) terminal.out(inLetters(activations, sampling(flags)));
    else terminal.out(`drawn in ${flags.out}`);
    return exitCodes.done;
  },
};

/** `softgrad activations compare A B`. */
export const compareCommand: CommandRecord = {
  name: "compare",
  summary: "facts side by side, and both drawn",
  describe: (command) =>
    command
      .description("The facts of two or more activations beside each other, and drawings of them.")
      .argument("<names...>", "two or more activations")
      .option("--out <file>", "a picture, .svg or .png, of them over each other")
      .option("--theme <name>", "light, dark, or auto: an SVG that follows the reader's system (default)")
      .option("--interval <low,high>", "ends of the horizontal axis (default: -4,4, or further where there are kinks)")
      .option("--param <name=value>", "a parameter in place of its default; may be given again", collected)
      .addHelpText(
        "after",
        examples([["softgrad activations compare relu gelu --out both.svg", "facts here, curves in a file"]]),
      ),
  async run(command, terminal) {
    const flags = command.opts<PlotFlags>();
    const activations = activationsNamed(command.args, flags.param);
    if (activations.length < 2) throw fault("softgrad activations compare", "one alone cannot be compared", { expected: "two or more names", got: command.args.join(", ") }); // biome-ignore format: one line
    await draw(activations, flags);
    if (flags.json === true) terminal.out(json(activations.map(description)));
    else terminal.out(`${factTable(activations)}\n\n${flags.out === undefined ? inLetters(activations, sampling(flags)) : `drawn in ${flags.out}`}`); // biome-ignore format: one line
    return exitCodes.done;
  },
};

/** The whole catalogue: on one sheet, or small and one after the other in letters. */
async function sheet(flags: PlotFlags, terminal: Terminal): Promise<number> {
  const { out, theme, json: asJson } = flags;
  const groups = Object.entries(families).map(([title, activations]) => ({ title, activations }));
  const options = sampling(flags);
  if (out === undefined) {
    if (asJson === true) terminal.out(json(groups.flatMap(({ activations }) => activations.map((one) => points(one, options)))));
    else for (const { title, activations } of groups) terminal.out(`${title}\n\n${inLetters(activations, { ...options, rows: 5 })}\n`); // biome-ignore format: one line
    return exitCodes.done;
  }
  await writePicture(out, theme, (chosen) => activationSheet(groups, { theme: chosen }));
  terminal.out(asJson === true ? json({ out }) : `drawn in ${out}`);
  return exitCodes.done;
}

async function draw(activations: readonly Activation[], flags: PlotFlags): Promise<void> {
  if (flags.out === undefined) return;
  await writePicture(flags.out, flags.theme, (theme) => activationFigure(activations, { ...sampling(flags), theme }));
}

function sampling({ interval }: PlotFlags): SampleOptions {
  if (interval === undefined) return {};
  const ends = numbersIn(interval, "--interval");
  if (ends.length !== 2)
    throw fault("--interval", "an interval has two ends", { expected: "low,high, such as -6,6", got: interval });
  return { interval: [ends[0], ends[1]] };
}

const inLetters = (activations: readonly Activation[], options: TerminalPlotOptions): string =>
  activations.map((activation) => `${activation.title}\n${terminalPlot(activation, options)}`).join("\n\n");

/** What a plot is made of, for plotting elsewhere. */
function points(activation: Activation, options: SampleOptions) {
  const { interval, curves, kinks, saturated, view } = sampleActivation(activation, { points: 200, ...options });
  return { name: activation.name, values: activation.values, interval, curves, kinks, saturated, view };
}

/** A row for each fact, a column for each activation; functions of one number and of a row have different facts. */
function factTable(activations: readonly Activation[]): string {
  const facts = activations.map((activation) => new Map(factRows(activation)));
  const names = [...new Set(facts.flatMap((own) => [...own.keys()]))];
  const header = ["", ...activations.map(({ title }) => title)];
  return columns([header, ...names.map((name) => [name, ...facts.map((own) => own.get(name) ?? "–")])]).join("\n");
}
