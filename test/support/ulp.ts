const SMALLEST_NORMAL = 2 ** -126;
const LARGEST = 3.4028234663852886e38;

/** Distance between neighbouring float32 numbers at |x|; that of the smallest normal number below it. */
export function ulp32(x: number): number {
  const size = Math.min(Math.max(Math.abs(x), SMALLEST_NORMAL), LARGEST);
  return 2 ** (Math.floor(Math.log2(Math.fround(size))) - 23);
}

/** Whether two numbers are the same one; NaN is NaN, and the sign of zero does not matter. */
export const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

/** Below this, the intermediate results of a kernel may have been subnormal and lost digits. */
const BLURRED = 2 ** -140;

/**
 * Error of a float32 result in units in the last place, 0 when it is the float64 value rounded. Results too small to be
 * normal numbers may be flushed to zero, as processors are set to do.
 */
export function errorInUlp(got: number, exact: number, scale: number): number {
  const expected = Math.fround(exact);
  if (same(got, expected)) return 0;
  if (Number.isNaN(got) || Number.isNaN(expected)) return Infinity;
  const finite = (x: number): number => (Math.abs(x) > LARGEST ? Math.sign(x) * 2 ** 128 : x);
  const difference = Math.abs(finite(got) - finite(exact));
  if (difference <= BLURRED || (difference <= SMALLEST_NORMAL && Math.abs(exact) < SMALLEST_NORMAL)) return 0;
  return difference / ulp32(scale);
}
