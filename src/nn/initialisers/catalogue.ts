import { fault } from "../../ir/fault.js";
import type { Initialiser } from "./initialiser.js";
import { orthogonal } from "./orthogonal.js";
import * as plain from "./plain.js";
import * as scaling from "./scaling.js";

const { constant, ...others } = plain;

/** Every initialiser with its default options. */
export const catalogue: readonly Initialiser[] = [
  constant(1),
  ...Object.values(others).map((make) => make()),
  ...Object.values(scaling).map((make) => make()),
  orthogonal(),
];

/** The initialiser of a name or alias, whatever its case; null when there is none. */
export function findInitialiser(name: string): Initialiser | null {
  const plainName = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, "");
  const names = (candidate: Initialiser): string[] => [candidate.name, ...candidate.aliases].map(plainName);
  return catalogue.find((candidate) => names(candidate).includes(plainName(name))) ?? null;
}

/** What was given, or the initialiser of the name that was given: "auto", "lecunNormal". A fault when there is none. */
export function initialiserFrom(where: string, chosen: Initialiser | string): Initialiser {
  if (typeof chosen !== "string") return chosen;
  const found = findInitialiser(chosen);
  if (found !== null) return found;
  const names = catalogue.map(({ name }) => name).join(", ");
  throw fault(where, `there is no initialiser "${chosen}"`, { expected: `auto, ${names}`, got: chosen });
}
