import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { fault } from "../../ir/fault.js";
import {
  type CsvOptions,
  type FeatureData,
  fromCsv,
  type LabelledCsvOptions,
  type LabelledData,
  type TargetCsvOptions,
  type TargetData,
} from "../csv.js";
import type { Dataset } from "../dataset.js";
import { fromIdx, type IdxOptions } from "../idx.js";

/** Reads a CSV file of this machine, plain or gzipped. Options and messages are those of fromCsv; the name is the path. */
export async function readCsvFile(path: string, options: LabelledCsvOptions): Promise<LabelledData>;
export async function readCsvFile(path: string, options: TargetCsvOptions): Promise<TargetData>;
export async function readCsvFile(path: string, options?: CsvOptions): Promise<FeatureData>;
export async function readCsvFile(path: string, options: CsvOptions = {}): Promise<Dataset> {
  return (await fromCsv(filePieces(path), { name: path, ...options })) as Dataset;
}

/** Reads images and labels from two IDX files of this machine, plain or gzipped. */
export async function readIdxFiles(
  paths: { readonly images: string; readonly labels: string },
  options: IdxOptions = {},
): Promise<LabelledData> {
  return fromIdx({ images: filePieces(paths.images), labels: filePieces(paths.labels) }, { names: paths, ...options });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "this is a folder, not a file",
  EACCES: "the file may not be read",
  EPERM: "the file may not be read",
};

/** The bytes of a file, piece by piece. */
export async function* filePieces(path: string): AsyncGenerator<Uint8Array, void> {
  try {
    // Reading a folder fails on some systems only, opening a pipe would wait for ever.
    if ((await stat(path)).isDirectory()) throw Object.assign(new Error("EISDIR"), { code: "EISDIR" });
    for await (const piece of createReadStream(path)) yield piece as Uint8Array;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw fault(path, reasons[code] ?? `the file cannot be read: ${message}`, {}, error);
  }
}
