/** Data: from arrays, iterables, CSV and IDX to shuffled batches. */
export type { BatchOptions } from "./batches.js";
export type { ByteSource } from "./bytes.js";
export type { Column, ColumnInput, Columns, Storage, Values } from "./columns.js";
export {
  type CsvColumn,
  type CsvOptions,
  type FeatureData,
  fromCsv,
  type LabelledCsvOptions,
  type LabelledData,
  type TargetCsvOptions,
  type TargetData,
} from "./csv.js";
export { type Batch, type Dataset, type DatasetInfo, fromArrays, type Sample, type SplitOptions } from "./dataset.js";
export { digits } from "./digits.js";
export { readCsvFile, readIdxFiles } from "./files.js";
export { fromIdx, type IdxArray, type IdxOptions, parseIdx } from "./idx.js";
export { iris } from "./iris.js";
export { epochOrder, permutation } from "./order.js";
export { fitStandardiser, type Standardiser, standardise, unstandardise } from "./standardise.js";
export {
  batchSamples,
  fromSamples,
  mapStream,
  prefetch,
  type SampleInput,
  type Stream,
  shuffleStream,
  takeStream,
} from "./stream.js";
export { type Epoch, type StreamedData, streamed } from "./streamed.js";
