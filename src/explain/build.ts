import { Fault, fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { isTensor, type TensorLike, tensor } from "../ops/index.js";
import type { FunctionTable } from "./functions.js";
import { namedConstants } from "./grammar.js";
import { type Program, pointAt, type Syntax } from "./parse.js";

/** What a typed expression computes, and the names that its author gave to parts of it. */
export interface Built {
  readonly output: Tensor;
  readonly names: ReadonlyMap<Tensor, string>;
}

/** In whose name faults are told, and what they advise where a name has no value. */
export interface Voice {
  readonly where: string;
  readonly remedy: (name: string) => string;
}

const explaining: Voice = { where: "explain", remedy: (name) => `give it one in the point: ${name}=1` };

interface Scope {
  readonly text: string;
  readonly voice: Voice;
  readonly functions: FunctionTable;
  readonly values: Map<string, TensorLike>;
  /** Calls by what they say, so that a part written twice is one step. */
  readonly calls: Map<string, Tensor>;
}

/** The graph of an expression over the given variables, which may be plain numbers. */
export function build(
  program: Program,
  variables: ReadonlyMap<string, TensorLike>,
  functions: FunctionTable,
  voice: Voice = explaining,
): Built {
  const scope: Scope = { text: program.text, voice, functions, values: new Map(variables), calls: new Map() };
  const names = new Map<Tensor, string>();
  for (const { name, value, at } of program.definitions) {
    if (scope.values.has(name))
      throw misplaced(scope, at, `${name} already has a value`, { fix: "choose another name for the part" });
    const built = read(value, scope);
    scope.values.set(name, built);
    if (isTensor(built) && !names.has(built)) names.set(built, name);
  }
  const result = read(program.result, scope);
  return { output: isTensor(result) ? result : tensor(result), names };
}

function read(syntax: Syntax, scope: Scope): TensorLike {
  switch (syntax.kind) {
    case "number":
      return syntax.value;
    case "name":
      return lookUp(syntax.name, syntax.at, scope);
    case "call": {
      const key = keyOf(syntax);
      const known = scope.calls.get(key) ?? callFunction(syntax, scope);
      scope.calls.set(key, known);
      return known;
    }
  }
}

function lookUp(name: string, at: number, scope: Scope): TensorLike {
  const value = scope.values.get(name) ?? (Object.hasOwn(namedConstants, name) ? namedConstants[name] : undefined);
  if (value !== undefined) return value;
  const isCall = scope.functions.has(name);
  throw misplaced(scope, at, isCall ? `${name} is a function and takes its arguments in brackets` : `${name} has no value`, {
    expected: `one of ${[...scope.values.keys(), ...Object.keys(namedConstants)].join(", ")}`,
    fix: isCall ? `write ${name}(…)` : scope.voice.remedy(name),
  });
}

function callFunction(syntax: Syntax & { kind: "call" }, scope: Scope): Tensor {
  const { name, at } = syntax;
  const known = scope.functions.get(name);
  if (known === undefined) {
    throw misplaced(scope, at, `there is no function ${name}`, {
      expected: [...scope.functions.keys()].sort().join(", "),
      ...(scope.values.has(name) && { fix: `write the multiplication: ${name}*(…)` }),
    });
  }
  if (known.arity !== syntax.arguments.length) {
    const count = `${known.arity} argument${known.arity === 1 ? "" : "s"}`;
    throw misplaced(scope, at, `${name} takes ${count}, not ${syntax.arguments.length}`);
  }
  const args = syntax.arguments.map((argument) => read(argument, scope));
  try {
    return known.call(...args);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { expected, got } = error.details;
    throw misplaced(scope, at, `${error.where}: ${error.problem}`, {
      ...(expected !== undefined && { expected }),
      ...(got !== undefined && { fix: `it was given ${got}` }),
    });
  }
}

/** Equal text for equal parts. */
function keyOf(syntax: Syntax): string {
  if (syntax.kind === "call") return `${syntax.name}(${syntax.arguments.map(keyOf).join()})`;
  return syntax.kind === "name" ? syntax.name : String(syntax.value);
}

function misplaced(scope: Scope, at: number, problem: string, details: { expected?: string; fix?: string } = {}): Fault {
  return fault(scope.voice.where, `${problem} (character ${at + 1})`, { ...details, got: pointAt(scope.text, at) });
}
