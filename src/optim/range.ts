/** Where a number must lie: `[0, 1)` includes 0 and excludes 1. */
export type Range = `${"[" | "("}${number}, ${number | "∞"}${"]" | ")"}`;

/** Whether a finite number lies in a range. */
export function within(value: number, range: Range): boolean {
  const [low, high] = range.slice(1, -1).split(", ");
  const bottom = Number(low);
  const top = high === "∞" ? Number.POSITIVE_INFINITY : Number(high);
  const above = range.startsWith("[") ? value >= bottom : value > bottom;
  const below = range.endsWith("]") ? value <= top : value < top;
  return Number.isFinite(value) && above && below;
}
