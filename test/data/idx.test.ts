import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { fromIdx, parseIdx } from "../../src/data/index.js";

/** Bytes by hand, after the format's description: 00 00, type, rank, axes big-endian, values big-endian. */
const hex = (text: string) => Uint8Array.from(text.trim().split(/\s+/), (byte) => Number.parseInt(byte, 16));

const images = hex("00 00 08 03  00 00 00 02  00 00 00 01  00 00 00 03   00 33 ff  66 cc 01");
const labels = hex("00 00 08 01  00 00 00 02   02 00");
const names = { images: "images.idx", labels: "labels.idx" };

test("every element type is read, big-endian, from any place in memory", () => {
  const read = (text: string) => {
    const shifted = Uint8Array.of(9, ...hex(text)).subarray(1);
    const { shape, data } = parseIdx(shifted);
    return [data[Symbol.toStringTag], shape, [...data]];
  };
  assert.deepEqual(read("00 00 08 01 00 00 00 02 00 ff"), ["Uint8Array", [2], [0, 255]]);
  assert.deepEqual(read("00 00 09 01 00 00 00 02 00 ff"), ["Int8Array", [2], [0, -1]]);
  assert.deepEqual(read("00 00 0b 01 00 00 00 02 01 02 ff fe"), ["Int16Array", [2], [258, -2]]);
  assert.deepEqual(read("00 00 0c 01 00 00 00 01 ff ff ff fe"), ["Int32Array", [1], [-2]]);
  assert.deepEqual(read("00 00 0d 01 00 00 00 01 c0 48 00 00"), ["Float32Array", [1], [-3.125]]);
  assert.deepEqual(read("00 00 0e 01 00 00 00 01 3f f8 00 00 00 00 00 00"), ["Float64Array", [1], [1.5]]);
  assert.deepEqual(read("00 00 08 02 00 00 00 00 00 00 00 05"), ["Uint8Array", [0, 5], []]);
  assert.deepEqual(read("00 00 08 00 07"), ["Uint8Array", [], [7]]);
});

test("images become vectors in [0, 1] with their labels, plain or gzipped", async () => {
  for (const pack of [(bytes: Uint8Array) => bytes, (bytes: Uint8Array) => gzipSync(bytes)]) {
    const { length, columns, info } = await fromIdx({ images: pack(images), labels: pack(labels) });
    assert.equal(length, 2);
    assert.deepEqual(columns.features, {
      data: Float32Array.of(0, 51 / 255, 1, 102 / 255, 204 / 255, 1 / 255),
      shape: [3],
      dtype: "float32",
    });
    assert.deepEqual(columns.labels, { data: Int32Array.of(2, 0), shape: [], dtype: "int32" });
    assert.deepEqual(info, { classNames: ["0", "1", "2"], imageShape: [1, 3] });
  }
  const raw = await fromIdx({ images, labels }, { scale: 1, classNames: ["a", "b", "c", "d"] });
  assert.equal(raw.columns.features.data[2], 255);
  assert.equal(raw.info.classNames?.length, 4);
});

const faults: Record<string, [images: Uint8Array, labels: Uint8Array, message: RegExp]> = {
  "an empty file": [new Uint8Array(), labels, /^Fault: images\.idx: this is not an IDX file[\s\S]*0 bytes/],
  "a wrong magic number": [
    hex("89 50 4e 47 0d 0a"),
    labels,
    /^Fault: images\.idx: this is not an IDX file[\s\S]*got {7}89 50 4e 47/,
  ],
  "an unknown element type": [hex("00 00 0a 01 00 00 00 01 00"), labels, /this is not an IDX file/],
  "a header cut short": [
    images.subarray(0, 10),
    labels,
    /images\.idx: the file has the wrong length\n.*16 bytes of header\n.*10 bytes/,
  ],
  "data cut short": [images.subarray(0, 20), labels, /wrong length\n.*22 bytes for shape \(2 1 3\)\n.*20 bytes\n.*cut short/],
  "bytes after the data": [images, Uint8Array.of(...labels, 0), /^Fault: labels\.idx: the file has the wrong length/],
  "axes far beyond the file": [hex(`00 00 0e ff${" ff ff ff ff".repeat(255)}`), labels, /wrong length/],
  "labels in place of images": [labels, labels, /^Fault: images\.idx: these are not images/],
  "images in place of labels": [images, images, /^Fault: labels\.idx: these are not labels/],
  "labels that are not whole": [images, hex("00 00 0d 01 00 00 00 02 00 00 00 00 00 00 00 00"), /these are not labels/],
  "another number of labels": [images, hex("00 00 08 01 00 00 00 01 00"), /not one label for each image\n.*2 images, 1 labels/],
  "a negative label": [images, hex("00 00 09 01 00 00 00 02 ff 00"), /labels: row 0 has label -1, which is out of range/],
  "gzip cut short": [gzipSync(images).subarray(0, 25), labels, /images\.idx: the gzip data is damaged or cut short/],
};

for (const [what, [badImages, badLabels, message]] of Object.entries(faults)) {
  test(`${what} is a fault that names the file`, async () => {
    await assert.rejects(fromIdx({ images: badImages, labels: badLabels }, { names }), message);
  });
}

test("a label beyond the given classes is a fault", async () => {
  await assert.rejects(fromIdx({ images, labels }, { classNames: ["a", "b"] }), /row 0 has label 2, which is out of range/);
});
