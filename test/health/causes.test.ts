import assert from "node:assert/strict";
import { test } from "node:test";
import { causes, startTheory } from "../../src/health/causes/index.js";
import { lookAt } from "../../src/health/derived.js";
import { diagnose } from "../../src/health/diagnose.js";
import type { Evidence } from "../../src/health/diagnosis.js";
import { type CauseName, causeNames } from "../../src/health/names.js";
import type { Subject } from "../../src/health/subject.js";
import { dataWith, evidence, flat, regression } from "./evidence.js";

const rising = (step: number): number => (step < 30 ? 0.7 - 0.01 * step : 0.4 + 0.05 * (step - 30));
const fading = (i: number) => ({ delta: 0.25 ** (8 - i) });
const optimizer = (change: Partial<Subject["optimizer"]>): Partial<Subject> => ({
  optimizer: { name: "adam", learningRate: 1e-3, clipNorm: null, ...change },
});
const recurrent = (ratio: number): Evidence =>
  evidence({
    loss: flat,
    layer: (i) => (i === 0 ? { kind: "rnn" } : {}),
    reading: (i) => (i === 0 ? { overTime: Array.from({ length: 30 }, (_, t) => ratio ** ((29 - t) / 29)) } : {}),
  });

/** For every cause a training that goes wrong because of it, and the layer that is named. */
const ill: { readonly [name in CauseName]: { readonly made: Evidence; readonly layer?: string | null } } = {
  wrongHead: {
    made: evidence({
      loss: flat,
      subject: { head: { activation: "softmax", units: 1 }, loss: { name: "p", predictions: "probabilities" } },
    }),
    layer: "8",
  },
  wrongLoss: {
    made: evidence({
      loss: (step) => -step,
      subject: { ...dataWith({ constantLoss: -0.69 }), loss: { name: "minus", predictions: "logits" } },
    }),
  },
  linearNetwork: {
    made: evidence({ loss: flat, layer: () => ({ activation: null, neededSpread: 1, spread: 1, bestFactor: null }) }),
    layer: "0",
  },
  unscaledInputs: { made: evidence({ loss: flat, subject: dataWith({ features: [{ mean: 130, deviation: 80 }] }) }), layer: "0" },
  unscaledTargets: {
    made: evidence({ loss: () => 1e6, subject: regression({ mean: 1e3, deviation: 1e3, least: 0, greatest: 5e3 }) }),
    layer: "8",
  },
  badLabels: {
    made: evidence({
      loss: (step) => Math.exp(-step),
      subject: dataWith({
        constantLoss: 0,
        targets: { kind: "classes", mean: 0, deviation: 0, least: 0, greatest: 0, whole: true, counts: [900, 0] },
      }),
    }),
  },
  imbalance: {
    made: evidence({
      loss: () => 0.2,
      subject: dataWith({
        constantLoss: 0.2,
        targets: { kind: "classes", mean: 0.05, deviation: 0.2, least: 0, greatest: 1, whole: true, counts: [950, 50] },
      }),
    }),
  },
  cutGradient: {
    made: evidence({ loss: flat, reading: (i) => (i < 2 ? { gradient: 0, delta: 0, update: 0 } : {}) }),
    layer: "2",
  },
  smallStart: {
    made: evidence({
      depth: 8,
      loss: flat,
      reading: fading,
      layer: (i) =>
        i < 8 ? { spread: 0.25, expectedFactor: 0.06, activation: { title: "ReLU", path: "a" }, bestFactor: 1 } : {},
    }),
    layer: "0",
  },
  largeStart: {
    made: evidence({
      depth: 8,
      loss: flat,
      reading: (i) => ({ delta: 5 ** (8 - i) }),
      layer: (i) => (i < 8 ? { spread: 9 } : {}),
    }),
    layer: "0",
  },
  symmetricStart: { made: evidence({ loss: flat, layer: (i) => ({ alike: true, spread: 0, head: i === 4 }) }), layer: "0" },
  saturatingActivation: {
    made: evidence({
      depth: 8,
      loss: flat,
      reading: fading,
      layer: (i) => (i < 8 ? { spread: 1.85, neededSpread: 1.85, bestFactor: 0.153, expectedFactor: 0.0625 } : {}),
    }),
  },
  explodingActivation: {
    made: evidence({
      steps: 10,
      loss: () => Infinity,
      reading: (i) => (i > 1 ? { nonFinite: 5 } : {}),
      layer: (i) => (i < 4 ? { activation: { title: "exponential", path: "a" } } : {}),
    }),
    layer: "0",
  },
  tooDeep: {
    made: evidence({
      depth: 30,
      units: 128,
      loss: flat,
      layer: () => ({ norm: "batchNorm" }),
      reading: (i) => ({ delta: 1.3 ** (30 - i) }),
    }),
  },
  deadUnits: { made: evidence({ loss: flat, reading: (i) => (i === 1 ? { dead: 0.97 } : {}) }), layer: "2" },
  highLearningRate: { made: evidence({ loss: rising }) },
  lowLearningRate: { made: evidence({ loss: flat, reading: () => ({ update: 1e-6 }) }) },
  tooFewSteps: { made: evidence({ steps: 60, loss: (step) => 0.69 - 0.0008 * step }) },
  smallBatch: { made: evidence({ loss: (step) => 0.69 + (step % 2 === 0 ? 0.3 : -0.3), subject: { batchSize: 1 } }) },
  normWithSmallBatch: {
    made: {
      ...evidence({ layer: () => ({ norm: "batchNorm" }), subject: { batchSize: 2 } }),
      probes: { modes: { step: 400, train: 0.2, evaluation: 1.5 } },
    },
    layer: "0",
  },
  recurrentVanishing: { made: recurrent(1e-6), layer: "0" },
  recurrentExploding: { made: recurrent(1e6), layer: "0" },
  noWarmup: { made: evidence({ loss: rising, subject: { residual: "normBehind" } }) },
  numericOverflow: {
    made: evidence({
      steps: 200,
      loss: (step) => (step < 150 ? 0.7 - 0.004 * step : Number.NaN),
      subject: {
        head: { activation: "softmax", units: 3 },
        loss: { name: "crossEntropyOfProbabilities", predictions: "probabilities" },
      },
    }),
  },
  badEpsilon: { made: evidence({ loss: flat, subject: optimizer({ epsilon: 1 }) }) },
  tooMuchRegularisation: {
    made: evidence({
      loss: flat,
      subject: optimizer({ weightDecay: 0.1 }),
      reading: (_, step) => ({ weight: 5 * Math.exp(-step / 100) }),
    }),
  },
};

for (const name of causeNames) {
  test(`${name} is the likeliest cause where it is one`, () => {
    const { made, layer } = ill[name];
    const { verdict, causes: suspected } = diagnose(made);
    assert.equal(verdict, "ill");
    assert.equal(suspected[0].cause, name, suspected.map(({ cause, weight }) => `${cause} ${weight}`).join());
    if (layer !== undefined) assert.equal(suspected[0].layer, layer);
    assert.ok(suspected.every(({ weight, argument }) => weight > 0 && weight < 1 && argument.endsWith(".")));
  });
}

test("every cause has a record with advice", () => {
  assert.deepEqual(causes.map(({ name }) => name).sort(), [...causeNames].sort());
  for (const { advice, why, title } of causes) assert.ok(advice.length > 0 && why.endsWith(".") && !title.endsWith("."));
});

test("a vanishing gradient is split: the start where the right spread would keep it, else the activation", () => {
  const { made } = ill.smallStart;
  const theory = startTheory(lookAt(made));
  assert.ok(theory.agrees, "measured 0.0625 per layer, expected 0.06");
  assert.match(diagnose(made).causes[0].argument, /Theory expects .* χ = 0.06 per layer; measured is 0.0625/);
  const sigmoid = diagnose(ill.saturatingActivation.made).causes.map(({ cause }) => cause);
  assert.ok(!sigmoid.includes("smallStart"));
});

test("what was healthy at the first step and broke later is not blamed on the start", () => {
  const made = evidence({
    loss: flat,
    layer: (i) => (i < 4 ? { spread: 0.2 } : {}),
    reading: (i, step) => (i < 4 && step >= 20 ? { dead: 1, delta: 0, gradient: 0, signal: 0 } : {}),
  });
  const [first, ...others] = diagnose(made).causes;
  assert.equal(first.cause, "highLearningRate");
  assert.ok(others.some(({ cause }) => cause === "smallStart"));
});
