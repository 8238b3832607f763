import { readSafetensors, type StoredTensor, writeSafetensors } from "../interop/safetensors.js";
import type { TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { formatShape, sizeOf } from "../ir/shape.js";
import type { Progress } from "./progress.js";
import type { StateLayout } from "./state.js";

/** A checkpoint that has been read and found to fit. */
export interface Checkpoint {
  readonly progress: Progress;
  /** What the writer added: best loss so far, options of the run. */
  readonly extra: Readonly<Record<string, string>>;
  readonly cells: readonly TypedArray[];
}

/** Version of the layout of names and metadata described in docs/checkpoints.md. */
const FORMAT = "softgrad checkpoint 1";

/** The state as a safetensors file: `model.<parameter>`, `optimizer.<slot>.<parameter>`, and the progress as metadata. */
export function packCheckpoint(
  layout: StateLayout,
  cells: readonly TypedArray[],
  { progress, extra }: { progress: Progress; extra: Readonly<Record<string, string>> },
): Uint8Array {
  const tensors = layout.cells.flatMap(({ entries }, i) =>
    entries.map(({ name, shape, offset }): [string, StoredTensor] => {
      const data = Float32Array.from(cells[i].subarray(offset, offset + sizeOf(shape)));
      return [name, { dtype: "F32", shape, data }];
    }),
  );
  return writeSafetensors(Object.fromEntries(tensors), { ...extra, format: FORMAT, progress: JSON.stringify(progress) });
}

/** Reads what {@link packCheckpoint} wrote; a fault names the first tensor that does not fit the model in training. */
export function unpackCheckpoint(layout: StateLayout, bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  const { format, progress, ...extra } = metadata;
  if (format !== FORMAT || progress === undefined) {
    throw fault("checkpoint", "the file is not a checkpoint of a trainer", {
      expected: FORMAT,
      got: format ?? "no format",
      fix: "use a file that save wrote",
    });
  }
  const wanted = new Map(layout.cells.flatMap(({ entries }) => entries.map(({ name, shape }) => [name, shape])));
  const unknown = Object.keys(tensors).find((name) => !wanted.has(name));
  if (unknown !== undefined) {
    throw fault("checkpoint", `${unknown} is not part of this model and optimizer`, {
      fix: "make the trainer with the options of the run that wrote it",
    });
  }
  const cells = layout.cells.map(({ shape: cellShape, entries }) => {
    const cell = new Float32Array(sizeOf(cellShape));
    for (const { name, shape, offset } of entries) {
      const stored = tensors[name];
      const got = stored === undefined ? "nothing" : `${stored.dtype} ${formatShape(stored.shape)}`;
      if (stored?.dtype !== "F32" || formatShape(stored.shape) !== formatShape(shape)) {
        throw fault("checkpoint", `${name} does not fit the model`, { expected: `F32 ${formatShape(shape)}`, got });
      }
      cell.set(stored.data, offset);
    }
    return cell;
  });
  return { cells, extra, progress: readProgress(progress) };
}

function readProgress(text: string): Progress {
  const isCount = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  try {
    const { steps, epoch, batch } = JSON.parse(text) as Record<string, unknown>;
    if (isCount(steps) && isCount(epoch) && isCount(batch)) return { steps, epoch, batch };
  } catch (error) {
    throw fault("checkpoint", "its progress is not JSON", { got: text.slice(0, 80) }, error);
  }
  throw fault("checkpoint", "its progress is not made of counts", { expected: "steps, epoch and batch", got: text.slice(0, 80) });
}
