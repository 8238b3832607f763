import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { parameter, type TensorLike } from "../ops/create.js";
import { build } from "./build.js";
import { type FunctionTable, scalarFunctions } from "./functions.js";
import { parse, type Syntax } from "./parse.js";

export interface ExpressionOptions {
  /** In whose name faults are told. Default `expression`. */
  readonly where?: string;
  /** Names besides x that stand for numbers given with each call. */
  readonly parameters?: readonly string[];
  /** What to do about a name without a value, for the fault that says so. */
  readonly remedy?: (name: string) => string;
  /** More functions that it may call, or others in place of the library's. */
  readonly functions?: Readonly<Record<string, (...args: TensorLike[]) => Tensor>>;
}

/** A function of x, and of named parameters. */
export type ExpressionFunction = (x: Tensor, parameters?: Readonly<Record<string, TensorLike>>) => Tensor;

/**
 * A typed expression in x as a function: `expressionFunction("max(x, a*x)", { parameters: ["a"] })(x, { a: 0.1 })`. It may call every
 * operation that takes numbers to a number. A fault shows the place in the text, now and not when it is called first.
 */
export function expressionFunction(text: string, options: ExpressionOptions = {}): ExpressionFunction {
  const { where = "expression", parameters = [], remedy = (name) => `make it a parameter: ${name}` } = options;
  const program = parse(text, where);
  const functions: FunctionTable = scalarFunctions(options.functions);
  const made: ExpressionFunction = (x, given = {}) => {
    const values = parameters.map((name): [string, TensorLike] => [name, given[name]]);
    return build(program, new Map([["x", x], ...values]), functions, { where, remedy }).output;
  };
  requireNumber(
    where,
    made(parameter([], "float32"), Object.fromEntries(parameters.map((name) => [name, parameter([], "float32")]))),
  );
  const used = namesIn(program.definitions.map(({ value }) => value).concat(program.result));
  const idle = parameters.find((name) => !used.has(name));
  if (idle !== undefined) throw fault(where, `there is no ${idle} in the expression`, { got: text });
  if (!used.has("x")) throw fault(where, "there is no x in the expression", { expected: "a function of x", got: text });
  return made;
}

function requireNumber(where: string, output: Tensor): void {
  if (output.dtype !== "bool") return;
  throw fault(where, "the result is true or false", { expected: "a number", fix: "choose between numbers: where(x > 0, x, 0)" });
}

/** The names of variables that an expression reads. */
function namesIn(all: readonly Syntax[]): ReadonlySet<string> {
  const found = all.map((syntax): readonly string[] =>
    syntax.kind === "name" ? [syntax.name] : syntax.kind === "call" ? [...namesIn(syntax.arguments)] : [],
  );
  return new Set(found.flat());
}
