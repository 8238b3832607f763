import { fault } from "../ir/fault.js";
import type { Key } from "../random/counter.js";
import { permutation } from "./order.js";

/**
 * Deals shuffled rows to named parts, sizes as near to the fractions as whole rows allow (largest remainder).
 * With `classes`, one class number per row, each part also gets its share of every class to within one row or two.
 * Fractions may sum to less than 1: the other rows go to no part. Rows of a part come in ascending order.
 */
export function partition<Part extends string>(
  rows: number,
  fractions: Readonly<Record<Part, number>>,
  key: Key,
  classes?: ArrayLike<number>,
): Record<Part, Uint32Array> {
  const names = Object.keys(fractions) as Part[];
  const shares = checkFractions(names.map((name) => fractions[name]));
  const sizes = roundShares(shares, rows);
  const groups = groupRows(permutation(key, rows), classes);
  const seats = dealSeats(shares, sizes, [...groups.map((group) => group.length)]);
  const parts = names.map((_, part) => takeSeats(groups, seats, part));
  const empty = parts.findIndex((part) => part.length === 0);
  if (empty >= 0) {
    throw fault("split", `part "${names[empty]}" would have no rows`, {
      got: `${rows} rows, fraction ${shares[empty]}`,
      fix: "use more rows or a larger fraction",
    });
  }
  return Object.fromEntries(names.map((name, part) => [name, parts[part]])) as Record<Part, Uint32Array>;
}

/** The fractions, and what is left of 1 as the last, nameless part. */
function checkFractions(fractions: readonly number[]): number[] {
  const sum = fractions.reduce((total, fraction) => total + fraction, 0);
  const sound = fractions.length > 0 && fractions.every((fraction) => fraction > 0) && sum <= 1 + 1e-9;
  if (!sound) {
    throw fault("split", "the fractions are not shares of a whole", {
      expected: "positive numbers that sum to 1 or less",
      got: fractions.join(", "),
    });
  }
  return [...fractions, Math.max(0, 1 - sum)];
}

/** Whole numbers that sum to `total`, each within 1 of its share: floors, then one more for the largest remainders. */
function roundShares(shares: readonly number[], total: number): number[] {
  const exact = shares.map((share) => share * total);
  const sizes = exact.map((size) => Math.floor(size + 1e-9));
  const byRemainder = exact.map((_, part) => part).sort((a, b) => exact[b] - sizes[b] - (exact[a] - sizes[a]));
  const left = total - sizes.reduce((sum, size) => sum + size, 0);
  for (const part of byRemainder.slice(0, left)) sizes[part]++;
  return sizes;
}

/** Rows by class, classes in ascending order, rows as they come; all in one group without classes. */
function groupRows(order: Uint32Array, classes?: ArrayLike<number>): Uint32Array[] {
  if (classes === undefined) return [order];
  const groups = new Map<number, number[]>();
  for (const row of order) {
    const group = groups.get(classes[row]);
    if (group === undefined) groups.set(classes[row], [row]);
    else group.push(row);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([, rows]) => Uint32Array.from(rows));
}

/**
 * How many rows of group g go to part p. Each gets the floor of its share; the rows left over go where the remainder is largest
 * among the parts that still lack rows, so that the parts have their sizes exactly.
 */
function dealSeats(shares: readonly number[], sizes: readonly number[], groupSizes: readonly number[]): number[][] {
  const exact = groupSizes.map((size) => shares.map((share) => share * size));
  const seats = exact.map((group) => group.map((share) => Math.floor(share + 1e-9)));
  const lacking = sizes.map((size, part) => size - seats.reduce((sum, group) => sum + group[part], 0));
  const left = groupSizes.map((size, group) => size - seats[group].reduce((sum, count) => sum + count, 0));
  const remainders = exact.flatMap((group, g) => group.map((share, p) => ({ g, p, rest: share - seats[g][p] })));
  remainders.sort((a, b) => b.rest - a.rest);
  // One pass suffices for two parts; with more, the last rows may have to go to a part for a second time.
  while (left.some((count) => count > 0)) {
    for (const { g, p } of remainders) {
      if (left[g] === 0 || lacking[p] <= 0) continue;
      seats[g][p]++;
      left[g]--;
      lacking[p]--;
    }
  }
  return seats;
}

function takeSeats(groups: readonly Uint32Array[], seats: readonly number[][], part: number): Uint32Array {
  const rows = groups.flatMap((group, g) => {
    const before = seats[g].slice(0, part).reduce((sum, count) => sum + count, 0);
    return [...group.subarray(before, before + seats[g][part])];
  });
  return Uint32Array.from(rows).sort();
}
