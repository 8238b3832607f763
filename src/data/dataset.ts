import { fault } from "../ir/fault.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import type { Key } from "../random/counter.js";
import { type BatchOptions, batchRows, countBatches } from "./batches.js";
import {
  type Column,
  type ColumnInput,
  type Columns,
  column,
  gatherRows,
  rowsOf,
  type Storage,
  type StorageOf,
  type Values,
} from "./columns.js";
import { naturalOrder, permutation } from "./order.js";
import { partition } from "./split.js";

/** Named arrays that belong together: those of a batch share their first axis. */
export type Batch<C extends Columns = Columns> = { readonly [N in keyof C]: Values<C[N]> };

/** The values of one row, each column's as a typed array; a column of single numbers gives an array of one. */
export type Sample<C extends Columns = Columns> = { readonly [N in keyof C]: C[N] };

/** What is known about the columns besides their values. It follows the rows through every operation. */
export interface DatasetInfo {
  /** Name of class 0, class 1, …: the column `labels` holds their numbers. */
  readonly classNames?: readonly string[];
  /** Name of each feature. */
  readonly featureNames?: readonly string[];
  /** How a row of features is laid out as a picture: (rows columns). */
  readonly imageShape?: Shape;
}

export interface SplitOptions<C extends Columns> {
  readonly key: Key;
  /** A column of class numbers: every part gets its share of every class. */
  readonly stratifyBy?: keyof C & string;
}

/** Rows of named columns in memory. Immutable: every operation gives a new data set. */
export interface Dataset<C extends Columns = Columns> {
  /** Rows. */
  readonly length: number;
  readonly columns: { readonly [N in keyof C]: Column<C[N]> };
  readonly info: DatasetInfo;
  /** One epoch, batch by batch: `for await (const batch of data.batches({ size: 64, key, epoch }))`. */
  batches(options: BatchOptions): AsyncGenerator<Batch<C>, void>;
  /** Batches that {@link batches} gives from the start of an epoch. */
  batchCount(options: Pick<BatchOptions, "size" | "remainder">): number;
  /** The given rows as one batch; all of them without an argument. */
  gather(rows?: ArrayLike<number>): Batch<C>;
  /** The given rows, in that order; a row may come more than once. */
  select(rows: ArrayLike<number>): Dataset<C>;
  /** The first `count` rows, or all if there are fewer. */
  take(count: number): Dataset<C>;
  /** The rows in a random order. */
  shuffle(key: Key): Dataset<C>;
  /**
   * Shuffled rows dealt to named parts: `data.split({ train: 0.8, test: 0.2 }, { key, stratifyBy: "labels" })`.
   * Sizes are exact to the row, shares of a class to a row or two; no row is in two parts.
   */
  split<Part extends string>(fractions: Readonly<Record<Part, number>>, options: SplitOptions<C>): Record<Part, Dataset<C>>;
  /** Every row through a function, at once. A column keeps its row shape as long as its size stays; else it becomes a vector. */
  map<D extends Columns>(transform: (sample: Sample<C>, row: number) => D): Dataset<D>;
}

/** A data set of columns, which must have equally many rows: `fromArrays({ features: [[0, 1], [1, 1]], labels: Int32Array.of(1, 0) })`. */
export function fromArrays<I extends Readonly<Record<string, ColumnInput>>>(
  inputs: I,
  info: DatasetInfo = {},
): Dataset<{ [N in keyof I]: StorageOf<I[N]> }> {
  const columns = Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, column(name, input)]));
  return dataset<{ [N in keyof I]: StorageOf<I[N]> }>(columns as never, info);
}

/** A data set of columns that {@link column} has checked. */
export function dataset<C extends Columns>(columns: Dataset<C>["columns"], info: DatasetInfo = {}): Dataset<C> {
  const entries = Object.entries(columns) as [keyof C & string, Column<C[string]>][];
  const length = commonLength(entries);
  checkLabels(columns.labels, info.classNames);
  const gather = (rows: ArrayLike<number>): Batch<C> =>
    Object.fromEntries(entries.map(([name, source]) => [name, gatherRows(source, rows)])) as Batch<C>;
  const select = (rows: ArrayLike<number>): Dataset<C> => {
    checkRows(rows, length);
    const picked = entries.map(([name, source]) => [name, { ...source, data: gatherRows(source, rows).data }]);
    return dataset<C>(Object.fromEntries(picked), info);
  };
  return {
    length,
    columns,
    info,
    async *batches(options) {
      for (const rows of batchRows(length, options)) yield gather(rows);
    },
    batchCount: (options) => countBatches(length, options),
    gather: (rows = naturalOrder(length)) => {
      checkRows(rows, length);
      return gather(rows);
    },
    select,
    take: (count) => select(naturalOrder(Math.min(count, length))),
    shuffle: (key) => select(permutation(key, length)),
    split(fractions, { key, stratifyBy }) {
      const classes = stratifyBy === undefined ? undefined : classColumn(stratifyBy, columns[stratifyBy]);
      const parts = Object.entries<Uint32Array>(partition(length, fractions, key, classes));
      return Object.fromEntries(parts.map(([name, rows]) => [name, select(rows)])) as never;
    },
    map: (transform) => mapRows(entries, length, transform as never, info) as never,
  };
}

function mapRows(
  entries: readonly [string, Column][],
  length: number,
  transform: (sample: Sample, row: number) => Columns,
  info: DatasetInfo,
): Dataset {
  const views = entries.map(([name, source]) => ({ name, data: source.data, width: sizeOf(source.shape) }));
  const results = Array.from({ length }, (_, row) =>
    transform(Object.fromEntries(views.map(({ name, data, width }) => [name, data.slice(row * width, (row + 1) * width)])), row),
  );
  const shapes = new Map(entries.map(([name, { shape }]) => [name, shape]));
  const names = Object.keys(results[0] ?? {});
  return dataset(Object.fromEntries(names.map((name) => [name, joinRows(name, results, shapes.get(name))])), info);
}

/** One column from the rows that a transform made. */
export function joinRows(name: string, rows: readonly Columns[], shape?: Shape): Column {
  const first = rows[0][name];
  const width = first.length;
  const data = new (first.constructor as new (length: number) => Storage)(rows.length * width);
  for (const [index, row] of rows.entries()) {
    const values = row[name];
    if (values?.length !== width || values.constructor !== first.constructor) {
      const kind = (array: Storage | undefined) =>
        array === undefined ? "nothing" : `${array[Symbol.toStringTag]}(${array.length})`;
      throw fault(name, `row ${index} differs from row 0`, { expected: kind(first), got: kind(values) });
    }
    data.set(values, index * width);
  }
  const keeps = shape !== undefined && sizeOf(shape) === width;
  return column(name, { data, shape: keeps ? shape : [width] });
}

function commonLength(entries: readonly [string, Column][]): number {
  const [first, ...others] = entries.map(([name, source]) => ({ name, rows: rowsOf(source) }));
  if (first === undefined) throw fault("dataset", "there are no columns");
  for (const { name, rows } of others) {
    if (rows !== first.rows) {
      throw fault("dataset", "the columns differ in length", {
        got: `${first.name} has ${first.rows} rows, ${name} has ${rows}`,
      });
    }
  }
  return first.rows;
}

function checkLabels(labels: Column | undefined, classNames: readonly string[] | undefined): void {
  if (labels === undefined || classNames === undefined) return;
  const at = labels.data.findIndex((label: number) => !(label >= 0 && label < classNames.length));
  if (at < 0) return;
  throw fault("labels", `row ${at} has label ${labels.data[at]}, which is out of range`, {
    expected: `0 to ${classNames.length - 1}, for ${classNames.length} classes`,
  });
}

function classColumn(name: string, source: Column | undefined): Storage {
  if (source !== undefined && source.shape.length === 0 && source.dtype !== "float32") return source.data;
  throw fault("split", `cannot stratify by "${name}"`, {
    expected: "a column with one whole number per row",
    got: source === undefined ? "no such column" : `${source.dtype} of row shape (${source.shape.join(" ")})`,
  });
}

function checkRows(rows: ArrayLike<number>, length: number): void {
  for (let at = 0; at < rows.length; at++) {
    if (!(Number.isInteger(rows[at]) && rows[at] >= 0 && rows[at] < length)) {
      throw fault("dataset", `there is no row ${rows[at]}`, { expected: `0 to ${length - 1}` });
    }
  }
}
