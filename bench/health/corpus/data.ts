import { digits as bundledDigits, type Dataset, fromArrays } from "../../../src/data/index.js";
import type { PlanData } from "../../../src/health/plan/index.js";
import { fold, type Key, key, normal, uniform } from "../../../src/random/index.js";
import { interpret } from "../../../src/run/interpret.js";

/** Random numbers of the data: apart from those of trainings, which start from keys of small seeds. */
export const dataKey = (seed: number, name: number): Key => fold(key(900_000 + seed), name);

export const normals = (from: Key, count: number): Float64Array => Float64Array.from(interpret([normal(from, [count])])[0]);
export const uniforms = (from: Key, count: number, low = 0, high = 1): Float64Array =>
  Float64Array.from(interpret([uniform(from, [count], { low, high })])[0]);

/** Rows of features with a class number, or one or more numbers, each. */
export interface Rows {
  readonly features: readonly (readonly number[])[];
  readonly labels?: readonly number[];
  readonly targets?: readonly (readonly number[])[];
}

/** The first rows to train on, the others to test on. Rows must come in no order. */
export function parts(
  { features, labels, targets }: Rows,
  share = 0.7,
  shape: readonly number[] = [features[0].length],
): PlanData {
  const count = Math.round(features.length * share);
  const part = (from: number, to: number): Dataset =>
    fromArrays({
      features: { data: Float32Array.from(features.slice(from, to).flat()), shape },
      ...(labels && { labels: Int32Array.from(labels.slice(from, to)) }),
      ...(targets && { targets: { data: Float32Array.from(targets.slice(from, to).flat()), shape: [targets[0].length] } }),
    });
  return { train: part(0, count), test: part(count, features.length) };
}

/** Two rings around each other, the inner one with a given share of the radius: yes for the inner one. */
export function circles(seed: number, { count = 1000, noise = 0.1, factor = 0.8 } = {}): PlanData {
  const angles = uniforms(dataKey(seed, 1), count, 0, 2 * Math.PI);
  const shake = normals(dataKey(seed, 2), 2 * count);
  const inner = (i: number): number => i % 2;
  const features = Array.from(angles, (angle, i) => {
    const radius = inner(i) === 1 ? factor : 1;
    return [radius * Math.cos(angle) + noise * shake[2 * i], radius * Math.sin(angle) + noise * shake[2 * i + 1]];
  });
  return parts({ features, targets: features.map((_, i) => [inner(i)]) });
}

/** Normal clouds of deviation 2 around three centres, as wide apart as clouds drawn at random are. */
export function blobs(seed: number, { count = 1000, deviation = 2 } = {}): PlanData {
  const centres = [[-6, -3], [5, -4], [0, 6]]; // biome-ignore format: three points
  const shake = normals(dataKey(seed, 3), 2 * count);
  const labels = Array.from({ length: count }, (_, i) => i % 3);
  const features = labels.map((label, i) => centres[label].map((at, axis) => at + deviation * shake[2 * i + axis]));
  return parts({ features, labels });
}

/** Two half rings that reach into each other. */
export function moons(seed: number, { count = 800, noise = 0.15 } = {}): PlanData {
  const angles = uniforms(dataKey(seed, 4), count, 0, Math.PI);
  const shake = normals(dataKey(seed, 5), 2 * count);
  const features = Array.from(angles, (angle, i) => {
    const [x, y] = i % 2 === 0 ? [Math.cos(angle), Math.sin(angle)] : [1 - Math.cos(angle), 0.5 - Math.sin(angle)];
    return [x - 0.5 + noise * shake[2 * i], y - 0.25 + noise * shake[2 * i + 1]];
  });
  return parts({ features, targets: features.map((_, i) => [i % 2]) });
}

/** Two arms that wind around each other one and a half times. */
export function spirals(seed: number, { count = 800, noise = 0.03 } = {}): PlanData {
  const along = uniforms(dataKey(seed, 6), count);
  const shake = normals(dataKey(seed, 7), 2 * count);
  const features = Array.from(along, (t, i) => {
    const [angle, radius] = [3 * Math.PI * Math.sqrt(t) + Math.PI * (i % 2), 1.5 * Math.sqrt(t)];
    return [radius * Math.cos(angle) + noise * shake[2 * i], radius * Math.sin(angle) + noise * shake[2 * i + 1]];
  });
  return parts({ features, targets: features.map((_, i) => [i % 2]) });
}

/** Two squares, next to each other on the diagonal. */
export function boxes(seed: number, { count = 1000 } = {}): PlanData {
  const [lower, upper] = [uniforms(dataKey(seed, 8), 2 * count, 0.2, 0.4), uniforms(dataKey(seed, 9), 2 * count, 0.5, 0.7)];
  const features = Array.from({ length: count }, (_, i) => [0, 1].map((axis) => (i % 2 === 0 ? lower : upper)[2 * i + axis]));
  return parts({ features, labels: features.map((_, i) => i % 2) });
}

/** The four corners, which no line parts; as many copies as told. */
export function corners(copies = 1): PlanData {
  const rows = Array.from({ length: 4 * copies }, (_, i) => [i & 1, (i >> 1) & 1]);
  const { train } = parts({ features: rows, targets: rows.map(([a, b]) => [a ^ b]) }, 1 - 1e-9);
  return { train, test: train };
}

export interface CloudOptions {
  readonly width: number;
  readonly classes?: number;
  readonly count?: number;
  /** Twice the deviation of a centre's coordinates, in deviations of its cloud. */
  readonly distance?: number;
  /** Two centres so many deviations from each other, in place of wherever they fall. */
  readonly apart?: number;
  /** Factor and shift of every feature. Default 1 and 0. */
  readonly scale?: (feature: number) => number;
  readonly shift?: (feature: number) => number;
  /** Share of labels that are drawn anew, in training and in test. */
  readonly mixed?: number;
  /** Share of samples of class 0; the others share the rest. Default equal. */
  readonly first?: number;
}

/** A normal cloud for each class, in many dimensions. */
export function clouds(seed: number, options: CloudOptions): { features: number[][]; labels: number[] } {
  const { width, classes = 2, count = 800, distance = 2, scale = () => 1, shift = () => 0, mixed = 0, first, apart } = options;
  const drawn = normals(dataKey(seed, 10), classes * width).map((value) => (value * distance) / 2);
  const centres = apart === undefined ? drawn : opposite(drawn.subarray(0, width), apart);
  const shake = normals(dataKey(seed, 11), count * width);
  const [draws, others] = [uniforms(dataKey(seed, 12), 2 * count), uniforms(dataKey(seed, 13), count)];
  const classOf = (i: number): number => {
    if (first === undefined) return i % classes;
    return draws[2 * i] < first ? 0 : 1 + (i % (classes - 1));
  };
  const own = Array.from({ length: count }, (_, i) => classOf(i));
  const features = own.map(
    (label, i) =>
    Array.from({ length: width }, (_, f) => shift(f) + scale(f) * (centres[label * width + f] + shake[i * width + f])), // biome-ignore format: one line
  );
  return { features, labels: own.map((label, i) => (draws[2 * i + 1] < mixed ? Math.floor(others[i] * classes) : label)) };
}

/** Two points on either side of 0 in the direction of one. */
function opposite(direction: Float64Array, apart: number): Float64Array {
  const factor = apart / 2 / Math.hypot(...direction);
  return Float64Array.from([1, -1].flatMap((side) => Array.from(direction, (value) => side * factor * value)));
}

export const cloudClasses = (seed: number, options: CloudOptions): PlanData => parts(clouds(seed, options));

/** Two clouds as yes and no. */
export function cloudDecisions(seed: number, options: CloudOptions): PlanData {
  const { features, labels } = clouds(seed, { ...options, classes: 2 });
  return parts({ features, targets: labels.map((label) => [label]) });
}

/** The bundled digits, 8 × 8 from 0 to 1, in an order of the seed: as rows, as images, or with pixels repeated to 28 × 28. */
export async function digits(
  seed: number,
  {
    as = "rows",
    count = 1200,
    scale = 1,
    pixels = 8,
  }: { as?: "rows" | "images"; count?: number; scale?: number; pixels?: 8 | 28 } = {},
): Promise<PlanData> {
  const all = await bundledDigits();
  const { train, test } = all.shuffle(dataKey(seed, 14)).split({ train: 0.75, test: 0.25 }, { key: dataKey(seed, 15) });
  const shape = as === "images" ? [1, pixels, pixels] : [pixels * pixels];
  const made = (part: typeof all, rows: number): Dataset => {
    const { features, labels } = part.take(rows).columns;
    const values = pixels === 8 ? features.data : enlarged(features.data);
    return fromArrays({ features: { data: values.map((value) => value * scale), shape }, labels: labels.data });
  };
  return { train: made(train, Math.round(count * 0.75)), test: made(test, Math.round(count * 0.25)) };
}

/** Every pixel three times in both directions, and a margin of two. */
function enlarged(images: Float32Array): Float32Array {
  const count = images.length / 64;
  const large = new Float32Array(count * 784);
  for (let image = 0; image < count; image++) {
    for (let row = 0; row < 24; row++) {
      for (let column = 0; column < 24; column++) {
        const from = image * 64 + Math.floor(row / 3) * 8 + Math.floor(column / 3);
        large[image * 784 + (row + 2) * 28 + column + 2] = images[from];
      }
    }
  }
  return large;
}
