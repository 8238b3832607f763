import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readSafetensors, type StoredTensor, writeSafetensors } from "../../src/interop/safetensors.js";

/** Written by safetensors 0.8.0 and numpy 2.4.6: tools/interop/reference_safetensors.py write, whose values stand below. */
const reference = readFileSync(new URL("./fixtures/reference.safetensors", import.meta.url));

const tensors: Record<string, StoredTensor> = {
  "layer.0.weight": { dtype: "F32", shape: [2, 3], data: Float32Array.of(1.5, -2.25, 3e-38, 0.1, Number.POSITIVE_INFINITY, -0) },
  "layer.0.bias": { dtype: "F64", shape: [2], data: Float64Array.of(1e300, -1e-300) },
  step: { dtype: "I32", shape: [], data: Int32Array.of(7) },
  key: { dtype: "U32", shape: [2], data: Uint32Array.of(2 ** 32 - 1, 0) },
  ids: { dtype: "I64", shape: [3], data: BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n, 0n) },
  mask: { dtype: "BOOL", shape: [3], data: Uint8Array.of(1, 0, 1) },
  bytes: { dtype: "U8", shape: [2], data: Uint8Array.of(0, 255) },
  empty: { dtype: "F32", shape: [0, 3], data: new Float32Array() },
  größe: { dtype: "I32", shape: [1, 1, 1], data: Int32Array.of(4) },
};
const metadata = { format: "np", note: 'a "quoted" ünicode line\n' };

/** A file of the given header text and data, made by hand. */
function file(header: string | Uint8Array, data: number | Uint8Array = 0, length?: bigint): Uint8Array {
  const json = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  return Uint8Array.of(...prefix, ...json, ...(typeof data === "number" ? new Uint8Array(data) : data));
}

test("a file of the Python package is read to the bit, whatever its place in memory", () => {
  assert.deepEqual(readSafetensors(reference), { tensors, metadata });
  const shifted = new Uint8Array(reference.length + 3);
  shifted.set(reference, 3);
  assert.deepEqual(readSafetensors(shifted.subarray(3)), { tensors, metadata });
});

test("what is read is a copy: changing it leaves the bytes of the file alone", () => {
  const bytes = Buffer.from(reference);
  const { mask } = readSafetensors(bytes).tensors;
  mask.data.fill(0 as never);
  assert.deepEqual(bytes, reference);
});

test("what is written is read back, in any order of names, and is the same bytes every time", () => {
  const bytes = writeSafetensors(tensors, metadata);
  assert.deepEqual(readSafetensors(bytes), { tensors, metadata });
  const reversed = Object.fromEntries(Object.entries(tensors).reverse());
  assert.deepEqual(writeSafetensors(reversed, metadata), bytes);
});

test("every tensor of a written file begins at a multiple of its element size", () => {
  const bytes = writeSafetensors(tensors, metadata);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  for (const [name, { data }] of Object.entries(tensors)) {
    assert.equal((8 + length + header[name].data_offsets[0]) % data.BYTES_PER_ELEMENT, 0, name);
  }
});

test("a view of a larger array is written as the view alone", () => {
  const data = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
  const { part } = readSafetensors(writeSafetensors({ part: { dtype: "F32", shape: [2], data } })).tensors;
  assert.deepEqual(part.data, Float32Array.of(1, 2));
});

test("no tensors, and names that objects are born with, are written and read", () => {
  assert.deepEqual(readSafetensors(writeSafetensors({})), { tensors: {}, metadata: {} });
  const odd = Object.fromEntries(
    ["__proto__", "constructor", "12", ""].map((name) => [name, { dtype: "U8", shape: [], data: Uint8Array.of(1) } as const]),
  );
  assert.deepEqual(readSafetensors(writeSafetensors(odd)).tensors, odd);
});

test("blanks after the header, fields in any order and zeros in a shape are as the format says", () => {
  const header =
    '{"b":{"data_offsets":[4,4],"shape":[9007199254740991,9007199254740991,0],"dtype":"F32"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  ';
  const { a, b } = readSafetensors(file(header, 4)).tensors;
  assert.deepEqual(a.data, Float32Array.of(0));
  assert.equal(b.data.length, 0);
});

const f32 = (name: string, from: number, to: number, shape = `[${(to - from) / 4}]`) =>
  `"${name}":{"dtype":"F32","shape":${shape},"data_offsets":[${from},${to}]}`;

const broken: Record<string, [bytes: Uint8Array, message: RegExp]> = {
  "an empty file": [new Uint8Array(), /too short/],
  "a header longer than the file": [file("{}", 0, 3n), /header is longer.*\n.*at most 2 bytes\n.*3 bytes/],
  "a header length of 2^64 - 1": [file("{}", 0, 2n ** 64n - 1n), /header is longer/],
  "a header that is not UTF-8": [file(Uint8Array.of(0x7b, 0xff, 0x7d)), /not UTF-8/],
  "a header with a byte order mark": [file("\ufeff{}"), /does not begin with \{/],
  "a header that begins with a blank": [file(" {}"), /does not begin with \{/],
  "no header at all": [file(""), /does not begin with \{/],
  "a header cut short": [file('{"a":'), /not JSON/],
  "a header nested a million deep": [file(`{"a":${"[".repeat(1e6)}`.slice(0, 90_000)), /not JSON/],
  "a name twice": [file(`{${f32("a", 0, 4)},${f32("a", 4, 8)}}`, 8), /key "a" twice/],
  "a name twice, once escaped": [file(`{${f32("a", 0, 4)},${f32("\\u0061", 4, 8)}}`, 8), /key "a" twice/],
  "a field twice": [file('{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1), /key "dtype" twice/],
  "tensors that overlap": [file(`{${f32("a", 0, 8)},${f32("b", 4, 12)}}`, 12), /b: the data overlaps/],
  "two tensors in one place": [file(`{${f32("a", 0, 4)},${f32("b", 0, 4)}}`, 4), /overlaps/],
  "a gap between tensors": [file(`{${f32("a", 0, 4)},${f32("b", 8, 12)}}`, 12), /b: there is a gap/],
  "a gap before the first tensor": [file(`{${f32("a", 4, 8)}}`, 8), /a: there is a gap/],
  "bytes after the last tensor": [file(`{${f32("a", 0, 4)}}`, 5), /another length.*\n.*\n.*\n.*after its last tensor/],
  "data cut short": [file(`{${f32("a", 0, 8)}}`, 4), /another length.*\n.*\n.*\n.*cut short/],
  "a shape of another size than the data": [file(`{${f32("a", 0, 8, "[3]")}}`, 8), /another size.*\n.*12 bytes for F32/],
  "a shape whose size overflows": [file(`{${f32("a", 0, 0, "[4294967296,4294967296,4294967296]")}}`), /another size/],
  "a huge shape with honest offsets": [file(`{${f32("a", 0, 4e15, "[1000000000000000]")}}`), /another length/],
  "a negative axis": [file(`{${f32("a", 0, 4, "[-1,-1]")}}`, 4), /not a list of whole numbers/],
  "a fractional axis": [file(`{${f32("a", 0, 4, "[1.5]")}}`, 4), /not a list of whole numbers/],
  "an axis beyond 2^53": [file(`{${f32("a", 0, 4, "[1e300]")}}`, 4), /not a list of whole numbers/],
  "offsets that go back": [file(`{${f32("a", 4, 0, "[1]")}}`, 4), /not a begin and an end/],
  "one offset": [file('{"a":{"dtype":"U8","shape":[1],"data_offsets":[0]}}', 1), /not a begin and an end/],
  "no offsets": [file('{"a":{"dtype":"U8","shape":[1]}}', 1), /not a begin and an end.*\n.*none/],
  "an unknown element type": [file('{"a":{"dtype":"F13","shape":[1],"data_offsets":[0,1]}}', 1), /element type.*\n.*\n.*"F13"/],
  "an element type that objects are born with": [
    file('{"a":{"dtype":"constructor","shape":[1],"data_offsets":[0,1]}}', 1),
    /element type/,
  ],
  "a description that is no object": [file('{"a":[1]}'), /not an object/],
  "metadata that is not text": [file('{"__metadata__":{"a":1}}'), /not an object of strings/],
};

for (const [what, [bytes, message]] of Object.entries(broken)) {
  test(`${what} is a fault that names the file`, () => {
    assert.throws(
      () => readSafetensors(bytes, "run/model.safetensors"),
      (error: Error) => {
        assert.equal(error.name, "Fault");
        assert.match(error.message, /^run\/model\.safetensors/);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test("a tensor that is not what it says is not written", () => {
  const write = (tensor: StoredTensor, name = "w") => writeSafetensors({ [name]: tensor });
  assert.throws(() => write({ dtype: "F32", shape: [3], data: new Float32Array(2) }), /w is not what its description says/);
  assert.throws(() => write({ dtype: "F64", shape: [2], data: new Float32Array(2) } as never), /Float64Array/);
  assert.throws(() => write({ dtype: "U8", shape: [0], data: new Uint8Array() }, "__metadata__"), /no tensor may be called/);
});
