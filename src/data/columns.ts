import type { DType } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { type Shape, sizeOf } from "../ir/shape.js";

/** Storage of a column: float32, int32, uint32, or bool as bytes 0 and 1. */
export type Storage = Float32Array | Int32Array | Uint32Array | Uint8Array;

/** The columns of a data set by name, each with its storage: `{ features: Float32Array; labels: Int32Array }`. */
export type Columns = Readonly<Record<string, Storage>>;

/** A concrete array: values in row-major order, their shape, their element type. */
export interface Values<T extends Storage = Storage> {
  readonly data: T;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** A column: the values of all rows one after the other; `shape` is that of one row, () for one number per row. */
export type Column<T extends Storage = Storage> = Values<T>;

/** What a column may be made from. Numbers in plain arrays, nested or not, become float32; integers come as Int32Array. */
export type ColumnInput =
  | Storage
  | Float64Array
  | NestedNumbers
  | { readonly data: Storage | Float64Array; readonly shape: Shape };
export type NestedNumbers = readonly number[] | readonly NestedNumbers[];

/** The storage that an input ends in. */
export type StorageOf<I> = I extends Storage ? I : I extends { readonly data: infer D extends Storage } ? D : Float32Array;

const dtypesByTag: Readonly<Record<string, DType>> = {
  Float32Array: "float32",
  Int32Array: "int32",
  Uint32Array: "uint32",
  Uint8Array: "bool",
};

/** The element type that a storage holds. */
export const dtypeOf = (data: Storage): DType => dtypesByTag[data[Symbol.toStringTag]];

/** An array of the same kind as `like`. */
export function allocateLike<T extends Storage>(like: T, length: number): T {
  return new (like.constructor as new (length: number) => T)(length);
}

/** A checked column: every row has the same shape, every float is finite. Copies plain and float64 numbers, nothing else. */
export function column(name: string, input: ColumnInput): Column {
  const { data, shape } = readInput(name, input);
  const width = sizeOf(shape);
  const rows = width === 0 ? 0 : data.length / width;
  if (!Number.isInteger(rows)) {
    throw fault(name, "the values do not fill whole rows", {
      expected: `a multiple of ${width} values, rows of shape (${shape.join(" ")})`,
      got: `${data.length} values`,
    });
  }
  checkFinite(name, data, width);
  return { data, shape, dtype: dtypeOf(data) };
}

/** Rows of a column. A column of width 0 has none. */
export function rowsOf({ data, shape }: Column): number {
  const width = sizeOf(shape);
  return width === 0 ? 0 : data.length / width;
}

/** The rows of a column at the given places, in that order. */
export function gatherRows<T extends Storage>(source: Column<T>, rows: ArrayLike<number>): Values<T> {
  const width = sizeOf(source.shape);
  const data = allocateLike(source.data, rows.length * width);
  for (let row = 0; row < rows.length; row++) {
    const from = rows[row] * width;
    // A short row copies faster element by element than through a view.
    if (width > 16) data.set(source.data.subarray(from, from + width), row * width);
    else for (let i = 0; i < width; i++) data[row * width + i] = source.data[from + i];
  }
  return { data, shape: [rows.length, ...source.shape], dtype: source.dtype };
}

function readInput(name: string, input: ColumnInput): { data: Storage; shape: Shape } {
  if (ArrayBuffer.isView(input)) return { data: toStorage(name, input), shape: [] };
  if (!Array.isArray(input)) {
    const { data, shape } = input as { data: Storage | Float64Array; shape: Shape };
    return { data: toStorage(name, data), shape };
  }
  const shape: number[] = [];
  for (let part: unknown = input[0]; Array.isArray(part); part = part[0]) shape.push(part.length);
  const data = new Float32Array(input.length * sizeOf(shape));
  fill(name, data, 0, input, shape, []);
  return { data, shape };
}

function toStorage(name: string, data: Storage | Float64Array): Storage {
  if (data instanceof Float64Array) return Float32Array.from(data);
  if (dtypeOf(data) !== undefined) return data;
  throw fault(name, `a column cannot be stored in a ${(data as Storage)[Symbol.toStringTag]}`, {
    expected: Object.keys(dtypesByTag).join(", "),
    fix: "copy it: Float32Array.from(values) or Int32Array.from(values)",
  });
}

/** Writes nested arrays row by row; returns the place after the last value. */
function fill(name: string, into: Float32Array, at: number, part: readonly unknown[], shape: Shape, path: Shape): number {
  let place = at;
  for (const [index, item] of part.entries()) {
    const here = [...path, index];
    if (path.length === shape.length) {
      if (typeof item !== "number") throw raggedFault(name, here, "a number", item);
      into[place++] = item;
    } else {
      const length = shape[path.length];
      if (!Array.isArray(item) || item.length !== length) throw raggedFault(name, here, `${length} values`, item);
      place = fill(name, into, place, item, shape, here);
    }
  }
  return place;
}

function raggedFault(name: string, path: Shape, expected: string, item: unknown) {
  const got = Array.isArray(item) ? `${item.length} values` : String(item);
  return fault(`${name}[${path.join("][")}]`, "differs in shape from the first row", { expected, got });
}

function checkFinite(name: string, data: Storage, width: number): void {
  if (!(data instanceof Float32Array)) return;
  const at = data.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw fault(name, `row ${Math.floor(at / width)} holds ${data[at]}`, {
    expected: "finite numbers",
    fix: "drop or fill such rows before making the data set",
  });
}
