import { fault } from "../ir/fault.js";
import { sizeOf } from "../ir/shape.js";
import type { Column, Columns, Storage } from "./columns.js";
import { type Dataset, dataset } from "./dataset.js";

/** Mean and spread of every feature of a column. Plain numbers: they can be stored and used again without the data. */
export interface Standardiser {
  /** The column that was measured and is changed. */
  readonly column: string;
  /** Mean of each feature. */
  readonly mean: readonly number[];
  /** Population standard deviation of each feature (division by n); 1 for a feature that never changes. */
  readonly deviation: readonly number[];
}

/**
 * Measures a float32 column, to be done on the training rows only. Two passes in float64: deviations from the mean are squared,
 * not the values themselves, so a large mean costs no digits. A feature that never changes has deviation 1: it becomes 0.
 */
export function fitStandardiser<C extends Columns>(data: Dataset<C>, name: keyof C & string = "features"): Standardiser {
  const { data: values, shape } = floatColumn(data, name);
  const width = sizeOf(shape);
  if (data.length === 0) throw fault("fitStandardiser", "there are no rows to measure");
  const mean = new Float64Array(width);
  for (let at = 0; at < values.length; at++) mean[at % width] += values[at] / data.length;
  const squares = new Float64Array(width);
  for (let at = 0; at < values.length; at++) squares[at % width] += (values[at] - mean[at % width]) ** 2;
  // Rounding gives even a constant feature a tiny spread, which must not be divided by.
  const changes = new Uint8Array(width);
  for (let at = width; at < values.length; at++) if (values[at] !== values[at % width]) changes[at % width] = 1;
  const deviation = Array.from(squares, (sum, feature) => (changes[feature] ? Math.sqrt(sum / data.length) : 1));
  return { column: name, mean: Array.from(mean, (value, i) => (changes[i] ? value : values[i])), deviation };
}

/** (x − mean) / deviation, feature by feature: mean 0 and variance 1 on the rows that were measured. */
export function standardise<C extends Columns>(data: Dataset<C>, by: Standardiser): Dataset<C> {
  return rewrite(data, by, (value, mean, deviation) => (value - mean) / deviation);
}

/** Back to the original units: x · deviation + mean. */
export function unstandardise<C extends Columns>(data: Dataset<C>, by: Standardiser): Dataset<C> {
  return rewrite(data, by, (value, mean, deviation) => value * deviation + mean);
}

function rewrite<C extends Columns>(
  data: Dataset<C>,
  { column: name, mean, deviation }: Standardiser,
  change: (value: number, mean: number, deviation: number) => number,
): Dataset<C> {
  const source = floatColumn(data, name);
  const width = sizeOf(source.shape);
  if (width !== mean.length) {
    throw fault("standardise", `column "${name}" does not have the features that were measured`, {
      expected: `${mean.length} features`,
      got: `${width} features`,
    });
  }
  const changed = source.data.map((value, at) => change(value, mean[at % width], deviation[at % width]));
  return dataset<C>({ ...data.columns, [name]: { ...source, data: changed } }, data.info);
}

function floatColumn<C extends Columns>(data: Dataset<C>, name: string): Column<Float32Array> {
  const source: Column<Storage> | undefined = data.columns[name];
  if (source?.data instanceof Float32Array) return source as Column<Float32Array>;
  throw fault("standardise", `column "${name}" does not hold float32`, {
    expected: `one of ${Object.keys(data.columns).join(", ")} that does`,
    got: source === undefined ? "no such column" : source.dtype,
  });
}
