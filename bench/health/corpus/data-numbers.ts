import type { PlanData } from "../../../src/health/plan/index.js";
import { dataKey, normals, parts, uniforms } from "./data.js";

/** Numbers from −bound to bound, and what a function makes of them, with noise. */
export function curve(
  seed: number,
  f: (x: number) => number,
  { count = 400, bound = 2, noise = 0.05 }: { count?: number; bound?: number; noise?: number } = {},
): PlanData {
  const x = uniforms(dataKey(seed, 20), count, -bound, bound);
  const shake = normals(dataKey(seed, 21), count);
  return parts({
    features: Array.from(x, (value) => [value]),
    targets: Array.from(x, (value, i) => [f(value) + noise * shake[i]]),
  });
}

/** The same samples to train and to test on: a fit of a few points. */
function whole(features: number[][], targets: number[][]): PlanData {
  const { train } = parts({ features, targets }, 1 - 1e-9);
  return { train, test: train };
}

/** x = 0, 0.1 … 4.9 and y = 5x² + N(0, 1)³. */
export function parabola(seed: number): PlanData {
  const shake = normals(dataKey(seed, 22), 50);
  const x = Array.from({ length: 50 }, (_, i) => i / 10);
  return whole(x.map((value) => [value]), x.map((value, i) => [5 * value ** 2 + shake[i] ** 3])); // biome-ignore format: one line
}

/** x from −100 to 100 in halves, y = x⁴. */
export function quartic(): PlanData {
  const x = Array.from({ length: 400 }, (_, i) => -100 + i / 2);
  return whole(x.map((value) => [value]), x.map((value) => [value ** 4])); // biome-ignore format: one line
}

/** x² and x for x = 0 … 3, and y = x². */
export const fourPoints = (): PlanData => whole([0, 1, 2, 3].map((x) => [x ** 2, x]), [0, 1, 4, 9].map((y) => [y])); // biome-ignore format: one line

/** t = 0 … 99 and y = 2t + 4 + noise. */
export function line(seed: number): PlanData {
  const shake = normals(dataKey(seed, 23), 100);
  const t = Array.from({ length: 100 }, (_, i) => i);
  return whole(t.map((value) => [value]), t.map((value) => [2 * value + 4 + shake[value]])); // biome-ignore format: one line
}

/** Some features from 0 to 1 and a smooth function of them (Friedman 1991), times a scale; features times another. */
export function friedman(
  seed: number,
  { count = 600, features = 9, scale = 1, inputs = () => 1, shift = 0 }: { count?: number; features?: number; scale?: number; shift?: number; inputs?: (feature: number) => number } = {}, // biome-ignore format: one line
): PlanData {
  const x = uniforms(dataKey(seed, 24), count * features);
  const shake = normals(dataKey(seed, 25), count);
  const rows = Array.from({ length: count }, (_, i) => Array.from(x.subarray(i * features, (i + 1) * features)));
  const targets = rows.map(([a, b, c, d = 0, e = 0], i) => {
    const value = 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e + shake[i] - 14.4;
    return [(scale * value) / 5 + shift];
  });
  return parts({ features: rows.map((row) => row.map((value, f) => inputs(f) * value)), targets });
}

/** A linear function of normal features. */
export function linear(seed: number, { count = 400, features = 5, scale = 1, shift = 0 } = {}): PlanData {
  const x = normals(dataKey(seed, 26), count * features);
  const weights = normals(dataKey(seed, 27), features);
  const rows = Array.from({ length: count }, (_, i) => Array.from(x.subarray(i * features, (i + 1) * features)));
  const targets = rows.map((row) => [scale * row.reduce((sum, value, f) => sum + value * weights[f], 0) + shift]);
  return parts({ features: rows, targets });
}

/** Three yes-or-no questions about twenty features; about half of the answers are yes, of each apart from the others. */
export function threeQuestions(seed: number, { count = 800 } = {}): PlanData {
  const x = normals(dataKey(seed, 28), count * 20);
  const rows = Array.from({ length: count }, (_, i) => Array.from(x.subarray(i * 20, (i + 1) * 20)));
  const targets = rows.map((row) =>
    [0, 1, 2].map((question) => Number(row[question] + row[question + 5] + row[question + 10] > 0)),
  );
  return parts({ features: rows, targets });
}

/** Counts of a few words out of many: nearly all features of a sample are 0. */
export function wordCounts(seed: number, { count = 800, words = 100, each = 6 } = {}): PlanData {
  const draws = uniforms(dataKey(seed, 29), count * each);
  const sides = uniforms(dataKey(seed, 30), count * each);
  const rows = Array.from({ length: count }, (_, i) => {
    const row = new Array<number>(words).fill(0);
    for (let word = 0; word < each; word++) {
      const at = i * each + word;
      const own = sides[at] < 0.8 ? i % 2 : 1 - (i % 2);
      row[Math.floor(draws[at] * (words / 2)) * 2 + own] += 1;
    }
    return row;
  });
  return parts({ features: rows, targets: rows.map((_, i) => [i % 2]) });
}
