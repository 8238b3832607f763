/** Assertions for pages, where node:assert does not exist. Each throws with both values. */

/** The two are the same in every digit, as JSON shows them. */
export function equal(actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(plain(actual)), JSON.stringify(plain(expected))];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

/** The numbers differ by no more than the tolerance. NaN is close to nothing. */
export function close(actual: number, expected: number, tolerance: number): void {
  if (!(Math.abs(actual - expected) <= tolerance)) throw new Error(`expected ${expected} ± ${tolerance}, got ${actual}`);
}

/** The function throws, now or later, an error whose message matches. */
export async function throws(action: () => unknown, message: RegExp): Promise<void> {
  let caught: unknown = null;
  try {
    await action();
  } catch (error) {
    caught = error;
  }
  if (caught === null) throw new Error(`expected an error like ${message}, got none`);
  const text = caught instanceof Error ? caught.message : String(caught);
  if (!message.test(text)) throw new Error(`expected an error like ${message}, got: ${text}`);
}

const plain = (value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value);
