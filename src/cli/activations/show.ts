import { catalogue, families } from "../../activations/index.js";
import { inWords } from "../../plot/activation-sheet.js";
import { terminalPlot } from "../../plot/index.js";
import { type CommandRecord, examples, exitCodes } from "../command.js";
import { oneOf } from "../readers.js";
import { activationsNamed, collected } from "./named.js";
import { columns, description, json, rangeText, recordText, shown } from "./text.js";

/** `softgrad activations list`. */
export const listCommand: CommandRecord = {
  name: "list",
  summary: "the catalogue, by family",
  describe: (command) =>
    command
      .description("Every activation of the catalogue by family: its name in code, its range, its smoothness and its gain.")
      .option("--family <name>", `one family: ${Object.keys(families).join(", ")}`),
  async run(command, terminal) {
    const { family, json: asJson } = command.opts<{ family?: string; json?: true }>();
    const chosen = family === undefined ? null : oneOf("family", Object.keys(families))(family, "--family");
    const listed = Object.entries(families).filter(([name]) => chosen === null || name === chosen);
    if (asJson === true) {
      terminal.out(
        json(listed.flatMap(([name, all]) => all.map((activation) => ({ family: name, ...description(activation) })))),
      );
      return exitCodes.done;
    }
    const blocks = listed.map(([name, all]) => {
      const rows = all.map(({ record, facts, gain }) => [
        record.name, record.title, rangeText(facts.range), facts.smoothness, facts.kind === "vector" ? "" : `gain ${shown(gain)}`,
      ]); // biome-ignore format: one list
      return [inWords(name), ...columns(rows).map((line) => `  ${line}`)].join("\n");
    });
    terminal.out([...blocks, `${listed.flatMap(([, all]) => all).length} of ${catalogue.length} activations`].join("\n\n"));
    return exitCodes.done;
  },
};

/** `softgrad activations show NAME`. */
export const showCommand: CommandRecord = {
  name: "show",
  summary: "formula, facts, parameters and use of one, with a plot",
  describe: (command) =>
    command
      .description("Everything that is known of an activation, and a drawing of it and its first two derivatives.")
      .argument("<name>", "its name, title or alias, whatever the case")
      .option("--param <name=value>", "a parameter in place of its default; may be given again", collected)
      .addHelpText(
        "after",
        examples([["softgrad activations show leaky_relu --param alpha=0.2", "with a parameter of one's own"]]),
      ),
  async run(command, terminal) {
    const { param, json: asJson } = command.opts<{ param?: string[]; json?: true }>();
    const [activation] = activationsNamed(command.args, param);
    terminal.out(asJson === true ? json(description(activation)) : `${recordText(activation)}\n\n${terminalPlot(activation)}`);
    return exitCodes.done;
  },
};
