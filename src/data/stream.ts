import { fault } from "../ir/fault.js";
import type { Key } from "../random/counter.js";
import type { Columns, Storage } from "./columns.js";
import { type Batch, type Dataset, type DatasetInfo, dataset, joinRows } from "./dataset.js";
import { boundedDraws } from "./order.js";

/** Anything `for await` can walk through. */
export type Stream<T> = AsyncIterable<T> | Iterable<T>;

/** A sample before it has storage: a number (float32), numbers (float32), or a typed array as it is. */
export type SampleInput = Readonly<Record<string, number | readonly number[] | Storage>>;

/** The storage of a sample's values. */
export type SampleColumns<S extends SampleInput> = { [N in keyof S]: S[N] extends Storage ? S[N] : Float32Array };

/**
 * Collects the samples of an iterable, asynchronous or not, into a data set. Single numbers become columns of row shape (), and so
 * do labels: `Int32Array.of(3)`.
 */
export async function fromSamples<S extends SampleInput>(
  samples: Stream<S>,
  info: DatasetInfo = {},
): Promise<Dataset<SampleColumns<S>>> {
  const collected: S[] = [];
  for await (const sample of samples) collected.push(sample);
  if (collected.length === 0) throw fault("fromSamples", "the iterable gave no samples");
  return dataset(joinSamples(collected) as never, info);
}

/** Batches of `size` samples, in the order they come; the last may be smaller unless the remainder is dropped. */
export async function* batchSamples<S extends SampleInput>(
  samples: Stream<S>,
  { size, remainder = "keep" }: { readonly size: number; readonly remainder?: "keep" | "drop" },
): AsyncGenerator<Batch<SampleColumns<S>>, void> {
  if (!(Number.isInteger(size) && size > 0)) {
    throw fault("batchSamples", `size is ${size}`, { expected: "a whole number, 1 or more" });
  }
  let waiting: S[] = [];
  for await (const sample of samples) {
    waiting.push(sample);
    if (waiting.length < size) continue;
    yield dataset<SampleColumns<S>>(joinSamples(waiting) as never).gather();
    waiting = [];
  }
  if (waiting.length > 0 && remainder === "keep") yield dataset<SampleColumns<S>>(joinSamples(waiting) as never).gather();
}

/** Every item through a function, which may be asynchronous. */
export async function* mapStream<T, U>(
  source: Stream<T>,
  transform: (item: T, index: number) => U | Promise<U>,
): AsyncGenerator<U> {
  let index = 0;
  for await (const item of source) yield await transform(item, index++);
}

/** The first `count` items; the source is closed after them. */
export async function* takeStream<T>(source: Stream<T>, count: number): AsyncGenerator<T, void> {
  if (count <= 0) return;
  let given = 0;
  for await (const item of source) {
    yield item;
    if (++given >= count) return;
  }
}

/**
 * Shuffles what does not fit in memory: keeps `window` items, gives a random one of them as each new one comes. An item can come
 * early by at most `window` places; with a window as long as the source every order is equally likely.
 */
export async function* shuffleStream<T>(source: Stream<T>, { key, window }: { readonly key: Key; readonly window: number }) {
  const held: T[] = [];
  const draw = boundedDraws(key, 64);
  for await (const item of source) {
    held.push(item);
    if (held.length >= window) yield takeRandom(held, draw);
  }
  while (held.length > 0) yield takeRandom(held, draw);
}

function takeRandom<T>(held: T[], draw: (bound: number) => number): T {
  const chosen = draw(held.length);
  const item = held[chosen];
  const last = held.pop() as T;
  if (chosen < held.length) held[chosen] = last;
  return item;
}

/**
 * Asks the source for up to `depth` items ahead, so that slow items are made while earlier ones are used. Order, errors and
 * the end stay where they were; leaving the loop closes the source.
 */
export async function* prefetch<T>(source: Stream<T>, depth = 2): AsyncGenerator<T, void> {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const ahead: Promise<IteratorResult<T>>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const request = (): void => {
    const next = last.then(() => iterator.next());
    // The error is told when its turn comes; until then nobody waits for it.
    next.catch(() => undefined);
    last = next;
    ahead.push(next);
  };
  let ended = false;
  try {
    for (;;) {
      while (ahead.length < Math.max(1, depth)) request();
      const result = await (ahead.shift() as Promise<IteratorResult<T>>);
      if (result.done) {
        ended = true;
        return;
      }
      yield result.value;
    }
  } catch (error) {
    ended = true;
    throw error;
  } finally {
    if (!ended) {
      await Promise.allSettled(ahead);
      await iterator.return?.();
    }
  }
}

function joinSamples(samples: readonly SampleInput[]) {
  const rows = samples.map((sample) =>
    Object.fromEntries(Object.entries(sample).map(([name, value]) => [name, toStorage(value)])),
  );
  const names = Object.keys(rows[0] as Columns);
  return Object.fromEntries(names.map((name) => [name, joinRows(name, rows, isSingle(samples[0][name]) ? [] : undefined)]));
}

/** A number, or a whole one in the storage that says so: a label. */
const isSingle = (value: SampleInput[string]): boolean =>
  typeof value === "number" || (ArrayBuffer.isView(value) && !(value instanceof Float32Array) && value.length === 1);

const toStorage = (value: SampleInput[string]): Storage => {
  if (typeof value === "number") return Float32Array.of(value);
  return ArrayBuffer.isView(value) ? value : Float32Array.from(value);
};
