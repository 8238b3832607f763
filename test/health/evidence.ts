import type { Evidence } from "../../src/health/diagnosis.js";
import type { History, LayerReading, Reading, StepRecord } from "../../src/health/history.js";
import type { Subject, SubjectLayer } from "../../src/health/subject.js";

/** A training made up for a test: healthy but for what is said. */
export interface MadeUp {
  readonly depth?: number;
  readonly units?: number;
  readonly steps?: number;
  readonly budget?: number;
  /** Loss of a step; by default it falls from 0.7 towards 0. */
  loss?(step: number): number;
  gradientNorm?(step: number): number;
  readonly learningRate?: number;
  /** What is different in a layer's reading. */
  reading?(layer: number, step: number): Partial<LayerReading>;
  /** What is different in a layer. */
  layer?(layer: number): Partial<SubjectLayer>;
  readonly subject?: Partial<Subject>;
  readonly momentRatio?: number;
}

const CONSTANT = Math.LN2;

/** `depth` dense layers of tanh and a linear head, two classes, 32 samples a batch. */
export function evidence(made: MadeUp = {}): Evidence {
  const { depth = 4, steps = 400, budget = steps, learningRate = 1e-3, momentRatio = 0.3 } = made;
  const layers = Array.from({ length: depth + 1 }, (_, i) => ({ ...layerOf(i, depth, made.units ?? 32), ...made.layer?.(i) }));
  const loss = made.loss ?? ((step: number) => 0.1 + 0.6 * Math.exp(-step / 60));
  const gradientNorm = made.gradientNorm ?? (() => 0.5);
  const records = Array.from(
    { length: steps },
    (_, step): StepRecord => ({ loss: loss(step), gradientNorm: gradientNorm(step), learningRate }),
  );
  const looked = records.map((_, step) => step).filter((step) => step < 20 || step % 10 === 0);
  const readings = looked.map(
    (step): Reading => ({
      step,
      layers: layers.map((_, i) => ({ ...usual, ...made.reading?.(i, step) })),
      momentRatio,
    }),
  );
  const history: History = { layers, steps: records, readings, budget };
  return { subject: { ...subjectOf(layers, learningRate), ...made.subject }, history };
}

const usual: LayerReading = {
  power: 0.4,
  mean: 0,
  largest: 0.99,
  signal: 0.9,
  dead: 0,
  saturated: 0.05,
  gate: 0.45,
  delta: 0.1,
  gradient: 0.2,
  weight: 5,
  update: 5e-3,
  zeroGradient: 0,
  nonFinite: 0,
};

const layerOf = (i: number, depth: number, units: number): SubjectLayer => ({
  path: `${2 * i}`,
  title: "linear",
  kind: "linear",
  weight: { name: `${2 * i}.weight`, shape: [units, i === depth ? 1 : units], fanIn: units, trained: true },
  size: i === depth ? 1 : units,
  units: i === depth ? 1 : units,
  activation: i === depth ? null : { title: "tanh", path: `${2 * i + 1}` },
  norm: null,
  head: i === depth,
  correction: 1,
  spread: i === depth ? 1 : 1.5925,
  neededSpread: i === depth ? null : 1.5925,
  alike: false,
  expectedFactor: 1.178,
  bestFactor: 1.178,
});

const subjectOf = (layers: readonly SubjectLayer[], learningRate: number): Subject => ({
  layers,
  head: { activation: "none", units: 1 },
  loss: { name: "binaryCrossEntropy", predictions: "logits" },
  optimizer: { name: "adam", learningRate, clipNorm: null },
  residual: "none",
  batchSize: 32,
  data: {
    samples: 1000,
    features: [
      { mean: 0.1, deviation: 0.9 },
      { mean: -0.2, deviation: 1.1 },
    ],
    nonFinite: 0,
    targets: { kind: "classes", mean: 0.5, deviation: 0.5, least: 0, greatest: 1, whole: true, counts: [500, 500] },
    constantLoss: CONSTANT,
  },
});

/** A loss that stays where a constant prediction is. */
export const flat = (): number => CONSTANT;

/** Numbers as targets of a linear head with squared errors. */
export const regression = (targets: Partial<Subject["data"]["targets"]> = {}): Partial<Subject> => {
  const { data } = subjectOf([], 0);
  return {
    loss: { name: "mse", predictions: "values" },
    data: {
      ...data,
      targets: { kind: "numbers", mean: 0, deviation: 1, least: -2.5, greatest: 2.5, whole: false, counts: [], ...targets },
      constantLoss: (targets.deviation ?? 1) ** 2,
    },
  };
};

/** The usual subject's data with something else in it. */
export const dataWith = (change: Partial<Subject["data"]>): Partial<Subject> => ({
  data: { ...subjectOf([], 0).data, ...change },
});
