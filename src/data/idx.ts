import { fault } from "../ir/fault.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import { type ByteSource, readBytes } from "./bytes.js";
import type { LabelledData } from "./csv.js";
import { fromArrays } from "./dataset.js";

/** An IDX file: the format of MNIST, one array of any rank. Numbers come as the nearest JavaScript array. */
export interface IdxArray {
  readonly shape: Shape;
  readonly data: Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;
}

type IdxData = IdxArray["data"];

interface ElementType {
  readonly bytes: number;
  readonly allocate: (length: number) => IdxData;
  readonly read: (view: DataView, at: number) => number;
}

/** The element types by their code in the third byte; everything is big-endian. */
const elementTypes: Readonly<Record<number, ElementType>> = {
  8: { bytes: 1, allocate: (length) => new Uint8Array(length), read: (view, at) => view.getUint8(at) },
  9: { bytes: 1, allocate: (length) => new Int8Array(length), read: (view, at) => view.getInt8(at) },
  11: { bytes: 2, allocate: (length) => new Int16Array(length), read: (view, at) => view.getInt16(at) },
  12: { bytes: 4, allocate: (length) => new Int32Array(length), read: (view, at) => view.getInt32(at) },
  13: { bytes: 4, allocate: (length) => new Float32Array(length), read: (view, at) => view.getFloat32(at) },
  14: { bytes: 8, allocate: (length) => new Float64Array(length), read: (view, at) => view.getFloat64(at) },
};

/**
 * Reads an IDX array: two zero bytes, the element type, the number of axes, each axis as a big-endian uint32, the values.
 * Source: the format's description by LeCun, Cortes and Burges beside their MNIST files.
 */
export function parseIdx(bytes: Uint8Array, name = "idx"): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length >= 4 ? view.getUint32(0) : -1;
  const type = elementTypes[magic >>> 8];
  if (type === undefined) {
    throw fault(name, "this is not an IDX file: its first four bytes are not an IDX magic number", {
      expected: "00 00, then 08, 09, 0b, 0c, 0d or 0e, then the number of axes",
      got: bytes.length < 4 ? `${bytes.length} bytes` : hex(bytes.subarray(0, 4)),
    });
  }
  const rank = magic & 0xff;
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw shortFault(name, `${start} bytes of header`, bytes.length);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  // A product beyond 2^53 is rounded, yet far beyond any file: the comparison stays right.
  const size = sizeOf(shape);
  const expected = start + size * type.bytes;
  if (bytes.length !== expected) throw shortFault(name, `${expected} bytes for shape (${shape.join(" ")})`, bytes.length);
  const data = type.allocate(size);
  for (let index = 0; index < size; index++) data[index] = type.read(view, start + index * type.bytes);
  return { shape, data };
}

export interface IdxOptions {
  /** What every feature is multiplied by; 1/255 for bytes, else 1. */
  readonly scale?: number;
  readonly classNames?: readonly string[];
  /** What messages call the two files. */
  readonly names?: { readonly images: string; readonly labels: string };
}

/** Images and their labels from two IDX files, plain or gzipped. A row of features is one image as a vector, scaled to [0, 1]. */
export async function fromIdx(
  source: { readonly images: ByteSource; readonly labels: ByteSource },
  options: IdxOptions = {},
): Promise<LabelledData> {
  const { names = { images: "images", labels: "labels" } } = options;
  const images = parseIdx(await readBytes(source.images, names.images), names.images);
  const labels = parseIdx(await readBytes(source.labels, names.labels), names.labels);
  checkPair(images, labels, names);
  const { scale = images.data instanceof Uint8Array ? 1 / 255 : 1 } = options;
  const imageShape = images.shape.slice(1);
  const features = { data: Float32Array.from(images.data, (value) => value * scale), shape: [sizeOf(imageShape)] };
  const classNames = options.classNames ?? countingNames(labels.data);
  return fromArrays({ features, labels: Int32Array.from(labels.data) }, { classNames, imageShape });
}

function checkPair(images: IdxArray, labels: IdxArray, names: { readonly images: string; readonly labels: string }): void {
  const whole = !(labels.data instanceof Float32Array || labels.data instanceof Float64Array);
  if (labels.shape.length !== 1 || !whole) {
    throw fault(names.labels, "these are not labels", {
      expected: "one axis of whole numbers",
      got: `${labels.data[Symbol.toStringTag]} of shape (${labels.shape.join(" ")})`,
    });
  }
  if (images.shape.length < 2) {
    throw fault(names.images, "these are not images", {
      expected: "two axes or more, the first counts images",
      got: `shape (${images.shape.join(" ")})`,
    });
  }
  if (images.shape[0] !== labels.shape[0]) {
    throw fault(names.labels, "there is not one label for each image", {
      got: `${images.shape[0]} images, ${labels.shape[0]} labels`,
      fix: "check that both files belong to the same set",
    });
  }
}

/** "0", "1", … up to the largest label. */
function countingNames(labels: IdxData): string[] {
  let largest = 0;
  for (const label of labels) largest = Math.max(largest, label);
  return Array.from({ length: largest + 1 }, (_, label) => String(label));
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");

function shortFault(name: string, expected: string, length: number) {
  return fault(name, "the file has the wrong length", {
    expected,
    got: `${length} bytes`,
    fix: "the file may be cut short; download it again",
  });
}
