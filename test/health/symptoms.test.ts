import assert from "node:assert/strict";
import { test } from "node:test";
import { diagnose } from "../../src/health/diagnose.js";
import type { Evidence, Finding, Probes } from "../../src/health/diagnosis.js";
import { causeNames, type SymptomName, symptomNames } from "../../src/health/names.js";
import { symptoms } from "../../src/health/symptoms/index.js";
import { dataWith, evidence, flat, type MadeUp, regression } from "./evidence.js";

const withProbes = (made: MadeUp, probes: Probes): Evidence => ({ ...evidence(made), probes });
const noise = (step: number): number => Math.sin(12.9898 * step) - Math.sin(78.233 * step);

/** For every symptom a training that has it, and the layer that it is found at. */
const ill: {
  readonly [name in SymptomName]: { readonly made: Evidence; readonly layer?: string | null; readonly confirmed?: boolean };
} = {
  "static mismatch": {
    made: evidence({
      loss: flat,
      subject: { head: { activation: "softmax", units: 1 }, loss: { name: "p", predictions: "probabilities" } },
    }),
    confirmed: true,
  },
  "data scale": {
    made: evidence({ loss: flat, subject: dataWith({ features: [{ mean: 130, deviation: 80 }] }) }),
    confirmed: true,
  },
  "gradient not flowing": {
    made: evidence({ loss: flat, reading: (i) => (i < 2 ? { gradient: 0, delta: 0 } : {}) }),
    layer: "2",
    confirmed: true,
  },
  initialisation: { made: evidence({ loss: flat, layer: (i) => (i === 1 ? { spread: 0.1 } : {}) }), layer: "2", confirmed: true },
  "vanishing gradient": {
    made: evidence({ depth: 8, loss: flat, reading: (i) => ({ delta: 0.2 ** (8 - i) }) }),
    layer: "8",
    confirmed: true,
  },
  "exploding gradient": {
    made: evidence({ depth: 8, loss: flat, reading: (i) => ({ delta: 5 ** (8 - i) }) }),
    layer: "8",
    confirmed: true,
  },
  "signal collapse": {
    made: evidence({ loss: flat, reading: (i) => (i >= 2 ? { signal: 0.001 } : {}) }),
    layer: "4",
    confirmed: true,
  },
  "dead units": {
    made: evidence({ loss: flat, reading: (i, step) => (i === 1 && step >= 30 ? { dead: 0.8 } : {}) }),
    layer: "2",
    confirmed: true,
  },
  saturation: {
    made: evidence({ loss: flat, reading: (i) => (i === 0 ? { saturated: 0.9, gate: 0.01 } : {}) }),
    layer: "0",
    confirmed: true,
  },
  "update size": { made: evidence({ loss: flat, reading: () => ({ update: 1e-6 }) }), confirmed: true },
  "non-finite numbers": {
    made: evidence({
      steps: 50,
      loss: (step) => (step < 45 ? 1 : Number.NaN),
      reading: (i, step) => (step >= 40 && i > 1 ? { nonFinite: 3 } : {}),
    }),
    layer: "4",
    confirmed: true,
  },
  oscillation: { made: evidence({ loss: (step) => 0.69 + (step % 2 === 0 ? 0.3 : -0.3) }), confirmed: true },
  divergence: { made: evidence({ loss: (step) => (step < 100 ? 0.5 : 0.5 + 0.05 * (step - 100)) }), confirmed: true },
  "not learning": { made: evidence({ loss: flat }), confirmed: true },
  "recurrent gradient": {
    made: evidence({
      loss: flat,
      reading: (i) => (i === 0 ? { overTime: Array.from({ length: 50 }, (_, t) => 0.5 ** (50 - t)) } : {}),
    }),
    layer: "0",
    confirmed: true,
  },
  "train and evaluation differ": {
    made: withProbes({ layer: () => ({ norm: "batchNorm" }) }, { modes: { step: 400, train: 0.2, evaluation: 1.5 } }),
    confirmed: true,
  },
  curvature: { made: withProbes({ learningRate: 0.01 }, { curvature: { step: 10, value: 226.86 } }) },
  "gradient noise": { made: evidence({ loss: (step) => 0.68 + 0.01 * noise(step), momentRatio: 0.055 }) },
  "slow learning": { made: evidence({ loss: (step) => 0.69 - 0.0001 * step }) },
};

const found = (made: Evidence, name: SymptomName): Finding | undefined =>
  diagnose(made).findings.find(({ symptom }) => symptom === name);

for (const name of symptomNames) {
  test(`${name} is found where it is, and not in a healthy training`, () => {
    const { made, layer, confirmed = false } = ill[name];
    const finding = found(made, name) ?? assert.fail("not found");
    if (layer !== undefined) assert.equal(finding.layer, layer);
    if (confirmed) assert.equal(finding.severity, "confirmed");
    assert.match(finding.evidence, /\.$/);
    assert.equal(found(evidence(), name), undefined);
  });
}

test("a healthy training has no finding and no cause", () => {
  assert.deepEqual(diagnose(evidence()), { verdict: "healthy", findings: [], causes: [], decidedAt: 50 });
});

test("every symptom has a record of its own, with causes that exist", () => {
  assert.deepEqual(symptoms.map(({ name }) => name).sort(), [...symptomNames].sort());
  for (const { causes, code, threshold } of symptoms) {
    assert.ok(causes.length > 0 && causes.every((cause) => causeNames.includes(cause)));
    assert.match(code, /^S\d+$/);
    assert.match(threshold, /\.$/);
  }
});

test("what is bad at the start is a risk while it is early, and a note once the loss falls", () => {
  const fading: MadeUp = { depth: 8, reading: (i) => ({ delta: 0.2 ** (8 - i) }) };
  const early = diagnose(evidence({ ...fading, steps: 20, budget: 400 }));
  assert.equal(early.verdict, "risk");
  assert.equal(early.findings[0].severity, "risk");
  const rescued = diagnose(evidence(fading));
  assert.equal(rescued.verdict, "healthy");
  assert.equal(rescued.findings[0].severity, "note");
});

test("the step of the decision is one at which what was known gives the verdict", () => {
  const { made } = ill["vanishing gradient"];
  const { decidedAt } = diagnose(made);
  const until = (count: number): Evidence => ({
    ...made,
    history: {
      ...made.history,
      steps: made.history.steps.slice(0, count),
      readings: made.history.readings.filter(({ step }) => step < count),
    },
  });
  assert.equal(decidedAt, 50);
  assert.equal(diagnose(until(decidedAt)).verdict, "ill");
  assert.equal(diagnose(until(20)).verdict, "risk");
});

test("a deep post-norm transformer without warm-up is a risk, and ill where its loss stays poor", () => {
  const cold: MadeUp = { depth: 36, subject: { residual: "normBehind" } };
  assert.equal(diagnose(evidence({ ...cold, steps: 20, budget: 400 })).verdict, "risk");
  assert.equal(diagnose(evidence(cold)).verdict, "healthy");
  const poor = diagnose(evidence({ ...cold, loss: (step) => 0.45 + 0.25 * Math.exp(-step / 300) }));
  assert.equal(poor.verdict, "ill");
  assert.equal(poor.causes[0].cause, "noWarmup");
  const { optimizer } = evidence().subject;
  const warm = evidence({ ...cold, subject: { residual: "normBehind", optimizer: { ...optimizer, warmup: 100 } } });
  assert.equal(found(warm, "initialisation"), undefined);
});

test("what is wrong by description is not excused by a loss that ends halfway", () => {
  const symmetric: MadeUp = { layer: () => ({ alike: true }), loss: (step) => 0.35 + 0.35 * Math.exp(-step / 100) };
  assert.equal(diagnose(evidence(symmetric)).verdict, "ill");
  assert.equal(diagnose(evidence({ ...symmetric, steps: 100, budget: 400 })).verdict, "healthy");
  assert.equal(diagnose(evidence({ ...symmetric, loss: (step) => 0.05 + 0.65 * Math.exp(-step / 60) })).verdict, "healthy");
});

test("a breakdown names its step, and the operation where it is known", () => {
  const made = ill["non-finite numbers"].made;
  assert.equal(found(made, "non-finite numbers")?.step, 40);
  const origin = { operation: "log", layer: "8", inputs: [{ least: 0, greatest: 1 }], result: "−∞" };
  const finding = found({ ...made, probes: { firstNonFinite: origin } }, "non-finite numbers");
  assert.equal(finding?.layer, "8");
  assert.match(finding?.evidence ?? "", /log in 8, which makes −∞ of 0 … 1/);
});

test("narrow deep networks scatter: their limits are wider", () => {
  const made = (units: number): Evidence =>
    evidence({ depth: 8, units, loss: flat, reading: (i) => ({ delta: i === 8 ? 1 : 0.005 }) });
  assert.notEqual(found(made(64), "vanishing gradient"), undefined);
  assert.equal(found(made(4), "vanishing gradient"), undefined);
});

test("targets that a head cannot say, and numbers of another size, are seen before the first step", () => {
  const far = regression({ mean: 1e4, deviation: 2e3, least: 5e3, greatest: 2e4 });
  const made = evidence({ loss: flat, subject: { ...far, head: { activation: "sigmoid", units: 1 } } });
  const seen = diagnose(made).findings.map(({ measured }) => measured.name);
  assert.ok(seen.includes("targets out of the head's reach") && seen.includes("target scale"), seen.join());
});

test("an empty history, one step, and a loss that is lost at once do not break the diagnosis", () => {
  assert.equal(diagnose(evidence({ steps: 0, budget: 100 })).verdict, "healthy");
  assert.equal(diagnose(evidence({ steps: 1, budget: 100 })).verdict, "healthy");
  assert.equal(diagnose(evidence({ steps: 5, loss: () => Number.POSITIVE_INFINITY })).verdict, "ill");
  assert.equal(
    diagnose({ ...evidence({ steps: 5 }), history: { layers: [], steps: [], readings: [], budget: 0 } }).verdict,
    "healthy",
  );
});

test("evidence says which layer by the word, and counts one layer as one", () => {
  const evidenceOf = (name: SymptomName): string | undefined =>
    diagnose(ill[name].made).findings.find(({ symptom }) => symptom === name)?.evidence;
  assert.match(evidenceOf("vanishing gradient") ?? "", /^The gradient that reaches layer 0 is /);
  assert.match(evidenceOf("initialisation") ?? "", /^Weights of 1 layer start .*, first those of layer 2: /);
});
