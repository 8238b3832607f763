import { fromArrays } from "../../src/data/index.js";
import type { Diagnosis, Evidence } from "../../src/health/diagnosis.js";
import type { History, LayerReading, MeasuredLayer } from "../../src/health/history.js";
import type { Plan } from "../../src/health/plan/plan.js";
import type { Subject } from "../../src/health/subject.js";
import type { Tools, TreatmentData } from "../../src/health/tools.js";
import type { Outcome } from "../../src/health/treatment.js";

/** A deep narrow sigmoid network, as a plan. */
export const sigmoidPlan: Plan = {
  title: "eight layers of five sigmoids",
  task: "binary",
  input: [2],
  blocks: Array.from({ length: 8 }, () => ({ kind: "dense", units: 5, activation: "sigmoid", init: "heUniform" }) as const),
  head: { units: 1, activation: "none", init: "auto" },
  loss: "binaryCrossEntropy",
  optimizer: { name: "adam", learningRate: 0.001 },
  data: { inputs: "none", targets: "none" },
  batchSize: 32,
  steps: 400,
};

export const someData: TreatmentData = {
  train: fromArrays({ features: [[0, 1]], labels: Int32Array.of(0) }),
  test: fromArrays({ features: Array.from({ length: 100 }, () => [0, 1]), labels: new Int32Array(100) }),
} as unknown as TreatmentData;

export function layerAt(place: number, head: boolean): MeasuredLayer {
  return {
    path: String(place),
    title: "linear",
    kind: "linear",
    weight: { name: `${place}.weight`, shape: [5, 5], fanIn: 5, trained: true },
    size: 5,
    units: 5,
    activation: head ? null : { title: "sigmoid", path: `${place}.activation` },
    norm: null,
    head,
    correction: 1,
  };
}

export const healthyReading: LayerReading = {
  power: 1,
  mean: 0,
  largest: 2,
  signal: 0.8,
  dead: 0,
  saturated: 0.1,
  gate: 0.5,
  delta: 1,
  gradient: 1,
  weight: 2,
  update: 0.002,
  zeroGradient: 0,
  nonFinite: 0,
};

/** What a fake training does: where its loss ends, how its δ behaves, how it scores. */
export interface Behaviour {
  readonly score: number;
  readonly loss: number;
  /** δ of the first layer over that of the last. */
  readonly ratio: number;
  readonly dead?: number;
}

export function historyOf({ loss, ratio, dead = 0 }: Behaviour, steps: number, budget: number): History {
  const layers = Array.from({ length: 3 }, (_, i) => layerAt(i, i === 2));
  const reading = layers.map((_, i): LayerReading => ({ ...healthyReading, delta: ratio ** (1 - i / 2), dead }));
  return {
    layers,
    steps: Array.from({ length: steps }, () => ({ loss, gradientNorm: 1, learningRate: 0.001 })),
    readings: Array.from({ length: Math.min(20, steps) }, (_, step) => ({ step, layers: reading, momentRatio: null })),
    budget,
  };
}

/** The vanishing that fake trainings may suffer from; healthy when δ arrives. */
export function diagnoseFake({ history }: Evidence): Diagnosis {
  const { layers } = history.readings[0];
  const ratio = layers[0].delta / layers[2].delta;
  if (ratio > 0.1) return { verdict: "healthy", findings: [], causes: [], decidedAt: 0 };
  const measured = { name: "R_δ", value: ratio, limit: 1e-3 };
  return {
    verdict: "ill",
    findings: [
      { symptom: "vanishing gradient", severity: "confirmed", critical: true, layer: "0", step: 0, measured, evidence: "" },
    ],
    causes: [{ cause: "saturatingActivation", weight: 0.9, layer: "0", argument: "" }],
    decidedAt: 0,
  };
}

/** Tools that train nothing: each plan behaves as it is told, and every training is counted. */
export function fakeTools(
  behave: (plan: Plan, seed: number) => Behaviour,
): Tools & { readonly runs: { plan: Plan; seed: number; steps: number }[] } {
  const runs: { plan: Plan; seed: number; steps: number }[] = [];
  return {
    runs,
    async run(plan, _, { seed, steps = plan.steps }): Promise<Outcome> {
      runs.push({ plan, seed, steps });
      const behaviour = behave(plan, seed);
      const history = historyOf(behaviour, steps, plan.steps);
      const fingerprint = JSON.stringify([plan, seed, steps]);
      return {
        plan,
        seed,
        history,
        score: behaviour.score,
        testLoss: behaviour.loss,
        milliseconds: steps,
        parameters: 100,
        fingerprint,
      };
    },
    describe: () => ({ layers: [], data: { constantLoss: 1 } }) as unknown as Subject,
    diagnose: diagnoseFake,
  };
}
