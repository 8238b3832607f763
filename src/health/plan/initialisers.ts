import { fault } from "../../ir/fault.js";
import { findInitialiser, initialisers } from "../../nn/index.js";
import type { Initialiser } from "../../nn/initialisers/initialiser.js";

/** An initialiser of a plan, and how it is written in a program. */
export interface PlanInitialiser {
  readonly initialiser: Initialiser;
  readonly code: string;
}

/** An initialiser as plans name it: which options the one or two numbers in its brackets stand for. */
interface Reading {
  readonly name: string;
  readonly doc: string;
  options(numbers: readonly number[]): Readonly<Record<string, number>>;
}

const makers: Readonly<Record<string, (options: never) => Initialiser>> = initialisers as never;

const gain = (name: string): Reading => ({
  name,
  doc: `${name}, ${name}(gain)`,
  options: ([value]) => ({ gain: value }),
});

const readings: readonly Reading[] = [
  {
    name: "uniform",
    doc: "uniform, uniform(bound), uniform(low, high)",
    options: ([low, high]) => (high === undefined ? { low: -low, high: low } : { low, high }),
  },
  {
    name: "normal",
    doc: "normal, normal(deviation), normal(mean, deviation)",
    options: ([first, std]) => (std === undefined ? { std: first } : { mean: first, std }),
  },
  {
    name: "truncatedNormal",
    doc: "truncatedNormal, truncatedNormal(deviation)",
    options: ([std]) => ({ std }),
  },
  ...["variancePreserving", "heNormal", "heUniform", "glorotNormal", "glorotUniform", "lecunNormal", "lecunUniform", "orthogonal"].map(gain), // biome-ignore format: one list
];

/** How plans may name an initialiser, for messages and documentation. */
export const initialiserForms: readonly string[] = [
  "auto",
  "zeros",
  "ones",
  "constant(value)",
  ...readings.map(({ doc }) => doc),
];

/** The initialiser that a plan names: "auto", "heUniform", "uniform(0.05)", "normal(0, 1)", "lecunUniform(0.577)". */
export function planInitialiser(text: string, where = "plan"): PlanInitialiser {
  const [, called, inside] = /^\s*(\w+)\s*(?:\(([^()]*)\))?\s*$/.exec(text) ?? [];
  const numbers = inside === undefined || inside.trim() === "" ? [] : inside.split(",").map(Number);
  const found = called === undefined ? null : findInitialiser(called);
  if (found === null || numbers.length > 2 || !numbers.every(Number.isFinite)) throw unknown(where, text);
  if (found.name === "constant" && numbers.length === 1) {
    return { initialiser: initialisers.constant(numbers[0]), code: `nn.initialisers.constant(${numbers[0]})` };
  }
  if (numbers.length === 0 && found.name !== "constant") return { initialiser: found, code: `nn.initialisers.${found.name}()` };
  const reading = readings.find(({ name }) => name === found.name);
  if (reading === undefined) throw unknown(where, text);
  const options = reading.options(numbers);
  const written = Object.entries(options).map(([name, value]) => `${name}: ${value}`);
  return {
    initialiser: makers[found.name](options as never),
    code: `nn.initialisers.${found.name}({ ${written.join(", ")} })`,
  };
}

const unknown = (where: string, got: string) =>
  fault(where, "there is no such initialiser", { expected: initialiserForms.join("; "), got: `"${got}"` });
