import { resolve } from "node:path";
import { writeFileAtomic } from "#platform/files.js";
import { type Explanation, explain, parsePoint } from "../explain/index.js";
import { type CommandRecord, examples, exitCodes } from "./command.js";
import { whole } from "./readers.js";

interface ExplainFlags {
  readonly at?: string;
  readonly wrt?: string;
  readonly derivative?: string;
  readonly digits?: string;
  readonly svg?: string;
  readonly mermaid?: true;
  readonly dot?: true;
  readonly json?: true;
}

/** `softgrad explain`: an expression at a point, its intermediate values and both modes of differentiation. */
export const explainCommand: CommandRecord = {
  name: "explain",
  summary: "show how the derivative of an expression comes about, step by step",
  describe: (command) =>
    command
      .description(
        "Takes an expression apart at a point: every intermediate value h1, h2, …, its derivative by forward mode and by " +
          "reverse mode, and the rule behind each step. Computed in float64.",
      )
      .argument("<expression>", "as it is written: 1/(exp(-(w*x+b))+1); after -- if it begins with a minus")
      .option("--at <point>", "values of the variables: x=1,w=0,b=pi/4")
      .option("--wrt <names>", "variables that forward mode follows, with commas between (default: all)")
      .option("--derivative <names>", "explain a derivative of it instead: w for ∂f/∂w, w,b for ∂²f/∂w∂b")
      .option("--digits <count>", "significant digits (default: 9)")
      .option("--svg <file>", "write a drawing of the graph")
      .option("--mermaid", "print the graph for Mermaid instead of tables")
      .option("--dot", "print the graph for Graphviz instead of tables")
      .addHelpText(
        "after",
        examples([
          ['softgrad explain "1/(exp(-(w*x+b))+1)" --at x=1,w=0,b=0', "a neuron, by hand"],
          ['softgrad explain "tanh(w*x)" --at x=0.5,w=2 --wrt w', "one direction only"],
          ['softgrad explain "x^3" --at x=2 --derivative x', "the second derivative on top"],
          ['softgrad explain "max(x, 0)" --at x=1 --svg graph.svg', "a picture"],
        ]),
      ),
  async run(command, terminal) {
    const { at = "", wrt, derivative, digits, svg, ...forms } = command.opts<ExplainFlags>();
    const explanation = explain(command.args[0], parsePoint(at), {
      ...(wrt !== undefined && { forward: namesIn(wrt) }),
      ...(derivative !== undefined && { derivative: namesIn(derivative) }),
      ...(digits !== undefined && { digits: whole({ least: 1, most: 17 })(digits, "--digits") }),
    });
    if (svg !== undefined) await writeFileAtomic(resolve(svg), explanation.svg());
    terminal.out(shown(explanation, forms).trimEnd());
    if (svg !== undefined && forms.json !== true) terminal.out(`\ndrawn in ${svg}`);
    return exitCodes.done;
  },
};

const namesIn = (list: string): string[] => list.split(",").map((name) => name.trim()).filter(Boolean); // biome-ignore format: one line

function shown(explanation: Explanation, { json, mermaid, dot }: Pick<ExplainFlags, "json" | "mermaid" | "dot">): string {
  if (json === true) return JSON.stringify(explanation);
  if (mermaid === true) return explanation.mermaid();
  return dot === true ? explanation.dot() : explanation.text();
}
