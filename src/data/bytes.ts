import { Fault, fault } from "../ir/fault.js";

/**
 * Where bytes may come from: memory, a `File` or `Blob`, the body of a `fetch`, a Node stream, or any iterable of pieces.
 * A string stands for its UTF-8.
 */
export type ByteSource =
  | string
  | Uint8Array
  | ArrayBuffer
  | Blob
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array | string>;

/** The bytes of a source, piece by piece; what is gzipped, by its first two bytes, comes unpacked. */
export async function* readPieces(source: ByteSource, name: string): AsyncGenerator<Uint8Array, void> {
  const pieces = encodePieces(source);
  let start = new Uint8Array();
  let ended = false;
  // A piece can be shorter than the two bytes that tell gzip.
  while (start.length < 2 && !ended) {
    const { done, value } = await pieces.next();
    if (done) ended = true;
    else start = join([start, value]);
  }
  const whole = prepend(start, pieces);
  yield* start[0] === 0x1f && start[1] === 0x8b ? unzip(whole, name) : whole;
}

/** The bytes of a source in one array. */
export async function readBytes(source: ByteSource, name: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readPieces(source, name)) pieces.push(piece);
  return join(pieces);
}

/** Bytes decoded at once: what is made from a piece dies young, which a whole file in one piece would not. */
const textPiece = 1 << 16;

/** The UTF-8 text of a source, piece by piece, without a byte order mark. */
export async function* readText(source: ByteSource, name: string): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (piece?: Uint8Array): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch (error) {
      throw fault(name, "the text is not UTF-8", { fix: "save the file as UTF-8" }, error);
    }
  };
  for await (const piece of readPieces(source, name)) {
    for (let at = 0; at < piece.length; at += textPiece) yield decode(piece.subarray(at, at + textPiece));
  }
  yield decode();
}

async function* encodePieces(source: ByteSource): AsyncGenerator<Uint8Array, void> {
  const encoder = new TextEncoder();
  if (typeof source === "string") yield encoder.encode(source);
  else if (source instanceof Uint8Array) yield source;
  else if (source instanceof ArrayBuffer) yield new Uint8Array(source);
  else if (source instanceof Blob) yield* streamPieces(source.stream());
  else if ("getReader" in source) yield* streamPieces(source);
  else for await (const piece of source) yield typeof piece === "string" ? encoder.encode(piece) : piece;
}

/** Not every browser can walk a ReadableStream with `for await`. */
async function* streamPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* prepend(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield first;
  yield* rest;
}

async function* unzip(pieces: AsyncGenerator<Uint8Array, void>, name: string): AsyncGenerator<Uint8Array, void> {
  const packed = new ReadableStream<BufferSource>({
    async pull(controller) {
      try {
        const { done, value } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value as Uint8Array<ArrayBuffer>);
      } catch (error) {
        controller.error(error);
      }
    },
    async cancel() {
      await pieces.return();
    },
  });
  try {
    yield* streamPieces(packed.pipeThrough(new DecompressionStream("gzip")));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw fault(name, "the gzip data is damaged or cut short", {}, error);
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((total, piece) => total + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
