import assert from "node:assert/strict";
import { test } from "node:test";
import { fromArrays } from "../../src/data/index.js";
import { diagnose } from "../../src/health/diagnose.js";
import { examine } from "../../src/health/examine.js";
import { describeSubject, type Plan, type PlanData, runPlan } from "../../src/health/plan/index.js";
import type { Examination, Examinee } from "../../src/health/tools.js";
import { denseBlock, planWith, samplesFor } from "./plan/plans.js";

const points = fromArrays({ features: [0, 1, 2, 3].map((x) => [x * x, x]), targets: [0, 1, 2, 3].map((x) => [x * x]) });
const parabola = { train: points, test: points };

/** Plain descent on a x² + b x + c, whose steepest curvature is 226.86. */
const descent = (learningRate: number, momentum = 0): Plan => ({
  title: "a parabola through four points",
  task: "numbers",
  input: [2],
  blocks: [],
  head: { units: 1, activation: "none", init: "zeros" },
  loss: "sum(mse)",
  optimizer: { name: "sgd", learningRate, momentum },
  data: { inputs: "none", targets: "none" },
  batchSize: 4,
  steps: 60,
});

async function examineeOf(plan: Plan, data: PlanData, seed: number): Promise<Examinee> {
  const { history } = await runPlan(plan, data, { seed });
  const evidence = { subject: describeSubject(plan, data, { seed }), history };
  return { plan, data, evidence, diagnosis: diagnose(evidence) };
}

const answers = ({ examined }: Examination): string => examined.map(({ question, answer }) => `${question} ${answer}`).join("\n");

test("a descent that diverges is told the rate that its curvature allows, and blamed on the rate", async () => {
  const { diagnosis, probes, examined } = await examine(await examineeOf(descent(0.01), parabola, 1), { seed: 1 });
  assert.deepEqual(examined.map(({ question }) => question), ["Which learning rate does the curvature allow?"]); // biome-ignore format: one line
  const limit = 2 / (probes.curvature?.value ?? Number.NaN);
  assert.ok(Math.abs(limit - 0.008816) < 2e-4, `${limit}`);
  assert.match(examined[0].answer, /rates above 0\.0088\d* overshoot .* this one is 0\.01\./);
  assert.ok(diagnosis.findings.some(({ symptom }) => symptom === "curvature"));
  assert.equal(diagnosis.causes[0].cause, "highLearningRate");
});

test("a descent that overflows names the operation, in the very step in which it happens", async () => {
  const examinee = await examineeOf(descent(30), parabola, 1);
  const { diagnosis, probes, examined } = await examine(examinee, { seed: 1 });
  const origin = probes.firstNonFinite;
  assert.equal(origin?.result, "∞");
  assert.ok(origin?.inputs.every(({ least, greatest }) => Number.isFinite(least) && Number.isFinite(greatest)));
  assert.match(examined[0].answer, /It begins with \w+.*, which makes ∞ of /);
  assert.match(diagnosis.findings.find(({ symptom }) => symptom === "non-finite numbers")?.evidence ?? "", /It begins with/);
});

test("what learns nothing and has no other cause is asked whether there is anything to learn", async () => {
  const plan = planWith({ steps: 60, optimizer: { name: "adam", learningRate: 1e-9 } });
  const examinee = await examineeOf(plan, samplesFor(plan, 200), 1);
  const [finding] = examinee.diagnosis.findings;
  const stuck = { ...finding, symptom: "not learning", severity: "confirmed", critical: true } as const;
  const open = { verdict: "ill", findings: [stuck], causes: [], decidedAt: 50 } as const;
  const asked: string[] = [];
  const examination = await examine({ ...examinee, diagnosis: open }, { seed: 1, onQuestion: (text) => void asked.push(text) });
  assert.equal(asked[0], "Is there anything to learn?");
  assert.match(answers(examination), /it does not learn by heart either/);
  assert.ok((examination.probes.shuffledLabels ?? 0) > 0.9);
  const known = [{ cause: "lowLearningRate", weight: 0.9, layer: null, argument: "" }];
  const none = await examine({ ...examinee, diagnosis: { ...open, causes: known } }, { seed: 1 });
  assert.equal(none.examined.length, 0);
});

test("of two rival causes the one whose removal removes the alarms comes first", async () => {
  const plan = planWith({ blocks: [1, 2, 3].map(() => denseBlock(32, { activation: "relu", init: "uniform(0.01)" })), steps: 400 }); // biome-ignore format: one line
  const data = samplesFor(plan);
  const { history } = await runPlan(plan, data, { seed: 1, steps: 20 });
  const evidence = { subject: describeSubject(plan, data, { seed: 1 }), history };
  const rivals = [
    { cause: "highLearningRate", weight: 0.6, layer: null, argument: "A guess." },
    { cause: "smallStart", weight: 0.55, layer: null, argument: "Another." },
  ];
  const diagnosis = { ...diagnose(evidence), causes: rivals };
  const examination = await examine({ plan, data, evidence, diagnosis }, { seed: 1 });
  assert.equal(examination.diagnosis.causes[0].cause, "smallStart");
  assert.match(answers(examination), /Which of two likely causes is it\? .*without it \d+ of \d+ alarms/);
  const apart = { ...diagnosis, causes: [{ ...rivals[0], weight: 0.9 }, rivals[1]] };
  assert.deepEqual((await examine({ plan, data, evidence, diagnosis: apart }, { seed: 1 })).examined, []);
});

test("a healthy training is asked nothing", async () => {
  const examinee = await examineeOf(descent(0.005), parabola, 1);
  const healthy = { ...examinee.diagnosis, verdict: "healthy" } as const;
  assert.deepEqual((await examine({ ...examinee, diagnosis: healthy }, { seed: 1 })).examined, []);
});
