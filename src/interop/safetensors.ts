import { fault } from "../ir/fault.js";
import { duplicateKey } from "./json-keys.js";

/** Storage of each element type that is read and written. U8 and BOOL share theirs; BOOL holds 0 and 1. */
interface StorageByType {
  readonly F32: Float32Array;
  readonly F64: Float64Array;
  readonly I32: Int32Array;
  readonly U32: Uint32Array;
  readonly I64: BigInt64Array;
  readonly U8: Uint8Array;
  readonly BOOL: Uint8Array;
}

export type StoredType = keyof StorageByType;

/** A tensor of a safetensors file: values in row-major order, shape, element type. A scalar has shape (). */
export type StoredTensor = {
  readonly [T in StoredType]: { readonly dtype: T; readonly shape: readonly number[]; readonly data: StorageByType[T] };
}[StoredType];

/** Tensors by name, and text that the writer added. */
export interface StoredTensors {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

const types: { readonly [T in StoredType]: new (buffer: ArrayBuffer) => StorageByType[T] } = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  U32: Uint32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
};

const bytesPerElement: Readonly<Record<StoredType, number>> = { F32: 4, F64: 8, I32: 4, U32: 4, I64: 8, U8: 1, BOOL: 1 };

/** The largest header that the format allows. */
const longestHeader = 100_000_000;
const prefixBytes = 8;
const metadataName = "__metadata__";

/**
 * The bytes of a safetensors file: header length as a little-endian uint64, JSON header padded with blanks to a multiple of 8,
 * then the tensors without gaps. Wide elements come first, then by name, so that every tensor is aligned and
 * the same tensors always give the same bytes. Source: https://github.com/huggingface/safetensors, section Format.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).sort(
    ([a, x], [b, y]) => bytesPerElement[y.dtype] - bytesPerElement[x.dtype] || (a < b ? -1 : 1),
  );
  const places: [string, unknown][] = Object.keys(metadata).length > 0 ? [[metadataName, metadata]] : [];
  let end = 0;
  for (const [name, tensor] of entries) {
    checkWritable(name, tensor);
    places.push([name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [end, end + tensor.data.byteLength] }]);
    end += tensor.data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(places)));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(prefixBytes + headerBytes + end).fill(0x20, prefixBytes, prefixBytes + headerBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, prefixBytes);
  let at = prefixBytes + headerBytes;
  for (const [, { data }] of entries) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a safetensors file; the tensors are copies. The whole file is checked before anything is allocated: lengths, shapes,
 * element types, and that the tensors fill the data exactly, without gap or overlap. `name` is what messages call the file.
 */
export function readSafetensors(bytes: Uint8Array, name = "safetensors"): StoredTensors {
  const { header, start } = readHeader(bytes, name);
  const { [metadataName]: metadata = {}, ...descriptions } = header;
  const places = Object.entries(descriptions).map(([tensor, description]) => readPlace(`${name}: ${tensor}`, description));
  checkCover(places, bytes.length - start, name);
  const tensors = places.map(({ dtype, shape, from, to }) => {
    // Not bytes.slice: that of Node's Buffer is a view, and a view need not be aligned.
    const copy = new Uint8Array(to - from);
    copy.set(bytes.subarray(start + from, start + to));
    const data = new types[dtype](copy.buffer);
    return { dtype, shape, data } as StoredTensor;
  });
  const names = Object.keys(descriptions);
  return {
    tensors: Object.fromEntries(names.map((tensor, index) => [tensor, tensors[index]])),
    metadata: readMetadata(metadata, name),
  };
}

/** Where the data of a tensor lies, in bytes from the end of the header. */
interface Place {
  readonly where: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

function readHeader(bytes: Uint8Array, name: string): { header: Record<string, unknown>; start: number } {
  if (bytes.length < prefixBytes) {
    throw fault(name, "the file is too short for a safetensors header", {
      expected: "8 bytes or more",
      got: `${bytes.length} bytes`,
    });
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, prefixBytes).getBigUint64(0, true);
  const available = bytes.length - prefixBytes;
  if (length > BigInt(available) || length > BigInt(longestHeader)) {
    throw fault(name, "the header is longer than the file or than the format allows", {
      expected: `at most ${Math.min(available, longestHeader)} bytes`,
      got: `${length} bytes`,
      fix: "the file may be cut short, or not be safetensors",
    });
  }
  const start = prefixBytes + Number(length);
  const text = decode(bytes.subarray(prefixBytes, start), name);
  if (!text.startsWith("{")) throw fault(name, "the header does not begin with {", { got: JSON.stringify(text.slice(0, 20)) });
  const header = parse(text, name);
  const twice = duplicateKey(text);
  if (twice !== null) throw fault(name, `the header has the key ${JSON.stringify(twice)} twice`);
  return { header, start };
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw fault(name, "the header is not UTF-8", {}, error);
  }
}

function parse(text: string, name: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw fault(name, "the header is not JSON", { got: (error as Error).message }, error);
  }
}

function readPlace(where: string, description: unknown): Place {
  if (!isRecord(description)) throw fault(where, "the description of the tensor is not an object");
  const { dtype, shape, data_offsets: offsets } = description;
  if (typeof dtype !== "string" || !Object.hasOwn(types, dtype)) {
    throw fault(where, "the element type is not one that is read", {
      expected: Object.keys(types).join(", "),
      got: JSON.stringify(dtype) ?? "none",
    });
  }
  if (!isWholeNumbers(shape)) {
    throw fault(where, "the shape is not a list of whole numbers", { got: JSON.stringify(shape) ?? "none" });
  }
  if (!isWholeNumbers(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw fault(where, "the data offsets are not a begin and an end", { got: JSON.stringify(offsets) ?? "none" });
  }
  const place = { where, dtype: dtype as StoredType, shape, from: offsets[0], to: offsets[1] };
  checkSize(place);
  return place;
}

function checkSize({ where, dtype, shape, from, to }: Place): void {
  // A zero anywhere makes the product zero, however large the rest: so it is looked for first.
  const size = shape.includes(0) ? 0 : shape.reduce((product, axis) => product * axis, bytesPerElement[dtype]);
  if (size === to - from) return;
  throw fault(where, "the data has another size than the shape asks for", {
    expected: `${size} bytes for ${dtype} of shape (${shape.join(" ")})`,
    got: `${to - from} bytes`,
  });
}

/** Tensors must follow each other without gap or overlap and end where the file ends. */
function checkCover(places: readonly Place[], length: number, name: string): void {
  let end = 0;
  for (const { where, from, to } of [...places].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) {
      const problem = from < end ? "the data overlaps another tensor's" : "there is a gap before the data";
      throw fault(where, problem, { expected: `begin ${end}`, got: `begin ${from}` });
    }
    end = to;
  }
  if (end === length) return;
  throw fault(name, "the file has another length than its header says", {
    expected: `${end} bytes of data`,
    got: `${length} bytes`,
    fix: end > length ? "the file may be cut short" : "the file has something after its last tensor",
  });
}

function readMetadata(metadata: unknown, name: string): Record<string, string> {
  if (isRecord(metadata) && Object.values(metadata).every((value) => typeof value === "string")) {
    return metadata as Record<string, string>;
  }
  throw fault(name, `${metadataName} is not an object of strings`);
}

function checkWritable(name: string, { dtype, shape, data }: StoredTensor): void {
  if (name === metadataName) throw fault("writeSafetensors", `no tensor may be called ${metadataName}`);
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (data instanceof types[dtype] && data.length === size) return;
  throw fault("writeSafetensors", `${name} is not what its description says`, {
    expected: `${size} elements of ${dtype} in a ${types[dtype].name}`,
    got: `${data.constructor.name}(${data.length})`,
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isWholeNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);
