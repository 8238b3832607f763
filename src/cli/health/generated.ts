import type { Columns } from "../../data/columns.js";
import { type Dataset, fromArrays } from "../../data/index.js";
import { bits32, fold, key, uniform01 } from "../../random/counter.js";

/** Samples that a formula makes: the same for the same seed. */
export interface GeneratedData {
  readonly doc: string;
  make(seed: number): Dataset<Columns>;
}

/** Numbers between 0 and 1, and from the normal distribution, one after the other. */
function source(seed: number): { uniform(): number; normal(): number } {
  const stream = fold(key(seed), 91);
  let count = 0;
  const uniform = (): number => uniform01(bits32(stream, count++));
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

type Row = readonly [features: readonly number[], target: number];

/** Rows with a class, as labels; or with a number. */
const labelled = (rows: readonly Row[]): Dataset<Columns> =>
  fromArrays({ features: rows.map(([features]) => features), labels: Int32Array.from(rows, ([, label]) => label) });
const numbered = (rows: readonly Row[]): Dataset<Columns> =>
  fromArrays({ features: rows.map(([features]) => features), targets: rows.map(([, target]) => [target]) });

/** Steps of time that a sign has to be remembered. */
const LENGTH = 30;

/** Data sets that come from nowhere, by name. */
export const generated: Readonly<Record<string, GeneratedData>> = {
  circles: {
    doc: "two rings with noise, 2 features, 2 classes",
    make(seed) {
      const { uniform, normal } = source(seed);
      const point = (i: number): Row => {
        const angle = 2 * Math.PI * uniform();
        const radius = i % 2 === 0 ? 1 : 0.8;
        return [[radius * Math.cos(angle) + 0.1 * normal(), radius * Math.sin(angle) + 0.1 * normal()], i % 2];
      };
      return labelled(Array.from({ length: 1000 }, (_, i) => point(i)));
    },
  },
  blobs: {
    doc: "three clouds of points, 2 features, 3 classes",
    make(seed) {
      const { normal } = source(seed);
      const centres = [[-6, -4], [1, 6], [6, -5]]; // biome-ignore format: one list
      const point = (i: number): Row => [centres[i % 3].map((centre) => centre + 2 * normal()), i % 3];
      return labelled(Array.from({ length: 900 }, (_, i) => point(i)));
    },
  },
  parabola: {
    doc: "y = 5 x² and cubed noise, x from 0 to 5, a number to predict",
    make(seed) {
      const { normal } = source(seed);
      return numbered(Array.from({ length: 250 }, (_, i): Row => [[i / 50], 5 * (i / 50) ** 2 + normal() ** 3]));
    },
  },
  square: {
    doc: "y = x² at 0, 1, 2 and 3, with x² and x as features",
    // Twice: once to train on and once to test on, whichever way they are dealt.
    make: () => numbered(Array.from({ length: 4 }, (_, x): Row => [[x * x, x], x * x])),
  },
  signs: {
    doc: `a sign, and ${LENGTH - 1} steps of noise behind it: which one it was, 2 classes`,
    make(seed) {
      const { normal } = source(seed);
      const steps = (i: number): number[][] => {
        const noise = Array.from({ length: LENGTH - 1 }, () => [0, normal()]);
        return [[1, i % 2 === 0 ? -1 : 1], ...noise];
      };
      const count = 1000;
      const features = Array.from({ length: count }, (_, i) => steps(i));
      return fromArrays({ features, labels: Int32Array.from({ length: count }, (_, i) => i % 2) });
    },
  },
};
