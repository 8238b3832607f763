import { readdirSync, readFileSync } from "node:fs";

/** Values of activations computed with mpmath by tools/golden/activations*.py, one file for each. */
export interface Golden {
  readonly cases: readonly GoldenCase[];
}

/** An activation with some parameters: itself and its derivatives at points, and its moments for normal inputs. */
export interface GoldenCase {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly points: readonly number[];
  readonly value: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly third: readonly number[];
  readonly mean: number;
  readonly secondMoment: number;
  readonly gain: number;
}

/** Numbers as they are, or, where there are many, as the base64 of their float64 bytes. */
type Stored = string | readonly number[];

type StoredCase = {
  readonly [K in keyof Omit<GoldenCase, "points">]: GoldenCase[K] extends readonly number[] ? Stored : GoldenCase[K];
};

interface StoredFile {
  readonly provenance: { readonly tools: Readonly<Record<string, string>>; readonly precision: string; readonly command: string };
  readonly points: Stored;
  readonly cases: readonly StoredCase[];
}

const folder = new URL("../golden/", import.meta.url);
const files = readdirSync(folder).filter((name) => /^activations(-\w+)*\.json$/.test(name));

export const golden: Golden = {
  cases: files.flatMap((name) => {
    const { points, cases }: StoredFile = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    return cases.map(({ value, first, second, third, ...rest }) => ({
      ...rest,
      points: decode(points),
      value: decode(value),
      first: decode(first),
      second: decode(second),
      third: decode(third),
    }));
  }),
};

function decode(stored: Stored): readonly number[] {
  if (typeof stored !== "string") return stored;
  const bytes = Uint8Array.from(Buffer.from(stored, "base64"));
  return Array.from(new Float64Array(bytes.buffer));
}
