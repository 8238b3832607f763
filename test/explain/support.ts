import { readFileSync } from "node:fs";
import { build } from "../../src/explain/build.js";
import { scalarFunctions } from "../../src/explain/index.js";
import { parse } from "../../src/explain/parse.js";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

/** What tools/golden/explain.py writes. */
export interface Golden {
  readonly network: {
    readonly net1: readonly number[];
    readonly hidden: readonly number[];
    readonly net2: readonly number[];
    readonly out: readonly number[];
    readonly E: number;
    readonly gradient: Readonly<Record<"W1" | "W2", readonly (readonly number[])[]>>;
  };
  readonly expressions: readonly {
    readonly expression: string;
    readonly point: Readonly<Record<string, number>>;
    readonly value: number;
    readonly gradient: Readonly<Record<string, number>>;
    readonly second: Readonly<Record<string, Readonly<Record<string, number>>>>;
  }[];
}

export const golden = JSON.parse(readFileSync(new URL("../golden/explain.json", import.meta.url), "utf8")) as Golden;

const functions = scalarFunctions();

/** The value of a formula as the explainer prints it, given the values of its names. */
export function valueOfFormula(formula: string, values: Readonly<Record<string, number | boolean>>): number {
  const named = new Map(Object.entries(values).map(([name, value]) => [plainName(name), tensor(value)]));
  const { output } = build(parse(plainName(formula)), named, functions);
  return interpret([output])[0][0];
}

/** ẋ as xdot and x̄ as xbar; Iverson's [x > y] as a choice between 1 and 0; ∞ as a quotient. */
const plainName = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/([\p{L}])\u0307([\p{L}\d_]*)/gu, "dot_$1$2")
    .replace(/([\p{L}])\u0304([\p{L}\d_]*)/gu, "bar_$1$2")
    .replace(/\[([^\]]*)\]/g, "where($1, 1, 0)")
    .replace(/∞/g, "(1/0)")
    .normalize("NFC"); // ≠ came apart too

/** Whether two numbers are equal to so many roundings of float64, or both nothing. */
export const isClose = (a: number, b: number, relative = 1e-9): boolean =>
  Object.is(a, b) || a === b || Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b), 1e-12);
