import { flattenTensors, requireScalar } from "../diff/arguments.js";
import { pullBack } from "../diff/reverse.js";
import { isFloat } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { formatType } from "../ir/graph.js";
import type { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { full, isTensor, type NestedNumbers, type TensorLike, tensor } from "../ops/index.js";
import { interpret } from "../run/interpret.js";
import { type Built, build } from "./build.js";
import { chooseDirections } from "./directions.js";
import { type Explanation, present } from "./explanation.js";
import { scalarFunctions } from "./functions.js";
import { DEFAULT_DIGITS } from "./numbers.js";
import { parse } from "./parse.js";
import { type Variable, walk } from "./steps.js";
import { tidy } from "./tidy.js";

export interface ExplainOptions {
  /**
   * Directions for forward mode: variables (`w`), or elements of them (`W1[0, 1]`). All elements of all variables unless
   * told, when they are six at most; none when there are more.
   */
  forward?: readonly string[];
  /** Explains a derivative of the function instead: `["w", "b"]` is ∂²f/∂w∂b, itself with both modes. */
  derivative?: readonly string[];
  /** What the result is called; f unless told. */
  name?: string;
  /** Significant digits in texts and drawings; 9 unless told. */
  digits?: number;
  /** More functions that an expression may call, or others in place of the library's. */
  functions?: Readonly<Record<string, (...args: TensorLike[]) => Tensor>>;
}

/** What an explained function returns: one number, and, where wanted, names for values on the way to it. */
export type Explainable = Tensor | { readonly value: Tensor; readonly names: Readonly<Record<string, Tensor>> };

/** A value of a variable: a number, nested arrays, or a tensor. */
export type PointValue = NestedNumbers | Tensor;

/**
 * Every intermediate value h1, h2, … of a function at a point, with its derivative by forward mode and by reverse mode
 * and the rules that give them. The function is an expression, `1 / (exp(-(w*x + b)) + 1)`, or a function of the named
 * values of the point, written with ops, that returns one number. Computed in float64.
 */
export function explain(expression: string, point: Readonly<Record<string, number>>, options?: ExplainOptions): Explanation;
export function explain<P extends Readonly<Record<string, PointValue>>>(
  f: (point: { readonly [K in keyof P]: Tensor }) => Explainable,
  point: P,
  options?: ExplainOptions,
): Explanation;
export function explain<P extends Readonly<Record<string, PointValue>>>(
  subject: string | ((point: { readonly [K in keyof P]: Tensor }) => Explainable),
  point: P,
  options: ExplainOptions = {},
): Explanation {
  const variables = Object.entries(point).map(([name, value]) => variable(name, isTensor(value) ? value : tensor(value)));
  if (typeof subject === "string") {
    requireNumbers(variables);
    const program = parse(subject);
    const byName = new Map(variables.map(({ name, tensor: leaf }) => [name, leaf]));
    return explainBuilt(subject.trim(), variables, build(program, byName, scalarFunctions(options.functions)), options);
  }
  const named = Object.fromEntries(variables.map(({ name, tensor: leaf }) => [name, leaf])) as { [K in keyof P]: Tensor };
  return explainBuilt(null, variables, unpack(subject(named)), options);
}

/**
 * The same for a function of any trees of tensors, as `grad` takes. `names` are those of the arguments; a leaf further in
 * is named by its path, `params.0.weight`. Without names the arguments are x1, x2, …, and the leaves of a single tree
 * go by their own paths.
 */
export function explainFunction<A extends readonly unknown[]>(
  f: (...args: A) => Explainable,
  args: A,
  { names, ...options }: ExplainOptions & { names?: readonly string[] } = {},
): Explanation {
  const flat = flattenTensors("explainFunction", args);
  const nameOf = (path: string): string => {
    const [argument, ...rest] = path.split(".");
    if (names === undefined && args.length === 1 && rest.length > 0) return rest.join(".");
    return [names?.[Number(argument)] ?? (args.length === 1 ? "x" : `x${Number(argument) + 1}`), ...rest].join(".");
  };
  const variables = flat.leaves.map((leaf, i) => variable(nameOf(flat.paths[i]), leaf));
  const rebuilt = flat.rebuild(variables.map((one) => one.tensor)) as unknown as A;
  return explainBuilt(null, variables, unpack(f(...rebuilt)), options);
}

const variable = (name: string, value: Tensor): Variable => ({
  name,
  tensor: parameter(value.shape, value.dtype),
  value: interpret([value])[0],
});

function unpack(result: Explainable): Built {
  if (isTensor(result)) return { output: result, names: new Map() };
  return { output: result.value, names: new Map(Object.entries(result.names).map(([name, node]) => [node, name])) };
}

function explainBuilt(
  expression: string | null,
  variables: readonly Variable[],
  built: Built,
  { forward, derivative = [], name = "f", digits = DEFAULT_DIGITS }: ExplainOptions,
): Explanation {
  requireDigits(digits);
  requireNoTruthValue(built.output);
  requireScalar("explain (the result of the function)", flattenTensors("explain", built.output));
  const { output, names } = derivative.reduce((before, wanted) => differentiated(before, wanted, variables), built);
  const subject = { variables, output, names, digits, directions: chooseDirections(variables, forward) };
  return present({
    expression,
    name,
    derivative,
    digits,
    directions: subject.directions.map((direction) => direction.name),
    walk: walk(subject),
  });
}

/** The graph of a partial derivative, with nothing in it that need not be computed. */
function differentiated({ output, names }: Built, wanted: string, variables: readonly Variable[]): Built {
  const leaf = variables.find(
    ({ name, tensor: candidate }) => name === wanted && candidate.rank === 0 && isFloat(candidate.dtype),
  );
  if (leaf === undefined) {
    throw fault("explain", `there is no derivative with respect to ${wanted}`, {
      expected: `a number among the variables: ${variables.map(({ name }) => name).join(", ") || "there are none"}`,
      got: wanted,
    });
  }
  const [slope] = pullBack([output], [leaf.tensor])([full([], 1)]);
  const parts = [...names.keys()];
  const [tidied, ...kept] = tidy(variables.map((one) => one.tensor), [slope ?? full([], 0), ...parts]); // biome-ignore format: one line
  return { output: tidied, names: new Map(kept.map((part, i) => [part, names.get(parts[i]) ?? ""])) };
}

function requireNumbers(variables: readonly Variable[]): void {
  const wrong = variables.find(({ tensor: leaf }) => leaf.rank > 0 || !isFloat(leaf.dtype));
  if (wrong === undefined) return;
  throw fault("explain", `${wrong.name} is not one number`, {
    expected: "a number for every variable of an expression",
    got: formatType(wrong.tensor),
    fix: "for tensors explain a function written with ops",
  });
}

function requireNoTruthValue({ dtype }: Tensor): void {
  if (dtype !== "bool") return;
  throw fault("explain", "the result is true or false, which has no derivative", {
    expected: "a number",
    fix: "choose between numbers: where(x > 0, x, 0)",
  });
}

function requireDigits(digits: number): void {
  if (Number.isInteger(digits) && digits >= 1 && digits <= 17) return;
  throw fault("explain", "digits out of range", { expected: "a whole number from 1 to 17", got: String(digits) });
}
