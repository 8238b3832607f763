import type { CommandGroup } from "../command.js";
import { examples } from "../command.js";
import { adviseCommand } from "./advise.js";
import { evalCommand } from "./eval.js";
import { compareCommand, plotCommand } from "./plot.js";
import { listCommand, showCommand } from "./show.js";

/** `softgrad activations`: what the catalogue knows, drawn, computed and advised. */
export const activationsCommand: CommandGroup = {
  name: "activations",
  summary: "list, show, plot, compare and evaluate activation functions, or ask for advice",
  commands: [listCommand, showCommand, plotCommand, compareCommand, evalCommand, adviseCommand],
  describe: (command) =>
    command
      .description("Activation functions: formulas, facts, pictures, values to the last digit, and which one to take.")
      .addHelpText(
        "after",
        `${examples([
          ["softgrad activations list --family gated", "names, ranges, gains"],
          ["softgrad activations show gelu", "everything about one"],
          ["softgrad activations plot gelu --out gelu.svg", "it and its derivatives, as a picture"],
          ["softgrad activations compare relu gelu", "side by side"],
          ["softgrad activations eval gelu --at -6,0.5,3", "values and derivatives"],
          ["softgrad activations advise --depth 50", "which one for a deep network"],
        ])}\n\n"softgrad activations <command> --help" tells more.`,
      ),
};
