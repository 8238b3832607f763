import { readFileSync } from "node:fs";

/** Values of activations computed with mpmath; see tools/golden/activations.py. */
export interface Golden {
  readonly provenance: { readonly tools: Readonly<Record<string, string>>; readonly precision: string; readonly command: string };
  readonly points: readonly number[];
  readonly cases: readonly GoldenCase[];
}

/** An activation with some parameters: itself and its derivatives at the points, and its moments for normal inputs. */
export interface GoldenCase {
  readonly name: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly value: readonly number[];
  readonly first: readonly number[];
  readonly second: readonly number[];
  readonly third: readonly number[];
  readonly mean: number;
  readonly secondMoment: number;
  readonly gain: number;
}

export const golden: Golden = JSON.parse(readFileSync(new URL("../golden/activations.json", import.meta.url), "utf8"));
