import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type ByteSource, fromCsv } from "../../src/data/index.js";

const flowers = "length,width,species\n1.5,2,rose\n-3e2,.5,lily\n+4.,0,rose\n";

const rows = (data: Float32Array, width: number) =>
  Array.from({ length: data.length / width }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test("a header, a class by name, and numbers in every way people write them", async () => {
  const data = await fromCsv(flowers, { label: "species" });
  assert.deepEqual(rows(data.columns.features.data, 2), [
    [1.5, 2],
    [-300, 0.5],
    [4, 0],
  ]);
  assert.deepEqual([...data.columns.labels.data], [1, 0, 1]);
  assert.deepEqual(data.info, { featureNames: ["length", "width"], classNames: ["lily", "rose"] });
  assert.deepEqual([data.columns.features.shape, data.columns.labels.shape], [[2], []]);
});

test("without a header columns have numbers, and negative places count from the end", async () => {
  const data = await fromCsv("1,2,0\n3,4,1\n", { label: -1 });
  assert.deepEqual(data.info, { featureNames: ["column 1", "column 2"], classNames: ["0", "1"] });
  assert.deepEqual([...(await fromCsv("1,2,0\n3,4,1\n", { label: 0 })).columns.features.data], [2, 0, 4, 1]);
});

test("a number to predict becomes a column of row shape (1), and nothing asked for is features alone", async () => {
  const { columns } = await fromCsv("size,price\n1,10\n2,20\n", { target: "price" });
  assert.deepEqual(columns.targets, { data: Float32Array.of(10, 20), shape: [1], dtype: "float32" });
  assert.deepEqual([...columns.features.data], [1, 2]);
  assert.deepEqual(Object.keys((await fromCsv("1,2\n")).columns), ["features"]);
});

test("chosen features come in the order asked for, and other columns need not be numbers", async () => {
  const text = "id,a,b,kind\nx17,1,2,u\nx18,3,4,v\n";
  const data = await fromCsv(text, { label: "kind", features: ["b", 1] });
  assert.deepEqual(rows(data.columns.features.data, 2), [
    [2, 1],
    [4, 3],
  ]);
  assert.deepEqual(data.info.featureNames, ["b", "a"]);
});

test("classes are sorted by size when they are numbers, and keep a given order otherwise", async () => {
  const sorted = await fromCsv("0,10\n0,9\n0,2\n", { label: 1 });
  assert.deepEqual(sorted.info.classNames, ["2", "9", "10"]);
  const given = await fromCsv("0,no\n0,yes\n", { label: 1, classNames: ["yes", "no", "perhaps"] });
  assert.deepEqual([...given.columns.labels.data], [1, 0]);
  assert.equal(given.info.classNames?.length, 3);
});

test("delimiters, line ends, quotes, blanks, blank lines and a byte order mark do not change what is read", async () => {
  const expected = await fromCsv(flowers, { label: "species" });
  const spellings: Record<string, string> = {
    semicolons: flowers.replaceAll(",", ";"),
    tabs: flowers.replaceAll(",", "\t"),
    bars: flowers.replaceAll(",", "|"),
    "carriage returns": flowers.replaceAll("\n", "\r\n"),
    "old carriage returns": flowers.replaceAll("\n", "\r"),
    "mixed line ends": flowers.replace("\n", "\r\n"),
    quotes: flowers.replace(/[^,\n]+/g, '"$&"'),
    "quotes and carriage returns": flowers.replace(/[^,\n]+/g, '"$&"').replaceAll("\n", "\r\n"),
    blanks: flowers.replaceAll(",", " , "),
    "blank lines": `\n${flowers.replaceAll("\n", "\n\n  \n")}\n`,
    "no line end at the end": flowers.trimEnd(),
    "a byte order mark": `\ufeff${flowers}`,
  };
  for (const [what, text] of Object.entries(spellings)) {
    const { columns, info } = await fromCsv(text, { label: "species" });
    assert.deepEqual({ columns, info }, { columns: expected.columns, info: expected.info }, what);
  }
});

test("text that streams in pieces of any size is read as a whole", async () => {
  const text = 'a,"b ""ü""\nx",c\r\n1,"2",é\r\n"3" ,4,"f\r\nü"\n'.repeat(1);
  const expected = await fromCsv(text, { label: 2 });
  assert.deepEqual(expected.info, { featureNames: ["a", 'b "ü"\nx'], classNames: ["f\nü", "é"] });
  for (let size = 1; size <= 40; size++) {
    const { columns, info } = await fromCsv(inPieces(text, size), { label: 2 });
    assert.deepEqual({ columns, info }, { columns: expected.columns, info: expected.info }, `pieces of ${size} bytes`);
  }
});

test("a long file is read piece by piece with a quoted cell across each cut", async () => {
  const text = Array.from({ length: 5000 }, (_, row) => `${row},"${row % 3}"\n`).join("");
  for (const size of [4096, 5003]) {
    const { length, columns } = await fromCsv(inPieces(text, size), { label: 1 });
    assert.equal(length, 5000);
    assert.ok(columns.features.data.every((value, row) => value === row && columns.labels.data[row] === row % 3));
  }
});

test("strings, bytes, blobs, streams and gzipped bytes are all sources", async () => {
  const bytes = new TextEncoder().encode(flowers);
  const sources: Record<string, ByteSource> = {
    string: flowers,
    bytes,
    buffer: bytes.buffer,
    blob: new Blob([bytes]),
    response: new Response(bytes).body as ReadableStream<Uint8Array>,
    strings: (async function* () {
      yield flowers.slice(0, 9);
      yield flowers.slice(9);
    })(),
    gzip: gzipSync(bytes),
    "gzip in pieces": (async function* () {
      for (const byte of gzipSync(bytes)) yield Uint8Array.of(byte);
    })(),
  };
  for (const [what, source] of Object.entries(sources)) {
    assert.equal((await fromCsv(source, { label: "species" })).length, 3, what);
  }
});

const faults: Record<string, [text: ByteSource, options: object, message: RegExp]> = {
  "an empty file": ["", {}, /^Fault: f\.csv: the file is empty/],
  "a file of blank lines": ["\n \n\n", {}, /^Fault: f\.csv: the file is empty/],
  "a header alone": ["a,b\n", {}, /^Fault: f\.csv: there is a header, and no row after it/],
  "a cell that is no number": [
    "a,b\n1,2\n3,four\n",
    {},
    /^Fault: f\.csv:3:2: cell "four" of column "b" is not a number\n {2}expected {2}a finite decimal number$/,
  ],
  "an empty cell": ["a,b\n1,\n", {}, /^Fault: f\.csv:2:2: the cell of column "b" is empty/],
  "NaN in data": ["1,NaN\n", {}, /^Fault: f\.csv:1:2: cell "NaN" of column "column 2" is not a number/],
  infinity: ["1,Infinity\n", {}, /^Fault: f\.csv:1:2: .* is not a number/],
  "a hexadecimal number": ["1,0x10\n", {}, /is not a number/],
  "a number beyond float32": ["1,1e39\n", {}, /^Fault: f\.csv:1:2: cell "1e39" .* is too large for float32/],
  "a header taken for data": ["150,4,setosa\n1,2,3\n", {}, /^Fault: f\.csv:1:3: [\s\S]*header: "present"/],
  "a row cut short": ["1,2,3\n4,5,6\n7,8", {}, /^Fault: f\.csv:3: the row has 2 cells\n.*3, as in the first row\n.*cut short/],
  "a row too long": ["1,2\n3,4,5\n", {}, /^Fault: f\.csv:2: the row has 3 cells\n.*2, as/],
  "a place after quoted line breaks": ['a,"b\nc\nd"\n1,2\n\n3,x\n', {}, /^Fault: f\.csv:6:2: /],
  "a quotation mark that is never closed": ['1,2\n3,"4\n5,6\n', {}, /^Fault: f\.csv:2: a quoted cell is never closed/],
  "text after a closing quotation mark": ['a,b\n1,"2"x\n', {}, /^Fault: f\.csv:2: text follows a closing quotation mark/],
  "an unknown column": ["a,b\n1,2\n", { label: "c" }, /^Fault: f\.csv:1: there is no column "c"\n {2}expected {2}"a", "b"/],
  "a place beyond the row": [
    "1,2\n",
    { label: 2 },
    /there is no column 2\n {2}expected {2}a place from 0 to 1; there is no header/,
  ],
  "a name without a header": ["1,2\n", { label: "a" }, /there is no column "a"/],
  "an empty label": ["1,\n", { label: 1 }, /^Fault: f\.csv:1:2: the cell of column "column 2" is empty/],
  "a label out of range": [
    "1,b\n",
    { label: 1, classNames: ["a"] },
    /^Fault: f\.csv:1:2: label "b" is out of range[\s\S]*expected {2}a$/,
  ],
  "label and target": ["1,2\n", { label: 0, target: 1 }, /^Fault: f\.csv: a label and a target are both asked for/],
  "no features": ["1\n", { label: 0 }, /there are no feature columns/],
  "bytes that are not UTF-8": [Uint8Array.of(0x31, 0x2c, 0xff, 0x0a), {}, /^Fault: f\.csv: the text is not UTF-8/],
  "gzip cut short": [gzipSync(flowers.repeat(50)).subarray(0, 60), {}, /^Fault: f\.csv: the gzip data is damaged or cut short/],
  "gzip damaged": [gzipSync(flowers).fill(7, 12, 20), {}, /^Fault: f\.csv: the gzip data is damaged or cut short/],
};

for (const [what, [text, options, message]] of Object.entries(faults)) {
  test(`${what} is a fault that names the place`, async () => {
    await assert.rejects(fromCsv(text, { name: "f.csv", ...options }), message);
  });
}
