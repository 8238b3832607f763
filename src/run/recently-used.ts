/** A map that makes what is missing and drops what was used least recently once it holds more than `limit`. */
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
        if (kept.size <= limit) break;
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
