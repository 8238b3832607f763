import * as ohm from "ohm-js";
import { fault } from "../ir/fault.js";
import { grammarText, operators, SUPERSCRIPT_DIGITS } from "./grammar.js";

/** A typed expression, taken apart. `at` counts characters from 0. */
export type Syntax =
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "name"; readonly name: string; readonly at: number }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Syntax[]; readonly at: number };

/** Named values in the order in which they are written, then the expression. */
export interface Program {
  readonly text: string;
  readonly definitions: readonly { readonly name: string; readonly value: Syntax; readonly at: number }[];
  readonly result: Syntax;
}

/** Reads an expression; a fault shows where reading stopped and what could have stood there. */
export function parse(text: string, where = "explain"): Program {
  const { grammar, semantics } = language();
  return withinStack(where, () => {
    const match = grammar.match(text);
    if (match.failed()) throw stopped(where, text, match);
    return { ...(semantics(match).program() as Omit<Program, "text">), text };
  });
}

/** The grammar descends with every bracket, and the stack of JavaScript has an end. */
function withinStack<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw fault(where, "the expression is nested too deeply", { fix: "name its parts: s = …; t = …; s + t" }, error);
  }
}

/** Two lines for a fault: the text, and a mark under the character `at`. */
export function pointAt(text: string, at: number): string {
  const flat = text.replace(/\s/g, " ");
  return `${flat}\n${" ".repeat(GOT_INDENT + at)}^`;
}

/** Width of what a fault writes before what it got. */
const GOT_INDENT = 12;

function stopped(where: string, text: string, match: ohm.FailedMatchResult): Error {
  const at = match.getRightmostFailurePosition();
  const rest = text.slice(at);
  const problem =
    rest.trim() === "" ? "the expression ends too early" : `"${firstToken(rest)}" cannot stand at character ${at + 1}`;
  return fault(where, problem, {
    expected: expectedText(match),
    got: pointAt(text, at),
    ...(/\d\s*$/.test(text.slice(0, at)) && /^\s*[\p{L}(]/u.test(rest) && { fix: "write the multiplication: 2*x" }),
  });
}

const firstToken = (rest: string): string => /^\s*([\p{L}_][\p{L}\d_]*|[\d.]+|.)/u.exec(rest)?.[1] ?? rest[0];

/** A sign before a term is always possible; it is left out where a term is expected. */
function expectedText(match: ohm.FailedMatchResult): string {
  const wanted = match.getExpectedText().split(/, (?:or )?| or /);
  const list = wanted.includes("a name") ? wanted.filter((one) => !/^"[-+−]"$/.test(one)) : wanted;
  return list.length < 2 ? list.join("") : `${list.slice(0, -1).join(", ")} or ${list[list.length - 1]}`;
}

const readSuperscript = (text: string): number =>
  Number([...text].map((sign) => (sign === "⁻" ? "-" : SUPERSCRIPT_DIGITS.indexOf(sign))).join(""));

interface Language {
  readonly grammar: ohm.Grammar;
  readonly semantics: ohm.Semantics;
}

let compiled: Language | null = null;

/** The grammar compiled, at its first use: a constant that takes tens of milliseconds to compute. */
function language(): Language {
  compiled ??= compile();
  return compiled;
}

function compile(): Language {
  const grammar = ohm.grammar(grammarText);
  const semantics = grammar.createSemantics();
  const call = (name: string, at: number, args: readonly Syntax[]): Syntax => ({ kind: "call", name, arguments: args, at });
  const read = (node: ohm.Node): Syntax => node.syntax() as Syntax;
  const two = (left: ohm.Node, sign: ohm.Node, right: ohm.Node): Syntax =>
    call(operators[sign.sourceString], sign.source.startIdx, [read(left), read(right)]);
  semantics.addOperation<Syntax>("syntax", {
    Comparison_two: two,
    Sum_two: two,
    Product_two: two,
    Power_two: two,
    Power_raised: (base, power) =>
      call("power", power.source.startIdx, [
        read(base),
        { kind: "number", value: readSuperscript(power.sourceString), at: power.source.startIdx },
      ]),
    Signed_minus: (sign, value) => {
      const inner = read(value);
      const at = sign.source.startIdx;
      return inner.kind === "number" ? { kind: "number", value: -inner.value, at } : call("neg", at, [inner]);
    },
    Signed_plus: (_sign, value) => read(value),
    Atom_call: (name, _open, list, _close) =>
      call(name.sourceString, name.source.startIdx, list.asIteration().children.map(read)),
    Atom_group: (_open, inner, _close) => read(inner),
    Atom_variable: (name) => ({ kind: "name", name: name.sourceString, at: name.source.startIdx }),
    number: (decimal, exponent) => ({
      kind: "number",
      value: Number((decimal.sourceString + exponent.sourceString).replace("−", "-")),
      at: decimal.source.startIdx,
    }),
  });
  semantics.addOperation<Program["definitions"][number]>("definition", {
    Definition: (name, _sign, value) => ({ name: name.sourceString, value: read(value), at: name.source.startIdx }),
  });
  semantics.addOperation<Omit<Program, "text">>("program", {
    Program_named: (list, _end, result, _last) => ({
      definitions: list.asIteration().children.map((child) => child.definition() as Program["definitions"][number]),
      result: read(result),
    }),
    Program_plain: (result, _last) => ({ definitions: [], result: read(result) }),
  });
  return { grammar, semantics };
}
