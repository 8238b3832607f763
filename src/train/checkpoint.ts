import { readSafetensors, type StoredTensor, writeSafetensors } from "../interop/safetensors.js";
import type { TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { formatShape, sizeOf } from "../ir/shape.js";
import type { Key } from "../random/counter.js";
import type { Progress } from "./progress.js";
import type { StateLayout } from "./state.js";

/** What a checkpoint says besides the state. */
export interface Checkpoint {
  readonly progress: Progress;
  /** What the writer added: class names, options of the run. */
  readonly extra: Readonly<Record<string, string>>;
}

/** All that is stored with the state. */
export interface CheckpointContent extends Checkpoint {
  /** Root of everything random. */
  readonly key: Key;
  /** What `fit` remembers between epochs, and the like. */
  readonly notes: readonly (readonly [name: string, text: string])[];
}

/** Version of the layout of names and metadata described in docs/checkpoints.md. */
const FORMAT = "softgrad checkpoint 1";
const OWN_NAMES = ["format", "progress", "key", "notes"] as const;

/** The state as a safetensors file: `model.<parameter>`, `optimizer.<slot>.<parameter>`, and the rest as metadata. */
export function packCheckpoint(
  layout: StateLayout,
  cells: readonly TypedArray[],
  { progress, key, notes, extra }: CheckpointContent,
): Uint8Array {
  const taken = OWN_NAMES.find((name) => name in extra);
  if (taken !== undefined) {
    throw fault("checkpoint", `extra cannot have the name "${taken}"`, { got: Object.keys(extra).join(", "), fix: "rename it" });
  }
  const tensors = layout.cells.flatMap(({ entries }, i) =>
    entries.map(({ name, shape, offset }): [string, StoredTensor] => [name, store(cells[i], shape, offset)]),
  );
  const own: Record<(typeof OWN_NAMES)[number], string> = {
    format: FORMAT,
    progress: JSON.stringify(progress),
    key: JSON.stringify(key),
    notes: JSON.stringify(Object.fromEntries(notes)),
  };
  return writeSafetensors(Object.fromEntries(tensors), { ...extra, ...own });
}

/** A tensor out of a buffer. The float64 interpreter keeps float64, and so does its checkpoint. */
function store(cell: TypedArray, shape: readonly number[], offset: number): StoredTensor {
  const data = cell.subarray(offset, offset + sizeOf(shape));
  return data instanceof Float64Array
    ? { dtype: "F64", shape, data: data.slice() }
    : { dtype: "F32", shape, data: Float32Array.from(data) };
}

/** Reads what {@link packCheckpoint} wrote; a fault names the first tensor that does not fit the model in training. */
export function unpackCheckpoint(layout: StateLayout, bytes: Uint8Array): CheckpointContent & { readonly cells: Float64Array[] } {
  const { tensors, metadata } = readSafetensors(bytes, "checkpoint");
  const { format, progress, key, notes, ...extra } = metadata;
  if (format !== FORMAT) {
    throw fault("checkpoint", "the file is not a checkpoint of a trainer", {
      expected: FORMAT,
      got: format ?? "no format",
      fix: "use a file that save wrote",
    });
  }
  const wanted = new Set(layout.cells.flatMap(({ entries }) => entries.map(({ name }) => name)));
  const unknown = Object.keys(tensors).find((name) => !wanted.has(name));
  if (unknown !== undefined) {
    throw fault("checkpoint", `${unknown} is not part of this model and optimizer`, {
      fix: "make the trainer with the options of the run that wrote it",
    });
  }
  return {
    cells: layout.cells.map((cell) => readCell(cell, tensors)),
    extra,
    progress: withNumber(readMetadata("progress", progress, isProgress)),
    key: readMetadata("key", key, isKey),
    notes: Object.entries(readMetadata("notes", notes, isTexts)),
  };
}

function readCell(
  { shape, entries }: StateLayout["cells"][number],
  tensors: Readonly<Record<string, StoredTensor>>,
): Float64Array {
  const cell = new Float64Array(sizeOf(shape));
  for (const { name, shape: wanted, offset } of entries) {
    const stored: StoredTensor | undefined = tensors[name];
    const real = stored?.dtype === "F32" || stored?.dtype === "F64";
    if (!real || formatShape(stored.shape) !== formatShape(wanted)) {
      throw fault("checkpoint", `${name} does not fit the model`, {
        expected: `F32 ${formatShape(wanted)}`,
        got: stored === undefined ? "nothing" : `${stored.dtype} ${formatShape(stored.shape)}`,
      });
    }
    cell.set(stored.data, offset);
  }
  return cell;
}

function readMetadata<T>(name: string, text: string | undefined, holds: (value: unknown) => value is T): T {
  let value: unknown;
  try {
    value = JSON.parse(text ?? "");
  } catch (error) {
    throw fault("checkpoint", `its ${name} is not JSON`, { got: (text ?? "nothing").slice(0, 80) }, error);
  }
  if (holds(value)) return value;
  throw fault("checkpoint", `its ${name} does not have the form that save writes`, { got: (text ?? "nothing").slice(0, 80) });
}

const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isProgress = (value: unknown): value is Progress =>
  isRecord(value) &&
  [value.steps, value.epoch, value.batch, value.samples].every(isCount) &&
  (typeof value.lossSum === "number" || value.lossSum === null);

/** JSON writes NaN and infinities as null. */
const withNumber = (progress: Progress): Progress => ({ ...progress, lossSum: progress.lossSum ?? Number.NaN });

const isKey = (value: unknown): value is Key =>
  Array.isArray(value) && value.length === 2 && value.every((word) => isCount(word) && word < 2 ** 32);

const isTexts = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every((text) => typeof text === "string");
