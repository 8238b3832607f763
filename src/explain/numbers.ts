import type { TypedArray } from "../ir/dtype.js";
import type { Tensor } from "../ir/tensor.js";
import type { NestedNumbers } from "../ops/index.js";

/** Digits with which numbers are shown unless told: those of a float32, and of most worked examples in print. */
export const DEFAULT_DIGITS = 9;

/** A number for people: rounded to so many significant digits, no trailing zeros, a true minus sign. */
export function formatNumber(value: number, digits = DEFAULT_DIGITS): string {
  if (Number.isNaN(value)) return "NaN";
  const size = Math.abs(value);
  const text = size === Number.POSITIVE_INFINITY ? "∞" : trim(size.toPrecision(digits));
  return value < 0 ? `−${text}` : text;
}

/** A number that stands in a formula: π and e by name. */
export function formatConstant(value: number, digits = DEFAULT_DIGITS): string {
  const size = Math.abs(value);
  if (size !== Math.PI && size !== Math.E) return formatNumber(value, digits);
  return `${value < 0 ? "−" : ""}${size === Math.PI ? "π" : "e"}`;
}

function trim(text: string): string {
  const [mantissa, exponent] = text.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return exponent === undefined ? short : `${short}e${exponent.replace("+", "").replace("-", "−")}`;
}

/** `[[1, 2], [3, 4]]` on one line; what is longer than `limit` elements is cut. */
export function formatNested(values: NestedNumbers, digits = DEFAULT_DIGITS, limit = Infinity): string {
  if (typeof values === "boolean") return values ? "true" : "false";
  if (typeof values === "number") return formatNumber(values, digits);
  let room = limit;
  const write = (part: NestedNumbers): string => {
    if (!Array.isArray(part)) {
      room--;
      return formatNested(part, digits);
    }
    const shown: string[] = [];
    for (const child of part as readonly NestedNumbers[]) {
      if (room <= 0) {
        shown.push("…");
        break;
      }
      shown.push(write(child));
    }
    return `[${shown.join(", ")}]`;
  };
  return write(values);
}

/** Flat values in the nesting of the tensor they belong to. */
export function nest(data: TypedArray, { shape, dtype }: Tensor): NestedNumbers {
  const read = (axis: number, offset: number, stride: number): NestedNumbers => {
    if (axis === shape.length) return dtype === "bool" ? data[offset] !== 0 : data[offset];
    const inner = stride / shape[axis];
    return Array.from({ length: shape[axis] }, (_, i) => read(axis + 1, offset + i * inner, inner));
  };
  return read(0, 0, data.length);
}

/** The numbers of a nesting in order; true is 1. */
export const flatten = (values: NestedNumbers): number[] =>
  Array.isArray(values) ? (values as readonly NestedNumbers[]).flatMap(flatten) : [Number(values)];
