import { fault } from "../../ir/fault.js";
import { smoothFigure, terminalPlot } from "../../plot/index.js";
import { smoothGallery } from "../../plot/smooth-gallery.js";
import type { LanguageName, Smoothed, WantedWidth } from "../../smooth/index.js";
import { valueTable } from "../activations/eval.js";
import { evaluateAt } from "../activations/evaluate.js";
import { collected, numbersIn } from "../activations/named.js";
import { writePicture } from "../activations/pictures.js";
import { json } from "../activations/text.js";
import { type CommandRecord, examples, exitCodes } from "../command.js";
import { number, oneOf, whole } from "../readers.js";
import type { Terminal } from "../terminal.js";
import { kernelList } from "./kernels.js";
import { formNames, kernelNamed, smoothedFrom, type Wish } from "./subject.js";
import { languageNames, smoothedData, smoothedText } from "./text.js";

interface SmoothFlags {
  readonly kernel: string;
  readonly width?: string;
  readonly widthFor?: string;
  readonly form: string;
  readonly param?: string[];
  readonly at?: string;
  readonly derivatives: string;
  readonly precision: string;
  readonly precise?: true;
  readonly source?: string;
  readonly out?: string;
  readonly widths?: string;
  readonly interval?: string;
  readonly theme?: string;
  readonly gallery?: string;
  readonly list?: true;
  readonly json?: true;
}

/** What a width can be chosen by, and what it is called on the command line. */
const aims: Readonly<Record<string, (target: number) => WantedWidth>> = {
  error: (maximumError) => ({ maximumError }),
  kink: (kinkValue) => ({ kinkValue }),
  curvature: (curvature) => ({ curvature }),
  deviation: (standardDeviation) => ({ standardDeviation }),
};
const aimNames = Object.keys(aims);

/** `softgrad smooth "max(x, 0.1*x)"`: a function convolved with a kernel, exactly. */
export const smoothCommand: CommandRecord = {
  name: "smooth",
  summary: "make any piecewise function smooth: formula, facts, error, source code, picture",
  describe: (command) =>
    command
      .description(
        "Convolves a function with a kernel in closed form (or smooths the steps between its pieces, with --form gate), and " +
          "tells what came out: pieces, facts, how far it is from the sharp function, source code, a plot.",
      )
      .argument(
        "[function]",
        "an expression in x, max(x, 0.1*x), or an activation of the catalogue; after -- if it begins with a minus",
      )
      .optionsGroup("Smoothing:")
      .option("--kernel <name>", "the density; --list names all", "gaussian")
      .option("--width <number>", "width of the kernel, in units of x (default: 1)")
      .option("--width-for <aim=number>", `the width that brings this about: ${aimNames.map((aim) => `${aim}=0.1`).join(", ")}`)
      .option("--form <name>", `${formNames.join(", ")}: convolve, or smooth only the steps between pieces`, "mollify")
      .option("--param <name=value>", "a number for a name in the expression, or for a parameter; may be given again", collected)
      .optionsGroup("Output:")
      .option("--at <points>", "values and derivatives at these points instead: -1,0.3,2")
      .option("--derivatives <count>", "highest order of derivative, up to 4", "2")
      .option("--precision <type>", "float64 or float32", "float64")
      .option("--precise", "float32 that is right to the last digits, in place of the fast one")
      .option("--source <language>", `only the source code: ${languageNames.join(", ")}`)
      .option("--out <file>", "draw it at several widths, with derivatives and error, as .svg or .png")
      .option("--widths <list>", "the widths that are drawn (default: a quarter, a half, one and two of the width)")
      .option("--interval <low,high>", "ends of the horizontal axis (default: around the breaks)")
      .option("--theme <name>", "light, dark, or auto: an SVG that follows the reader's system (default)")
      .option("--gallery <file>", "draw ReLU's and floor's approximations and every kernel, as .svg or .png")
      .option("--list", "every kernel with its constants")
      .addHelpText(
        "after",
        examples([
          ['softgrad smooth "max(x, 0.1*x)" --width 0.5', "a smooth leaky ReLU: everything about it"],
          ["softgrad smooth hardSwish --kernel box --out hs.svg", "an activation of the catalogue, drawn"],
          ["softgrad smooth relu --form gate --kernel logistic", "SiLU"],
          ["softgrad smooth relu --width-for error=0.05", "the width that keeps within 0.05 of ReLU"],
          ['softgrad smooth "clip(x, -a, a)" --param a=2 --at -2,0,2', "values and derivatives"],
          ['softgrad smooth "abs(x)" --source jax > soft_abs.py', "code that stands alone"],
          ["softgrad smooth --list", "the kernels"],
        ]),
      ),
  async run(command, terminal) {
    const flags = command.opts<SmoothFlags>();
    if (flags.list === true) {
      terminal.out(kernelList(flags.json === true));
      return exitCodes.done;
    }
    if (flags.gallery !== undefined) {
      await writePicture(flags.gallery, flags.theme, (theme) => smoothGallery({ theme }));
      terminal.out(flags.json === true ? json({ out: flags.gallery }) : `drawn in ${flags.gallery}`);
      return exitCodes.done;
    }
    const smooth = smoothedFrom(wishFrom(command.args[0], flags));
    if (flags.at !== undefined) return tellValues(smooth, flags, terminal);
    if (flags.out !== undefined) await draw(smooth, flags.out, flags);
    terminal.out(told(smooth, flags));
    return exitCodes.done;
  },
};

function wishFrom(text: string | undefined, flags: SmoothFlags): Wish {
  if (text === undefined) {
    throw fault("softgrad smooth", "there is no function to smooth", {
      expected: 'an expression in x, "max(x, 0.1*x)", or the name of an activation',
      fix: "softgrad smooth --help shows examples",
    });
  }
  return {
    text,
    form: oneOf("form", formNames)(flags.form, "--form") as Wish["form"],
    kernel: kernelNamed(flags.kernel, "--kernel"),
    width: widthFrom(flags),
    parameters: flags.param ?? [],
  };
}

function widthFrom({ width, widthFor }: SmoothFlags): WantedWidth {
  if (widthFor === undefined) return width === undefined ? 1 : number({ above: 0 })(width, "--width");
  if (width !== undefined) throw fault("--width-for", "a width is already given", { fix: "leave out --width or --width-for" });
  const [, name, target] = /^\s*(\w+)\s*=(.*)$/.exec(widthFor) ?? [];
  if (name === undefined) {
    throw fault("--width-for", "this is no aim", { expected: `${aimNames.join(", ")}, such as error=0.05`, got: widthFor });
  }
  return aims[oneOf("aim", aimNames)(name, "--width-for")](number({ above: 0 })(target, "--width-for"));
}

async function tellValues(smooth: Smoothed, flags: SmoothFlags, { out, err }: Terminal): Promise<number> {
  const points = numbersIn(flags.at ?? "", "--at");
  const derivatives = whole({ least: 0, most: 4 })(flags.derivatives, "--derivatives");
  const wanted = oneOf("precision", ["float64", "float32"])(flags.precision, "--precision");
  const precise = flags.precise === true;
  const precision = precise || wanted === "float32" ? "float32" : "float64";
  const orders = await evaluateAt(smooth, { points, derivatives, precision, precise, notify: err });
  if (flags.json === true) {
    const lowering = precision === "float64" ? null : precise ? "precise" : "default";
    out(json({ ...smoothedData(smooth, languagesOf(flags)), precision, lowering, points, derivatives: orders }));
  } else out([smooth.title, ...valueTable(points, orders, precision === "float64" ? 17 : 9)].join("\n"));
  return exitCodes.done;
}

const languagesOf = ({ source }: SmoothFlags): readonly LanguageName[] =>
  source === undefined ? languageNames : [oneOf("language", languageNames)(source, "--source") as LanguageName];

const intervalOf = ({ interval }: SmoothFlags): { interval?: readonly [number, number] } => {
  if (interval === undefined) return {};
  const ends = numbersIn(interval, "--interval");
  if (ends.length !== 2)
    throw fault("--interval", "an interval has two ends", { expected: "low,high, such as -6,6", got: interval });
  return { interval: [ends[0], ends[1]] };
};

async function draw(smooth: Smoothed, path: string, flags: SmoothFlags): Promise<void> {
  const widths =
    flags.widths === undefined ? {} : { widths: flags.widths.split(",").map((one) => number({ above: 0 })(one, "--widths")) };
  await writePicture(path, flags.theme, (theme) => smoothFigure(smooth, { ...intervalOf(flags), ...widths, theme }));
}

function told(smooth: Smoothed, flags: SmoothFlags): string {
  const languages = languagesOf(flags);
  if (flags.json === true)
    return json({ ...smoothedData(smooth, languages), ...(flags.out !== undefined && { out: flags.out }) });
  if (flags.source !== undefined) return smooth.source(languages[0]).trimEnd();
  const text = smoothedText(smooth, "pytorch");
  if (flags.out !== undefined) return `${text}\n\ndrawn in ${flags.out}`;
  return smooth.way.kind === "closed form" ? `${text}\n\n${terminalPlot(smooth, intervalOf(flags))}` : text;
}
