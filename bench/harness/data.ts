import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Workload } from "../workloads.js";

/** The same starting point for every contender: weights, inputs and labels, row-major and little-endian. */
export interface Problem {
  readonly workload: Workload;
  /** One entry a layer: w is (in out), b is (out). */
  readonly layers: readonly {
    readonly w: Float32Array;
    readonly b: Float32Array;
    readonly fanIn: number;
    readonly fanOut: number;
  }[];
  /** One entry a batch, (batch in). */
  readonly inputs: readonly Float32Array[];
  /** One entry a batch, class numbers, (batch). */
  readonly labels: readonly Int32Array[];
}

/**
 * Writes workload.json, weights.bin (w, b of each layer in turn), inputs.bin and labels.bin into `folder`.
 *
 * The second half of the batches repeats the inputs of the first half with labels drawn anew for half of the examples: no
 * network can fit both, so the loss stays above zero and long timed runs never slide into denormal numbers.
 */
export function writeProblem(folder: string, workload: Workload): void {
  const random = generator(workload.seed);
  const { widths, batch, batches } = workload;
  const layers = widths.slice(1).map((fanOut, layer) => {
    const fanIn = widths[layer]!;
    // Glorot's normal keeps tanh towers and the small GELU network alike in a trainable range.
    const deviation = Math.sqrt(2 / (fanIn + fanOut)) * (workload.activation === "tanh" ? 1.1 : 1.3);
    return [fill(fanIn * fanOut, () => deviation * normal(random)), new Float32Array(fanOut)];
  });
  const width = widths[0]!;
  const classes = widths.at(-1)!;
  const half = Math.ceil(batches / 2);
  const fresh = fill(half * batch * width, () => normal(random));
  const inputs = new Float32Array(batches * batch * width);
  inputs.set(fresh);
  inputs.set(fresh.subarray(0, (batches - half) * batch * width), fresh.length);
  const labels = new Int32Array(batches * batch);
  for (let i = 0; i < labels.length; i++) {
    const twin = i - half * batch;
    labels[i] = twin >= 0 && random() < 0.5 ? labels[twin]! : Math.floor(random() * classes);
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "workload.json"), JSON.stringify(workload, null, 2));
  writeFileSync(join(folder, "weights.bin"), concatenate(layers.flat()));
  writeFileSync(join(folder, "inputs.bin"), concatenate([inputs]));
  writeFileSync(join(folder, "labels.bin"), new Uint8Array(labels.buffer));
}

export function readProblem(folder: string): Problem {
  const workload = JSON.parse(readFileSync(join(folder, "workload.json"), "utf8")) as Workload;
  const { widths, batch, batches } = workload;
  const weights = new Float32Array(bytes(join(folder, "weights.bin")));
  const allInputs = new Float32Array(bytes(join(folder, "inputs.bin")));
  const allLabels = new Int32Array(bytes(join(folder, "labels.bin")));
  let offset = 0;
  const take = (length: number) => {
    offset += length;
    return weights.slice(offset - length, offset);
  };
  const layers = widths.slice(1).map((fanOut, layer) => {
    const fanIn = widths[layer]!;
    return { w: take(fanIn * fanOut), b: take(fanOut), fanIn, fanOut };
  });
  const each = <T>(part: (batchIndex: number) => T) => Array.from({ length: batches }, (_, i) => part(i));
  const size = batch * widths[0]!;
  return {
    workload,
    layers,
    inputs: each((i) => allInputs.slice(i * size, (i + 1) * size)),
    labels: each((i) => allLabels.slice(i * batch, (i + 1) * batch)),
  };
}

function bytes(path: string): ArrayBuffer {
  const file = readFileSync(path);
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

function concatenate(parts: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)));
}

function fill(length: number, draw: () => number): Float32Array {
  return Float32Array.from({ length }, draw);
}

/** mulberry32: 32 bits of state are plenty for benchmark data, and the same numbers come out everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller's transform of two uniform numbers. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
