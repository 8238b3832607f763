import type { Runtime } from "softgrad";

/** A number that a training came to, and what it had to come to. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit?: "%" | "bits";
  /** Least or greatest value with which the claim holds; without it the number is only told. */
  readonly limit?: { readonly least: number } | { readonly most: number };
}

/** Something that is said to be learned, and the training that shows it. */
export interface Claim {
  readonly name: string;
  readonly title: string;
  /** Data, network and schedule in words. */
  readonly how: string;
  readonly seed: number;
  show(place: { runtime: Runtime; seed: number; say: (line: string) => void }): Promise<readonly Figure[]>;
}

/** What is kept of a claim that was tried. */
export interface Shown {
  readonly name: string;
  readonly figures: readonly Figure[];
  readonly seed: number;
  readonly seconds: number;
  readonly date: string;
}

export const holds = ({ value, limit }: Figure): boolean =>
  limit === undefined || ("least" in limit ? value >= limit.least : value <= limit.most);

/** Numbers in [0, 1) for generated data: the same everywhere. */
export function draws(seed: number): { uniform(): number; below(count: number): number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return { uniform, below: (count) => Math.floor(uniform() * count) };
}
