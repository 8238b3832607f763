import { filePieces } from "#platform/files.js";
import {
  type CsvOptions,
  type FeatureData,
  fromCsv,
  type LabelledCsvOptions,
  type LabelledData,
  type TargetCsvOptions,
  type TargetData,
} from "./csv.js";
import type { Dataset } from "./dataset.js";
import { fromIdx, type IdxOptions } from "./idx.js";

/** Reads a CSV file (in a page: an address), plain or gzipped. Options and messages are those of fromCsv; the name is the path. */
export async function readCsvFile(path: string, options: LabelledCsvOptions): Promise<LabelledData>;
export async function readCsvFile(path: string, options: TargetCsvOptions): Promise<TargetData>;
export async function readCsvFile(path: string, options?: CsvOptions): Promise<FeatureData>;
export async function readCsvFile(path: string, options: CsvOptions = {}): Promise<Dataset> {
  return (await fromCsv(filePieces(path), { name: path, ...options })) as Dataset;
}

/** Reads images and labels from two IDX files (in a page: addresses), plain or gzipped. */
export async function readIdxFiles(
  paths: { readonly images: string; readonly labels: string },
  options: IdxOptions = {},
): Promise<LabelledData> {
  return fromIdx({ images: filePieces(paths.images), labels: filePieces(paths.labels) }, { names: paths, ...options });
}
