import { fault } from "../../ir/fault.js";

/** Checks a value of unknown origin and hands it on; a fault names the place. */
export type Reader = (value: unknown, at: string) => unknown;
export type Fields = Readonly<Record<string, Reader | Optional>>;

interface Optional {
  readonly optional: Reader;
}

/** A field that may be left out. */
export const optional = (reader: Reader): Optional => ({ optional: reader });

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
const wrong = (at: string, problem: string, expected: string, value: unknown) =>
  fault(at, problem, { expected, got: shown(value) });

export const text: Reader = (value, at) => {
  if (typeof value === "string") return value;
  throw wrong(at, "it is not a text", "a text in quotes", value);
};

export const truth: Reader = (value, at) => {
  if (typeof value === "boolean") return value;
  throw wrong(at, "it is neither true nor false", "true or false", value);
};

/** A finite number that holds to something. */
export const number =
  (expected: string, holds: (value: number) => boolean): Reader =>
  (value, at) => {
    if (typeof value === "number" && Number.isFinite(value) && holds(value)) return value;
    throw wrong(at, "the number is not one that it can be", expected, value);
  };

/** A whole number from a least one on. */
export const whole = (least: number): Reader =>
  number(`a whole number, ${least} or more`, (value) => Number.isInteger(value) && value >= least);

export const oneOf =
  (...names: readonly string[]): Reader =>
  (value, at) => {
    if (names.includes(value as string)) return value;
    throw wrong(at, "there is no such choice", names.join(", "), value);
  };

export const list =
  (reader: Reader): Reader =>
  (value, at) => {
    if (!Array.isArray(value)) throw wrong(at, "it is not a list", "[…]", value);
    return value.map((item, i) => reader(item, `${at}[${i}]`));
  };

/** An object with these fields, and no others unless told. */
export const object =
  (fields: Fields, { others = false }: { others?: boolean } = {}): Reader =>
  (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw wrong(at, "it is not an object", "{ … }", value);
    const given = value as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(given).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined && !others) throw wrong(`${at}.${unknown}`, "there is no such field", Object.keys(fields).join(", "), unknown); // biome-ignore format: one line
    const read = Object.entries(fields).flatMap(([name, field]) => {
      const own = given[name];
      if (typeof field !== "function") return own === undefined ? [] : [[name, field.optional(own, `${at}.${name}`)]];
      return [[name, field(own, `${at}.${name}`)]];
    });
    return Object.fromEntries(read);
  };
