import { fault } from "../ir/fault.js";
import { unknownName } from "./faults.js";

/** Turns the text of an option into its value; throws a fault that names the option. */
export type Reader<T> = (text: string, flag: string) => T;

/** A decimal number between bounds, both included unless they are told to be open. */
export function number({
  least,
  most,
  above,
  below,
}: {
  least?: number;
  most?: number;
  above?: number;
  below?: number;
}): Reader<number> {
  const bounds = [
    above !== undefined && `more than ${above}`,
    least !== undefined && `${least} or more`,
    below !== undefined && `less than ${below}`,
    most !== undefined && `${most} or less`,
  ].filter((bound) => bound !== false);
  return (text, flag) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const fits =
      Number.isFinite(value) &&
      value >= (least ?? Number.NEGATIVE_INFINITY) &&
      value <= (most ?? Number.POSITIVE_INFINITY) &&
      value > (above ?? Number.NEGATIVE_INFINITY) &&
      value < (below ?? Number.POSITIVE_INFINITY);
    if (fits) return value;
    const problem = Number.isFinite(value) ? "the number is out of range" : "this is not a number";
    throw fault(flag, problem, { expected: ["a number", ...bounds].join(", "), got: text });
  };
}

/** A whole number between bounds, both included. */
export function whole({ least, most = Number.MAX_SAFE_INTEGER }: { least: number; most?: number }): Reader<number> {
  const expected = `a whole number, ${most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`}`;
  return (text, flag) => {
    if (!/^[+-]?\d+$/.test(text.trim())) throw fault(flag, "this is not a whole number", { expected, got: text });
    const value = Number(text);
    if (value >= least && value <= most) return value;
    throw fault(flag, "the number is out of range", { expected, got: text });
  };
}

/** Whole numbers with commas between them; nothing at all is an empty list. */
export function wholeList({ least, most }: { least: number; most?: number }): Reader<readonly number[]> {
  const item = whole({ least, ...(most !== undefined && { most }) });
  return (text, flag) => {
    if (text.trim() === "" || text.trim() === "none") return [];
    return text.split(",").map((part) => item(part, flag));
  };
}

/** A name among those known, whatever its case; the suggestion comes with the fault. */
export function oneOf(what: string, known: readonly string[]): Reader<string> {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, "");
  return (text, flag) => {
    const found = known.find((name) => plain(name) === plain(text));
    if (found === undefined) throw unknownName(flag, what, text, known);
    return found;
  };
}

export const text: Reader<string> = (given, flag) => {
  if (given !== "") return given;
  throw fault(flag, "the text is empty");
};

export const yesOrNo: Reader<boolean> = (given, flag) => {
  if (given === "true" || given === "false") return given === "true";
  throw fault(flag, "this is neither yes nor no", { expected: "true or false", got: given });
};

/** An option that may be left out, which null says. */
export const optional =
  <T>(read: Reader<T>): Reader<T | null> =>
  (given, flag) =>
    read(given, flag);
