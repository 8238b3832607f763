/** A map that makes what is missing and drops what was used least recently once it holds more than `limit` (at least 1). */
export interface RecentlyUsed<Key, Value> {
  get(key: Key, make: () => Value): Value;
  clear(): void;
  readonly size: number;
}

export function recentlyUsed<Key, Value>(
  limit: number,
  drop: (value: Value) => void = () => undefined,
): RecentlyUsed<Key, Value> {
  const kept = new Map<Key, Value>();
  return {
    get(key, make) {
      const value = kept.has(key) ? (kept.get(key) as Value) : make();
      // A Map lists keys in the order of insertion: the one put back last is the most recent.
      kept.delete(key);
      kept.set(key, value);
      for (const [oldest, dropped] of kept) {
        if (kept.size <= Math.max(1, limit)) break;
        kept.delete(oldest);
        drop(dropped);
      }
      return value;
    },
    clear() {
      for (const value of kept.values()) drop(value);
      kept.clear();
    },
    get size() {
      return kept.size;
    },
  };
}

/** The same for things that take time to make; one whose making failed is made again the next time it is asked for. */
export function recentlyMade<Key, Value>(
  limit: number,
  drop: (value: Value) => void = () => undefined,
): RecentlyUsed<Key, Promise<Value>> {
  const failed = new WeakSet<Promise<Value>>();
  const made = recentlyUsed<Key, { promise: Promise<Value> }>(limit, ({ promise }) => {
    // What failed to be made has nothing to drop; whoever asked for it has heard why.
    promise.then(drop).catch(() => undefined);
  });
  return {
    get(key, make) {
      const start = (): Promise<Value> => {
        const promise = make();
        promise.catch(() => failed.add(promise));
        return promise;
      };
      const entry = made.get(key, () => ({ promise: start() }));
      if (failed.has(entry.promise)) entry.promise = start();
      return entry.promise;
    },
    clear: () => made.clear(),
    get size() {
      return made.size;
    },
  };
}
