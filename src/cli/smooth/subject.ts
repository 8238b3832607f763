import { type Activation, catalogue, findActivation } from "../../activations/index.js";
import { expressionFunction } from "../../explain/index.js";
import { Fault, fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { parameter, type TensorLike } from "../../ops/create.js";
import { findKernel, gate, type Kernel, kernels, mollify, type Smoothed, type WantedWidth } from "../../smooth/index.js";
import { activationsNamed, assignments } from "../activations/named.js";
import { unknownName } from "../faults.js";

/** What is to be smoothed, and how, as it was typed. */
export interface Wish {
  /** The name of an activation of the catalogue, or an expression in x. */
  readonly text: string;
  readonly form: "mollify" | "gate";
  readonly kernel: Kernel;
  readonly width: WantedWidth;
  /** `alpha=0.2`: of the activation, or of the expression. */
  readonly parameters: readonly string[];
}

const forms = { mollify, gate } as const;
export const formNames = Object.keys(forms) as readonly Wish["form"][];

/** The smoothed function that was asked for. What cannot be smoothed is told here, not with the first number. */
export function smoothedFrom(wish: Wish, where = "softgrad smooth"): Smoothed {
  try {
    const smooth = isName(wish.text) ? smoothedActivation(wish, where) : smoothedExpression(wish, where);
    smooth(parameter([1], "float32"));
    return smooth;
  } catch (error) {
    if (!(error instanceof Fault) || !error.where.startsWith("mollify")) throw error;
    throw fault(where, error.problem, { ...error.details, ...(hasNoClosedForm(error) && { fix: WITHOUT_CLOSED_FORM }) }, error);
  }
}

const hasNoClosedForm = ({ problem }: Fault): boolean => / closed form/.test(problem);

const WITHOUT_CLOSED_FORM =
  "write it in pieces, where(x < 0, …, …); floors and waves are smoothed by smoothFloor and its kin in softgrad/smooth";

function smoothedActivation({ text, form, kernel, width, parameters }: Wish, where: string): Smoothed {
  const [activation] = activationsNamed([text], parameters);
  if (isPointwise(activation)) return forms[form](activation, { kernel, width }) as Smoothed;
  throw fault(where, `${activation.name} is a function of a row`, { expected: "a function of one number", got: text });
}

function smoothedExpression({ text, form, kernel, width, parameters }: Wish, where: string): Smoothed {
  const given = assignments(parameters);
  const f = expressionFunction(text, {
    where,
    parameters: given.map(({ name }) => name),
    remedy: (name) => `give it one: --param ${name}=1`,
    functions: activationFunctions(),
  });
  const values = Object.fromEntries(given.map(({ name, value }) => [name, value]));
  return forms[form](f, { kernel, width, name: text.trim(), parameters: values }) as Smoothed;
}

/** A word alone is a name, unless it is the variable. */
const isName = (text: string): boolean => findActivation(text) !== null || (/^\s*[\p{L}_][\p{L}\d_-]*\s*$/u.test(text) && text.trim() !== "x"); // biome-ignore format: one line

const activationFunctions = (): Readonly<Record<string, (x: TensorLike) => Tensor>> =>
  Object.fromEntries(catalogue.filter(isPointwise).map((activation) => [activation.name, (x: TensorLike) => activation(x)]));

const isPointwise = ({ facts }: Activation): boolean => facts.kind === "pointwise";

/** The kernel of a name; a fault with the nearest one where there is none. */
export function kernelNamed(name: string, where: string): Kernel {
  const found = findKernel(name);
  if (found !== null) return found;
  throw unknownName(where, "kernel", name, kernels.map((kernel) => kernel.name)); // biome-ignore format: one line
}

/** `smooth(relu, gaussian, 0.5)`, `gate(relu, logistic)`: null when a text is none of these. */
export function wishIn(text: string, where: string): Wish | null {
  const [, head, inner] = /^\s*(smooth|mollify|gate)\s*\((.*)\)\s*$/is.exec(text) ?? [];
  if (head === undefined) return null;
  const parts = topLevelParts(inner);
  const last = parts.length > 2 ? Number(parts[parts.length - 1]) : Number.NaN;
  const hasWidth = parts.length > 2 && (parts.length === 3 || !Number.isNaN(last));
  const [subject, kernel] = [parts.slice(0, hasWidth ? -2 : -1).join(", "), parts[parts.length - (hasWidth ? 2 : 1)]];
  if (parts.length < 2 || subject === "") {
    throw fault(where, "this names no function and kernel", { expected: "smooth(relu, gaussian, 0.5) or gate(relu, logistic)", got: text }); // biome-ignore format: one line
  }
  if (hasWidth && !(last > 0 && last < Infinity)) {
    throw fault(where, "the width must be positive", { expected: "a number above 0", got: parts[parts.length - 1] });
  }
  return {
    text: subject,
    form: head.toLowerCase() === "gate" ? "gate" : "mollify",
    kernel: kernelNamed(kernel, where),
    width: hasWidth ? last : 1,
    parameters: [],
  };
}

/** What stands between commas outside of brackets. */
function topLevelParts(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const character of text) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (character === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}

/** A wish in one spelling, which {@link wishIn} reads again. */
export const wishText = ({ text, form, kernel, width }: Wish): string =>
  `${form === "gate" ? "gate" : "smooth"}(${findActivation(text)?.name ?? text}, ${kernel.name}, ${String(width)})`;
