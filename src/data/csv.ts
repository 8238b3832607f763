import { fault } from "../ir/fault.js";
import type { ByteSource } from "./bytes.js";
import type { ColumnInput } from "./columns.js";
import { type CsvRow, csvRows } from "./csv-rows.js";
import { type Dataset, fromArrays } from "./dataset.js";

/** A column of the file: its name in the header, or its place from 0; −1 is the last. */
export type CsvColumn = string | number;

export interface CsvOptions {
  /** What messages call the source, usually its file name. */
  readonly name?: string;
  /** Whether the first row names the columns. `"detect"`, the default: it does when no cell in it is a number. */
  readonly header?: "present" | "absent" | "detect";
  /** What stands between cells; told from the first rows by default, out of comma, semicolon, tab and bar. */
  readonly delimiter?: string;
  /** The columns to use as features, in this order; all others by default. */
  readonly features?: readonly CsvColumn[];
}

export interface LabelledCsvOptions extends CsvOptions {
  /** The column that holds the class of a row: text or whole numbers. */
  readonly label: CsvColumn;
  /** The classes in order. By default those that occur, numbers by size, other text by character code. */
  readonly classNames?: readonly string[];
}

export interface TargetCsvOptions extends CsvOptions {
  /** The column that holds the number to predict. */
  readonly target: CsvColumn;
}

/** Rows with a class: labels count classes from 0, `info.classNames` names them. */
export type LabelledData = Dataset<{ features: Float32Array; labels: Int32Array }>;
/** Rows with a number to predict, as a column of row shape (1). */
export type TargetData = Dataset<{ features: Float32Array; targets: Float32Array }>;
export type FeatureData = Dataset<{ features: Float32Array }>;

/**
 * Reads a CSV file, plain or gzipped, as it streams in. Every cell but those of the label must be a finite number.
 * What is wrong is told with its place: `data.csv:17:3: cell "abc" of column "age" is not a number` (line, then cell in the row).
 */
export async function fromCsv(source: ByteSource, options: LabelledCsvOptions): Promise<LabelledData>;
export async function fromCsv(source: ByteSource, options: TargetCsvOptions): Promise<TargetData>;
export async function fromCsv(source: ByteSource, options?: CsvOptions): Promise<FeatureData>;
export async function fromCsv(source: ByteSource, options: AnyCsvOptions = {}): Promise<Dataset> {
  const { name = "csv" } = options;
  if (options.label !== undefined && options.target !== undefined) {
    throw fault(name, "a label and a target are both asked for", { fix: "give label for classes, or target for a number" });
  }
  let table: Table | undefined;
  let reader: RowReader | undefined;
  for await (const row of csvRows(source, name, options.delimiter)) {
    if (table === undefined) {
      table = describe(row, options, name);
      reader = rowReader(table, name);
      if (table.header) continue;
    }
    reader?.add(row);
  }
  if (table === undefined || reader === undefined || reader.rows() === 0) {
    throw fault(name, table === undefined ? "the file is empty" : "there is a header, and no row after it");
  }
  return assemble(table, reader, options, name);
}

type AnyCsvOptions = CsvOptions & Partial<Omit<LabelledCsvOptions, "name"> & TargetCsvOptions>;

/** What the first row and the options say about the file. Columns are places from 0. */
interface Table {
  readonly header: boolean;
  readonly names: readonly string[];
  readonly features: readonly number[];
  readonly label: number | null;
  readonly target: number | null;
}

interface RowReader {
  add(row: CsvRow): void;
  rows(): number;
  readonly features: number[];
  readonly targets: number[];
  readonly labels: { readonly text: string; readonly line: number }[];
}

function describe({ cells, line }: CsvRow, options: AnyCsvOptions, name: string): Table {
  const { header: asked = "detect" } = options;
  const header = asked === "detect" ? cells.every((cell) => Number.isNaN(readNumber(cell))) : asked === "present";
  const names = cells.map((cell, place) => (header && cell !== "" ? cell : `column ${place + 1}`));
  const find = (column: CsvColumn): number => {
    const place =
      typeof column === "string" ? (header ? names.indexOf(column) : -1) : column < 0 ? cells.length + column : column;
    if (Number.isInteger(place) && place >= 0 && place < cells.length) return place;
    throw fault(`${name}:${line}`, `there is no column ${JSON.stringify(column)}`, {
      expected: header
        ? names.map((known) => JSON.stringify(known)).join(", ")
        : `a place from 0 to ${cells.length - 1}; there is no header`,
    });
  };
  const label = options.label === undefined ? null : find(options.label);
  const target = options.target === undefined ? null : find(options.target);
  const others = names.map((_, place) => place).filter((place) => place !== label && place !== target);
  const features = options.features?.map(find) ?? others;
  if (features.length === 0) throw fault(`${name}:${line}`, "there are no feature columns", { got: names.join(", ") });
  return { header, names, features, label, target };
}

function rowReader(table: Table, name: string): RowReader {
  const features: number[] = [];
  const targets: number[] = [];
  const labels: { text: string; line: number }[] = [];
  let rows = 0;
  const number = ({ cells, line }: CsvRow, place: number): number => {
    const value = readNumber(cells[place]);
    // float32 is what the value will be stored in: beyond its range it would turn into infinity.
    if (Number.isFinite(Math.fround(value))) return value;
    throw cellFault(name, line, place, table, cells[place]);
  };
  return {
    features,
    targets,
    labels,
    rows: () => rows,
    add(row) {
      if (row.cells.length !== table.names.length) throw widthFault(name, row, table);
      for (const place of table.features) features.push(number(row, place));
      if (table.target !== null) targets.push(number(row, table.target));
      if (table.label !== null) {
        if (row.cells[table.label] === "") throw cellFault(name, row.line, table.label, table, "");
        labels.push({ text: row.cells[table.label], line: row.line });
      }
      rows++;
    },
  };
}

function assemble(table: Table, reader: RowReader, options: AnyCsvOptions, name: string): Dataset {
  const width = table.features.length;
  const columns: Record<string, ColumnInput> = { features: { data: Float32Array.from(reader.features), shape: [width] } };
  if (table.target !== null) columns.targets = { data: Float32Array.from(reader.targets), shape: [1] };
  const info = { featureNames: table.features.map((place) => table.names[place]) };
  if (table.label === null) return fromArrays(columns, info) as Dataset;
  const place = table.label;
  const classNames = options.classNames ?? sortedClasses(reader.labels.map(({ text }) => text));
  const numbers = new Map(classNames.map((className, index) => [className, index]));
  columns.labels = Int32Array.from(reader.labels, ({ text, line }) => {
    const label = numbers.get(text);
    if (label !== undefined) return label;
    throw fault(`${name}:${line}:${place + 1}`, `label "${text}" is out of range: it is none of the classes`, {
      expected: classNames.join(", "),
    });
  });
  return fromArrays(columns, { ...info, classNames }) as Dataset;
}

function sortedClasses(labels: readonly string[]): string[] {
  const names = [...new Set(labels)];
  const numeric = names.every((name) => !Number.isNaN(readNumber(name)));
  return numeric ? names.sort((a, b) => Number(a) - Number(b)) : names.sort();
}

/** A decimal number as people write it; NaN for everything else, also for "", "0x10" and "Infinity". */
function readNumber(cell: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell) ? Number(cell) : Number.NaN;
}

function cellFault(name: string, line: number, place: number, { names }: Table, cell: string) {
  const where = `${name}:${line}:${place + 1}`;
  if (cell === "") return fault(where, `the cell of column "${names[place]}" is empty`, { fix: "fill it or leave the row out" });
  const numeric = !Number.isNaN(readNumber(cell));
  const shown = cell.length > 40 ? `${cell.slice(0, 40)}…` : cell;
  const problem = numeric ? "is too large for float32" : "is not a number";
  return fault(where, `cell "${shown}" of column "${names[place]}" ${problem}`, {
    expected: "a finite decimal number",
    ...(line === 1 ? { fix: 'if this row names the columns, say header: "present"' } : {}),
  });
}

function widthFault(name: string, { cells, line }: CsvRow, { names }: Table) {
  const short = cells.length < names.length;
  return fault(`${name}:${line}`, `the row has ${cells.length} cells`, {
    expected: `${names.length}, as in the first row`,
    fix: short ? "the file may be cut short here" : "put cells that hold the delimiter in quotation marks",
  });
}
