import { fault } from "../ir/fault.js";
import type { Key } from "../random/counter.js";
import { epochOrder, naturalOrder } from "./order.js";

/** How one epoch is cut into batches. */
export interface BatchOptions {
  /** Rows in a batch. */
  readonly size: number;
  /** Shuffles; the order depends on key and epoch alone. Without a key rows come as they are stored. */
  readonly key?: Key;
  /** Which epoch, from 0. */
  readonly epoch?: number;
  /** First batch of the epoch to give, from 0: how training goes on in the middle of an epoch. */
  readonly start?: number;
  /** What happens to the rows that fill no batch: a last, smaller batch (`"keep"`, the default), or nothing (`"drop"`). */
  readonly remainder?: "keep" | "drop";
}

/** Batches in one epoch of `rows` rows. */
export function countBatches(rows: number, { size, remainder = "keep" }: Pick<BatchOptions, "size" | "remainder">): number {
  checkWhole("size", size, 1);
  return remainder === "drop" ? Math.floor(rows / size) : Math.ceil(rows / size);
}

/** The row numbers of each batch of an epoch, in order. */
export function* batchRows(rows: number, options: BatchOptions): Generator<Uint32Array, void> {
  const { size, key, epoch = 0, start = 0 } = options;
  const count = countBatches(rows, options);
  checkWhole("epoch", epoch, 0);
  checkWhole("start", start, 0);
  if (start > count) {
    throw fault("batches", `there is no batch ${start} to start at`, { expected: `0 to ${count}, the number of batches` });
  }
  const order = key === undefined ? naturalOrder(rows) : epochOrder(key, epoch, rows);
  for (let batch = start; batch < count; batch++) yield order.subarray(batch * size, Math.min(rows, (batch + 1) * size));
}

function checkWhole(name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw fault("batches", `${name} is ${value}`, { expected: `a whole number, ${least} or more` });
}
