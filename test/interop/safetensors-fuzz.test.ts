import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { boundedDraws } from "../../src/data/order.js";
import { readSafetensors, writeSafetensors } from "../../src/interop/safetensors.js";
import { Fault } from "../../src/ir/fault.js";
import { key } from "../../src/random/counter.js";

const seed = Number(process.env.SOFTGRAD_TEST_SEED ?? 20);
const reference = new Uint8Array(readFileSync(new URL("./fixtures/reference.safetensors", import.meta.url)));
const headerEnd = 8 + Number(new DataView(reference.buffer).getBigUint64(0, true));

type Draw = (bound: number) => number;
type Bytes = Uint8Array<ArrayBuffer>;

/** Pieces that headers are made of, and neighbours of them. */
const pieces = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  "-1",
  "0",
  "4",
  "1e999",
  "18446744073709551616",
  "null",
  "true",
  " ",
  "\u0000",
  "é",
  '"F32"',
  '"dtype"',
  '"shape"',
  '"data_offsets"',
  '"__metadata__"',
  '"__proto__"',
  '"a"',
  '"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}',
];

const mutations: readonly ((bytes: Bytes, draw: Draw) => Bytes)[] = [
  // A byte of the header becomes another.
  (bytes, draw) => {
    bytes[draw(headerEnd)] = draw(256);
    return bytes;
  },
  // The header length becomes another.
  (bytes, draw) => {
    new DataView(bytes.buffer).setBigUint64(0, BigInt(draw(2 ** 32)) << BigInt(draw(33)), true);
    return bytes;
  },
  // The file ends early, or late.
  (bytes, draw) => bytes.slice(0, draw(bytes.length)),
  (bytes, draw) => Uint8Array.of(...bytes, ...new Uint8Array(1 + draw(20))),
  // A number of the header becomes another.
  (bytes, draw) => {
    const places = [...bytes.keys()].filter((at) => at >= 8 && at < headerEnd && bytes[at] >= 0x30 && bytes[at] <= 0x39);
    bytes[places[draw(places.length)]] = 0x30 + draw(10);
    return bytes;
  },
  // A piece of JSON stands where others stood; the length is that of the new header.
  (bytes, draw) => {
    const at = 8 + draw(headerEnd - 8);
    const piece = new TextEncoder().encode(pieces[draw(pieces.length)]);
    const removed = Math.min(draw(8), headerEnd - at);
    const changed = Uint8Array.of(...bytes.subarray(0, at), ...piece, ...bytes.subarray(at + removed));
    new DataView(changed.buffer).setBigUint64(0, BigInt(headerEnd - 8 + piece.length - removed), true);
    return changed;
  },
  // Nothing but pieces.
  (_, draw) => {
    const header = new TextEncoder().encode(`{${Array.from({ length: draw(30) }, () => pieces[draw(pieces.length)]).join("")}}`);
    const bytes = Uint8Array.of(...new Uint8Array(8), ...header, ...new Uint8Array(4));
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    return bytes;
  },
];

test(`10,000 damaged files are read whole or refused with a fault (seed ${seed})`, () => {
  const draw = boundedDraws(key(seed), 1 << 16);
  let refused = 0;
  for (let round = 0; round < 10_000; round++) {
    let bytes = reference.slice();
    for (let times = 1 + draw(2); times > 0 && bytes.length >= headerEnd; times--)
      bytes = mutations[draw(mutations.length)](bytes, draw);
    try {
      const { tensors, metadata } = readSafetensors(bytes);
      const again = readSafetensors(writeSafetensors(tensors, metadata));
      assert.deepEqual(again, { tensors, metadata }, `round ${round}`);
    } catch (error) {
      assert.ok(error instanceof Fault, `round ${round}: ${(error as Error).stack}`);
      refused++;
    }
  }
  // Some damage is harmless (a letter of a name, an axis of an empty tensor); most is not.
  assert.ok(refused > 5000 && refused < 10_000, `${refused} refused`);
});
