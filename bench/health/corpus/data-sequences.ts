import { fromArrays } from "../../../src/data/index.js";
import type { PlanData } from "../../../src/health/plan/index.js";
import { dataKey, normals, parts, uniforms } from "./data.js";

/** Numbers from 0 to 1 and two marks, one in each half: the sum of the marked numbers. Hochreiter & Schmidhuber 1997. */
export function adding(seed: number, length: number, { count = 1500 } = {}): PlanData {
  const numbers = uniforms(dataKey(seed, 40), count * length);
  const places = uniforms(dataKey(seed, 41), 2 * count);
  const half = Math.floor(length / 2);
  const targets: number[][] = [];
  const features = Array.from({ length: count }, (_, i) => {
    const marks = [Math.floor(places[2 * i] * half), half + Math.floor(places[2 * i + 1] * (length - half))];
    targets.push([numbers[i * length + marks[0]] + numbers[i * length + marks[1]]]);
    return Array.from({ length }, (_, t) => [numbers[i * length + t], Number(marks.includes(t))]).flat();
  });
  return parts({ features, targets }, 0.8, [length, 2]);
}

/** A sign at the beginning, then noise: which sign it was. */
export function firstSign(seed: number, length: number, { count = 800 } = {}): PlanData {
  const noise = normals(dataKey(seed, 42), count * length);
  const features = Array.from({ length: count }, (_, i) =>
    Array.from({ length }, (_, t) => (t === 0 ? [1, i % 2 === 0 ? -1 : 1] : [0, noise[i * length + t]])).flat(),
  );
  return parts({ features, targets: features.map((_, i) => [i % 2]) }, 0.7, [length, 2]);
}

/** Waves of two frequencies with a random beginning: which it is. */
export function waves(seed: number, length: number, { count = 600 } = {}): PlanData {
  const starts = uniforms(dataKey(seed, 43), count, 0, 2 * Math.PI);
  const noise = normals(dataKey(seed, 44), count * length);
  const features = Array.from({ length: count }, (_, i) =>
    Array.from({ length }, (_, t) => Math.sin(starts[i] + t * (i % 2 === 0 ? 0.6 : 1)) + 0.2 * noise[i * length + t]),
  );
  return parts({ features, targets: features.map((_, i) => [i % 2]) }, 0.7, [length, 1]);
}

export interface TokenOptions {
  readonly length: number;
  readonly words: number;
  readonly count?: number;
  /** Words that are used; the others never come. Default all. */
  readonly used?: number;
}

function tokens(seed: number, { length, words, count = 800, used = words }: TokenOptions): number[][] {
  const draws = uniforms(dataKey(seed, 45), count * length);
  return Array.from({ length: count }, (_, i) => Array.from({ length }, (_, t) => Math.floor(draws[i * length + t] * used)));
}

function tokenParts(rows: readonly number[][], labels: readonly number[][], shape: readonly number[]): PlanData {
  const count = Math.round(rows.length * 0.8);
  const part = (from: number, to: number) =>
    fromArrays({
      features: { data: Int32Array.from(rows.slice(from, to).flat()), shape: [rows[0].length] },
      labels: { data: Int32Array.from(labels.slice(from, to).flat()), shape },
    });
  return { train: part(0, count), test: part(count, rows.length) };
}

/** Words: whether more of them are even or odd. The length is odd. */
export function majority(seed: number, options: TokenOptions): PlanData {
  const rows = tokens(seed, options);
  const labels = rows.map((row) => [Number(row.reduce((odd, word) => odd + (word % 2), 0) * 2 > row.length)]);
  return tokenParts(rows, labels, []);
}

/** Words: at every place the one that stands as many places earlier, itself at the beginning. */
export function earlier(seed: number, options: TokenOptions & { readonly by?: number }): PlanData {
  const rows = tokens(seed, options);
  const { by = 1 } = options;
  return tokenParts(rows, rows.map((row) => row.map((word, t) => (t < by ? word : row[t - by]))), [options.length]); // biome-ignore format: one line
}
