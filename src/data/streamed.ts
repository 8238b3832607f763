import { fold, type Key } from "../random/counter.js";
import type { BatchOptions } from "./batches.js";
import type { Batch } from "./dataset.js";
import { batchSamples, type SampleColumns, type SampleInput, type Stream } from "./stream.js";

/** What the samples of an epoch may depend on: then training can go on in the middle of one. */
export interface Epoch {
  /** From 0. */
  readonly epoch: number;
  /** A key of this epoch alone, to shuffle with; null when the order is to stay. */
  readonly key: Key | null;
}

/** Data that come anew for every epoch, as training takes them. */
export interface StreamedData<S extends SampleInput> {
  batches(options: BatchOptions): AsyncGenerator<Batch<SampleColumns<S>>, void>;
}

/**
 * Samples that are read again for every epoch instead of being held in memory:
 *
 *     streamed(({ key }) => (key === null ? read(path) : shuffleStream(read(path), { key, window: 10_000 })))
 *
 * An epoch that is entered in the middle opens the stream and drops the samples that were used.
 */
export function streamed<S extends SampleInput>(open: (epoch: Epoch) => Stream<S>): StreamedData<S> {
  return {
    async *batches({ size, key, epoch = 0, start = 0, remainder }) {
      const samples = open({ epoch, key: key === undefined ? null : fold(key, epoch) });
      yield* batchSamples(skip(samples, start * size), { size, remainder });
    },
  };
}

/** What comes after the first `count` items. */
async function* skip<T>(source: Stream<T>, count: number): AsyncGenerator<T, void> {
  let seen = 0;
  for await (const item of source) if (seen++ >= count) yield item;
}
