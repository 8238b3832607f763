/**
 * Write-only protocol buffers: tags, varints, strings, bytes and nested messages
 * (https://protobuf.dev/programming-guides/encoding). Fields appear in the order they are written.
 */
export interface Writer {
  /** int32, int64 or enum. Exact for safe integers and for every bigint of 64 bits. */
  integer(field: number, value: number | bigint): void;
  float(field: number, value: number): void;
  string(field: number, value: string): void;
  bytes(field: number, value: Uint8Array): void;
  message(field: number, body: () => void): void;
  /** Everything written, in a buffer of its own. */
  finish(): Uint8Array;
}

const VARINT = 0;
const LENGTH_PREFIXED = 2;
const FIXED_32 = 5;

export function createWriter(): Writer {
  let buffer = new Uint8Array(4096);
  let view = new DataView(buffer.buffer);
  let end = 0;
  const utf8 = new TextEncoder();

  function reserve(count: number): void {
    if (end + count <= buffer.length) return;
    const larger = new Uint8Array(Math.max(buffer.length * 2, end + count));
    larger.set(buffer.subarray(0, end));
    buffer = larger;
    view = new DataView(buffer.buffer);
  }

  function varint(value: number): void {
    reserve(10);
    let rest = value;
    while (rest > 127) {
      buffer[end++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    buffer[end++] = rest;
  }

  // Negative integers are written as their 64-bit two's complement, which always takes ten bytes.
  function wideVarint(value: bigint): void {
    reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      buffer[end++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    buffer[end++] = Number(rest);
  }

  const tag = (field: number, wire: number): void => varint(field * 8 + wire);

  // The length comes before the content but is known after it: keep one byte free and move the content in the rare case of more.
  function prefixed(content: () => void): void {
    reserve(1);
    const start = ++end;
    content();
    const length = end - start;
    let extra = 0;
    for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) extra++;
    // Room for the moved content and for what varint asks for: growing inside it would keep only what is before the length.
    reserve(extra + 10);
    if (extra > 0) buffer.copyWithin(start + extra, start, end);
    end = start - 1;
    varint(length);
    end += length;
  }

  // Names are short and ASCII: copying them here is several times faster than a call to the encoder.
  function text(value: string): void {
    reserve(value.length * 3);
    const start = end;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code > 127) {
        end = start + utf8.encodeInto(value, buffer.subarray(start)).written;
        return;
      }
      buffer[end++] = code;
    }
  }

  return {
    integer(field, value) {
      tag(field, VARINT);
      if (typeof value === "number" && value >= 0) varint(value);
      else wideVarint(BigInt(value));
    },
    float(field, value) {
      tag(field, FIXED_32);
      reserve(4);
      view.setFloat32(end, value, true);
      end += 4;
    },
    string(field, value) {
      tag(field, LENGTH_PREFIXED);
      prefixed(() => text(value));
    },
    bytes(field, value) {
      tag(field, LENGTH_PREFIXED);
      varint(value.length);
      reserve(value.length);
      buffer.set(value, end);
      end += value.length;
    },
    message(field, body) {
      tag(field, LENGTH_PREFIXED);
      prefixed(body);
    },
    finish: () => buffer.slice(0, end),
  };
}
