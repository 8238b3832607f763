import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { DType, TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { tensor } from "../../src/ops/index.js";

/** A number as the files hold it: JSON has no NaN, no infinity, no −0. */
export type Stored = number | "NaN" | "Infinity" | "-Infinity" | "-0";

export interface StoredTensor {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: readonly Stored[];
}

export interface Provenance {
  readonly tools: Readonly<Record<string, string>>;
  readonly precision: string;
  readonly command: string;
}

export function readGolden<Body>(name: string): Body & { readonly provenance: Provenance } {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), "utf8"));
}

export const numbersOf = (stored: readonly Stored[]): Float64Array => Float64Array.from(stored, Number);

/** The stored tensor, in float64 where it is a float: the interpreter reads all of it. */
export const tensorOf = ({ shape, dtype, data }: StoredTensor): Tensor =>
  tensor(dtype === "float32" ? numbersOf(data) : numbersOf(data).map(Math.trunc), { shape, dtype });

export interface Tolerance {
  /** Allowed error as a share of the expected value. */
  readonly relative: number;
  /** Allowed error near 0. */
  readonly absolute: number;
}

/** Element by element: NaN where NaN, infinities alike, the rest within the tolerance. */
export function differences(actual: ArrayLike<number> | TypedArray, expected: ArrayLike<number>, tolerance: Tolerance): string[] {
  if (actual.length !== expected.length) return [`${actual.length} elements, not ${expected.length}`];
  return Array.from(expected, (wanted, i) => {
    const got = actual[i];
    const close = Math.abs(got - wanted) <= tolerance.absolute + tolerance.relative * Math.abs(wanted);
    return Object.is(got, wanted) || got === wanted || close ? "" : `[${i}] ${got}, not ${wanted}`;
  }).filter((line) => line !== "");
}

export function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance, what: string): void {
  assert.deepEqual(differences(actual, expected, tolerance), [], what);
}
