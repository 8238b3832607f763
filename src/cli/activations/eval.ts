import { type CommandRecord, examples, exitCodes } from "../command.js";
import { oneOf, whole } from "../readers.js";
import { evaluateAt } from "./evaluate.js";
import { activationsNamed, collected, numbersIn } from "./named.js";
import { columns, json } from "./text.js";

interface EvalFlags {
  readonly at: string;
  readonly derivatives?: string;
  readonly precision: string;
  readonly precise?: true;
  readonly param?: string[];
  readonly json?: true;
}

/** `softgrad activations eval NAME --at …`. */
export const evalCommand: CommandRecord = {
  name: "eval",
  summary: "values and derivatives at given points",
  describe: (command) =>
    command
      .description(
        "Values and derivatives, in float64 by the interpreter, or in float32 by ONNX Runtime as networks compute them. A " +
          "function of a row, such as softmax, takes the points as one row.",
      )
      .argument("<name>", "an activation")
      .requiredOption("--at <points>", "numbers with commas between: -6,0.5,3")
      .option("--derivatives <count>", "highest order of derivative, up to 4 (default: 2, of a function of a row 0)")
      .option("--precision <type>", "float64 or float32", "float64")
      .option("--precise", "float32 that is right to the last digits, in place of the fast one")
      .option("--param <name=value>", "a parameter in place of its default; may be given again", collected)
      .addHelpText(
        "after",
        examples([
          ["softgrad activations eval gelu --at -6,0.5,3", "f, f′ and f″ in float64"],
          ["softgrad activations eval gelu --at -6 --precision float32", "as a network computes it"],
          ["softgrad activations eval elu --at -1 --param alpha=0.5", "with a parameter"],
        ]),
      ),
  async run(command, terminal) {
    const flags = command.opts<EvalFlags>();
    const [activation] = activationsNamed(command.args, flags.param);
    const isRow = activation.facts.kind === "vector";
    const derivatives = whole({ least: 0, most: 4 })(flags.derivatives ?? (isRow ? "0" : "2"), "--derivatives");
    const points = numbersIn(flags.at, "--at");
    // The other lowering is one of float32: asking for it says which type is meant.
    const precise = flags.precise === true;
    const precision = precise ? "float32" : oneOf("precision", ["float64", "float32"])(flags.precision, "--precision");
    const orders = await evaluateAt(activation, {
      points,
      derivatives,
      precision: precision === "float32" ? "float32" : "float64",
      precise,
      notify: terminal.err,
    });
    if (flags.json === true) {
      const lowering = precision === "float64" ? null : precise ? "precise" : "default";
      terminal.out(json({ name: activation.name, values: activation.values, precision, lowering, points, derivatives: orders }));
      return exitCodes.done;
    }
    terminal.out([activation.title, ...valueTable(points, orders, precision === "float64" ? 17 : 9)].join("\n"));
    return exitCodes.done;
  },
};

/** A row for each point, a column for each order of derivative. */
export function valueTable(points: readonly number[], orders: readonly (readonly number[])[], digits: number): string[] {
  const header = ["x", ...orders.map((_, order) => `f${["", "′", "″", "‴", "⁗"][order]}`)];
  const body = orders[0].map((_, i) => [String(points[i] ?? ""), ...orders.map((values) => printed(values[i], digits))]);
  return columns([header, ...body]).map((line) => `  ${line}`);
}

/** As many digits as tell the number from its neighbours. */
const printed = (value: number, digits: number): string =>
  Object.is(value, -0) ? "-0" : String(digits === 17 ? value : Number(value.toPrecision(digits)));
