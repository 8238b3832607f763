import { fault } from "../ir/fault.js";

/** The libraries whose functions are counted in the catalogue; `timm` is the PyTorch image model library. */
export const frameworkNames = ["pytorch", "keras", "jax", "onnx", "timm"] as const;

export type Framework = (typeof frameworkNames)[number];

/** What a library calls a function, alone where the defaults are the record's, else with the numbers that are its own. */
export type Counterpart<K extends string> =
  | string
  | { readonly name: string; readonly parameters: { readonly [Name in K]?: number } };

export type Frameworks<K extends string> = { readonly [F in Framework]?: Counterpart<K> };

interface Named<K extends string> {
  readonly name: string;
  readonly frameworks?: Frameworks<K>;
}

/** The name that a library has for it; null when it has none. */
export function nameIn<K extends string>({ frameworks }: Named<K>, framework: Framework): string | null {
  const counterpart = frameworks?.[framework];
  return typeof counterpart === "object" ? counterpart.name : (counterpart ?? null);
}

/** The numbers that a library's function has by default where they are not the record's: "slope 0.2", else "". */
export function numbersIn<K extends string>({ frameworks }: Named<K>, framework: Framework): string {
  const counterpart = frameworks?.[framework];
  if (typeof counterpart !== "object") return "";
  return Object.entries<number | undefined>(counterpart.parameters)
    .map(([name, value]) => `${name} ${Number((value ?? Number.NaN).toPrecision(6))}`)
    .join(", ");
}

/** The numbers with which a record is the function of a library. */
export function valuesIn<K extends string>(record: Named<K>, framework: Framework): { readonly [Name in K]?: number } {
  const counterpart = record.frameworks?.[framework];
  if (counterpart !== undefined) return typeof counterpart === "string" ? {} : counterpart.parameters;
  const known = frameworkNames.filter((name) => record.frameworks?.[name] !== undefined);
  throw fault(record.name, `${framework} has no such function`, { expected: known.join(", ") || "none of the libraries has it" });
}
