/** What pages have in the place of node:assert/strict: the assertions that the tests use, as strict. */

type Expected = RegExp | (new (...args: never[]) => Error) | ((error: unknown) => boolean) | undefined;

function assert(condition: unknown, message?: string): void {
  if (!condition) throw new Error(message ?? "expected a truth");
}

const strict = Object.assign(assert, {
  ok: assert,
  fail: (message = "failed"): never => {
    throw new Error(message);
  },
  equal: (actual: unknown, expected: unknown, message?: string) =>
    assert(Object.is(actual, expected), message ?? differ(actual, expected)),
  notEqual: (actual: unknown, expected: unknown, message?: string) =>
    assert(!Object.is(actual, expected), message ?? `expected anything but ${show(expected)}`),
  deepEqual: (actual: unknown, expected: unknown, message?: string) =>
    assert(same(actual, expected), message ?? differ(actual, expected)),
  match: (text: string, pattern: RegExp, message?: string) =>
    assert(pattern.test(text), message ?? `expected ${pattern}, got ${text}`),
  throws(action: () => unknown, expected?: Expected): void {
    try {
      action();
    } catch (error) {
      return checkError(error, expected);
    }
    assert(false, "expected an error, got none");
  },
  async rejects(promise: Promise<unknown> | (() => Promise<unknown>), expected?: Expected): Promise<void> {
    try {
      await (typeof promise === "function" ? promise() : promise);
    } catch (error) {
      return checkError(error, expected);
    }
    assert(false, "expected a rejection, got none");
  },
});

export default strict;

function checkError(error: unknown, expected: Expected): void {
  if (expected === undefined) return;
  const message = error instanceof Error ? error.message : String(error);
  if (expected instanceof RegExp) return assert(expected.test(message), `expected an error like ${expected}, got ${message}`);
  const isClass = expected === Error || expected.prototype instanceof Error;
  const fits = isClass ? error instanceof expected : (expected as (error: unknown) => boolean)(error);
  assert(fits, `expected another error than ${message}`);
}

/** Equal in prototype, keys and values, all the way down; NaN equals NaN, and 0 differs from −0. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (a instanceof Map || a instanceof Set) return same([...a], [...(b as Map<unknown, unknown>)]);
  const keys = Object.keys(a);
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  return keys.length === Object.keys(b).length && keys.every((key) => key in right && same(left[key], right[key]));
}

const differ = (actual: unknown, expected: unknown): string => `expected ${show(expected)}, got ${show(actual)}`;

function show(value: unknown): string {
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${show(Array.from(value as Float32Array))}`;
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
