import assert from "node:assert/strict";
import { test } from "node:test";
import { createWriter } from "../../src/lower/onnx/wire.js";

test("a message is written whole wherever it falls: the buffer may have to grow inside it", () => {
  // Field 2, length 5: field 1, length 3, "abc" (protobuf encoding, worked out by hand).
  const message = [0x12, 5, 0x0a, 3, 0x61, 0x62, 0x63];
  for (let before = 4000; before < 4200; before++) {
    const writer = createWriter();
    writer.bytes(1, new Uint8Array(before));
    writer.message(2, () => writer.string(1, "abc"));
    assert.deepEqual([...writer.finish().slice(-message.length)], message, `after ${before} bytes`);
  }
});
