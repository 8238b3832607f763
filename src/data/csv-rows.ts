import Papa from "papaparse";
import { fault } from "../ir/fault.js";
import { type ByteSource, readText } from "./bytes.js";

/** A row of a CSV file, cells without surrounding blanks, and the line of the file on which it begins, from 1. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly line: number;
}

const delimiters = [",", ";", "\t", "|"];

/** A row longer than this is a quotation mark that nothing closes, not a row. */
const longestRow = 1 << 24;

/** Characters to see before the delimiter is guessed. */
const firstLook = 1 << 12;

/** The rows of CSV text (RFC 4180) as it streams in. Blank lines are no rows. Without a delimiter the first rows tell it. */
export async function* csvRows(source: ByteSource, name: string, delimiter?: string): AsyncGenerator<CsvRow, void> {
  let parser: Papa.Parser | undefined;
  let waiting = "";
  let line = 1;
  for await (const { text, last } of withLast(unixLines(readText(source, name)))) {
    waiting += text;
    if (!last && parser === undefined && waiting.length < firstLook) continue;
    parser ??= new Papa.Parser({ delimiter: delimiter ?? guessDelimiter(waiting), newline: "\n" });
    const { data, errors, meta }: Papa.ParseResult<string[]> = parser.parse(waiting, 0, !last);
    // What is wrong with a row that is not whole yet may come right with the next piece.
    const wrong = errors.find(({ row = 0 }) => last || row < data.length);
    if (wrong !== undefined) throw quoteFault(name, data, wrong, line);
    for (const cells of data) {
      if (cells.length > 1 || cells[0].trim() !== "") yield { cells: cells.map((cell) => cell.trim()), line };
      line += linesOf(cells);
    }
    waiting = last ? "" : waiting.slice(meta.cursor);
    if (waiting.length > longestRow) {
      throw fault(`${name}:${line}`, `the row does not end within ${longestRow} characters`, {
        fix: "look for a quotation mark that is never closed",
      });
    }
  }
}

/** Lines of the file that a row takes: line breaks inside quoted cells count. */
function linesOf(cells: readonly string[]): number {
  let lines = 1;
  for (const cell of cells) if (cell.includes("\n")) lines += cell.split("\n").length - 1;
  return lines;
}

function guessDelimiter(text: string): string {
  return Papa.parse(text, { preview: 20, delimitersToGuess: delimiters }).meta.delimiter;
}

function quoteFault(name: string, rows: readonly string[][], { code, row = 0 }: Papa.ParseError, firstLine: number) {
  const line = rows.slice(0, row).reduce((at, cells) => at + linesOf(cells), firstLine);
  const problem = code === "MissingQuotes" ? "a quoted cell is never closed" : "text follows a closing quotation mark";
  return fault(`${name}:${line}`, problem, { fix: 'write a quotation mark inside a quoted cell twice: ""' });
}

/** Line ends of every system as "\n". A carriage return at the end of a piece waits for what follows it. */
async function* unixLines(pieces: AsyncIterable<string>): AsyncGenerator<string, void> {
  let held = "";
  for await (const piece of pieces) {
    const text = held + piece;
    held = text.endsWith("\r") ? "\r" : "";
    yield text.slice(0, text.length - held.length).replace(/\r\n?/g, "\n");
  }
  if (held !== "") yield "\n";
}

/** The pieces, then an empty one marked as the last. */
async function* withLast(pieces: AsyncIterable<string>): AsyncGenerator<{ text: string; last: boolean }, void> {
  for await (const text of pieces) yield { text, last: false };
  yield { text: "", last: true };
}
