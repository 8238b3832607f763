import { distance } from "fastest-levenshtein";
import { type Activation, catalogue, findActivation } from "../../activations/index.js";
import { type Fault, fault } from "../../ir/fault.js";
import { number } from "../readers.js";

/** The activations of the given names, with the given parameters; a fault with the nearest name where there is none. */
export function activationsNamed(names: readonly string[], parameters: readonly string[] = []): Activation[] {
  const found = names.map((name) => {
    const activation = findActivation(name);
    if (activation === null) throw unknownActivation(name);
    return activation;
  });
  const given = assignments(parameters);
  for (const { name } of given) {
    if (found.some(({ record }) => name in record.parameters)) continue;
    const known = [...new Set(found.flatMap(({ record }) => Object.keys(record.parameters)))];
    throw fault("--param", `there is no parameter "${name}"`, { expected: known.join(", ") || "no parameters", got: name });
  }
  return found.map((activation) => {
    const own = given.filter(({ name }) => name in activation.record.parameters);
    return own.length === 0 ? activation : activation.with(Object.fromEntries(own.map(({ name, value }) => [name, value])));
  });
}

/** Names with numbers, as `--param` takes them. */
export const assignments = (texts: readonly string[]): { name: string; value: number }[] => texts.map(assignment);

function assignment(text: string): { name: string; value: number } {
  const [, name, value] = /^\s*(\w+)\s*=(.*)$/.exec(text) ?? [];
  if (name === undefined)
    throw fault("--param", "this is not a parameter", { expected: "name=number, such as alpha=0.2", got: text });
  return { name, value: number({})(value, `--param ${name}`) };
}

/** The nearest names stand in the place of all, which would fill a screen. */
function unknownActivation(name: string): Fault {
  const near = nearestActivations(name);
  const suggestion = near.length === 0 ? "" : `did you mean ${near.join(" or ")}? `;
  return fault("softgrad activations", `there is no activation "${name}"`, {
    fix: `${suggestion}softgrad activations list names all ${catalogue.length}`,
  });
}

/** Up to three names that are typed alike; letters in another order count as one slip. */
export function nearestActivations(name: string): string[] {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, "");
  const letters = (text: string): string => [...text].sort().join("");
  const typed = plain(name);
  const slips = (known: string): number => (letters(known) === letters(typed) ? 0.5 : distance(known, typed));
  return catalogue
    .map(({ record }) => {
      const all = [record.name, record.title, ...(record.aliases ?? [])].map(plain);
      return { name: record.name, slips: Math.min(...all.map(slips)) };
    })
    .filter((candidate) => candidate.slips <= Math.max(1, Math.ceil(typed.length / 3)))
    .sort((a, b) => a.slips - b.slips)
    .slice(0, 3)
    .map((candidate) => candidate.name);
}

/** Numbers with commas between them: -6,0.5,3. */
export function numbersIn(text: string, flag: string): number[] {
  return text.split(",").map((part) => number({})(part, flag));
}

/** For options that may be given several times. */
export const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];
