import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../../src/health/plan/plan.js";
import { treatWith } from "../../src/health/treat.js";
import type { Treatment } from "../../src/health/treatment.js";
import { type Behaviour, fakeTools, sigmoidPlan, someData } from "./fakes.js";

const ill: Behaviour = { score: 0.48, loss: 0.99, ratio: 6e-4 };
const well: Behaviour = { score: 0.84, loss: 0.4, ratio: 0.6 };

const activationOf = ({ blocks }: Plan): string => ("activation" in blocks[0] ? String(blocks[0].activation) : "");
const normOf = ({ blocks }: Plan): string => ("norm" in blocks[0] ? String(blocks[0].norm) : "none");
const treat = (behave: (plan: Plan, seed: number) => Behaviour): Promise<Treatment> => treatWith(fakeTools(behave), sigmoidPlan, someData); // biome-ignore format: one line

const recommended = ({ verified, recommended }: Treatment) => (recommended === null ? null : verified[recommended]);

test("of two cures the smaller change is taken, and proved", async () => {
  const treatment = await treat((plan) => (activationOf(plan) === "tanh" || normOf(plan) === "batch" ? well : ill));
  const cure = recommended(treatment);
  assert.deepEqual(cure?.remedies, ["tanhGlorot"]);
  assert.equal(cure?.proof.verdict, "proved");
  assert.equal(cure?.proof.better, 3);
  assert.deepEqual(cure?.proof.pairs.map(({ seed }) => seed), [0, 1, 2]); // biome-ignore format: one line
  assert.deepEqual(cure?.proof.reverted, { identical: true, score: 0.48 });
  assert.equal(treatment.after?.score, 0.84);
});

test("the summary tells the mechanism, the outcome, the placebo, the parts, the way back and the price", async () => {
  const treatment = await treat((plan) => (activationOf(plan) === "tanh" ? well : ill));
  assert.equal(
    recommended(treatment)?.proof.summary,
    "R_δ 6e-4 → 0.6; accuracy .480 → .840 (3/3 seeds; placebo .480 and .480); only tanh in place of the activation .840; " +
      "only Glorot initialisation .480; reverting restores .480; cost +0 parameters, 1.00× per step",
  );
});

test("a healthy training is left alone", async () => {
  const tools = fakeTools(() => well);
  const treatment = await treatWith(tools, sigmoidPlan, someData);
  assert.equal(tools.runs.length, 1);
  assert.equal(treatment.recommended, null);
  assert.deepEqual(treatment.cost, { search: 0, proof: 0 });
});

test("a remedy that harms is never recommended, however well it treats the symptom", async () => {
  const treatment = await treat((plan) => (plan === sigmoidPlan ? ill : { ...well, score: 0.3, loss: 2 }));
  assert.equal(treatment.recommended, null);
  assert.equal(treatment.after, null);
  assert.deepEqual([...new Set(treatment.verified.map(({ proof }) => proof.verdict))], ["harmful"]);
});

test("what only silences the symptom is said to, and not recommended", async () => {
  const treatment = await treat((plan) => (plan === sigmoidPlan ? ill : { ...ill, ratio: 0.5 }));
  assert.equal(treatment.recommended, null);
  assert.ok(treatment.verified.every(({ proof }) => proof.verdict === "symptom only"));
});

test("what helps without mending what was measured is recommended as an outcome only", async () => {
  const treatment = await treat((plan) =>
    activationOf(plan) === "sigmoid" && normOf(plan) === "none" ? ill : { ...well, ratio: 0.01 },
  );
  assert.equal(recommended(treatment)?.proof.verdict, "outcome only");
});

test("what a fresh seed cures as well is not proved", async () => {
  const treatment = await treat((plan, seed) => (activationOf(plan) === "tanh" || seed > 1000 ? well : ill));
  assert.equal(recommended(treatment)?.proof.verdict, "improved");
});

test("what helps in two seeds of three is an improvement", async () => {
  const treatment = await treat((plan, seed) => (activationOf(plan) === "tanh" && seed !== 2 ? well : ill));
  assert.equal(recommended(treatment)?.proof.verdict, "improved");
  assert.equal(recommended(treatment)?.proof.better, 2);
});

test("a training that does not come back bit for bit proves nothing", async () => {
  const tools = fakeTools((plan) => (activationOf(plan) === "tanh" ? well : ill));
  let count = 0;
  const treatment = await treatWith(
    { ...tools, run: async (...wish) => ({ ...(await tools.run(...wish)), fingerprint: String(count++) }) },
    sigmoidPlan,
    someData,
  );
  assert.equal(recommended(treatment)?.proof.verdict, "improved");
  assert.match(recommended(treatment)?.proof.summary ?? "", /reverting restores \.480, but not bit for bit/);
});

test("two remedies are joined where one is not enough", async () => {
  const treatment = await treat((plan) => {
    const half = activationOf(plan) !== "sigmoid";
    if (half && normOf(plan) !== "none") return well;
    return half ? { score: 0.6, loss: 0.8, ratio: 0.01 } : ill;
  });
  const cure = recommended(treatment);
  assert.equal(cure?.remedies.length, 2);
  assert.equal(cure?.proof.verdict, "proved");
  assert.equal(Math.max(...treatment.trials.map(({ round }) => round)), 2);
});

test("the search costs what its trainings cost, and no more than it may", async () => {
  const tools = fakeTools((plan) => (activationOf(plan) === "tanh" ? well : ill));
  const treatment = await treatWith(tools, sigmoidPlan, someData);
  const steps = tools.runs.reduce((sum, run) => sum + run.steps, 0);
  const { search, proof } = treatment.cost;
  assert.ok(Math.abs(search + proof + 1 - steps / sigmoidPlan.steps) < 1e-9);
  assert.ok(search <= 2.2, `${search}`);
});

test("a treatment is plain data: JSON gives it back", async () => {
  const treatment = await treat((plan) => (activationOf(plan) === "tanh" ? well : ill));
  assert.deepEqual(JSON.parse(JSON.stringify(treatment)), treatment);
});

test("a treatment that is aborted ends with the reason", async () => {
  const controller = new AbortController();
  const tools = fakeTools(() => ill);
  const options = { signal: controller.signal, onProgress: () => controller.abort(new Error("enough")) };
  await assert.rejects(treatWith(tools, sigmoidPlan, someData, options), /enough/);
});

test("where the samples are at fault no plan is tried", async () => {
  const tools = fakeTools(() => ill);
  const badLabels = { cause: "badLabels", weight: 0.97, layer: null, argument: "" };
  const diagnose: typeof tools.diagnose = (evidence) => ({ ...tools.diagnose(evidence), causes: [badLabels] });
  const treatment = await treatWith({ ...tools, diagnose }, sigmoidPlan, someData);
  assert.deepEqual([treatment.trials.length, treatment.cost.search, treatment.recommended], [0, 0, null]);
});

test("where nothing is wrong any more but much is left to learn, faster learning is tried on top", async () => {
  const treatment = await treat((plan) => {
    if (activationOf(plan) !== "tanh") return ill;
    return plan.optimizer.learningRate > 0.001 ? well : { score: 0.7, loss: 0.7, ratio: 0.6 };
  });
  assert.deepEqual(recommended(treatment)?.remedies.slice(0, 1), ["tanhGlorot"]);
  assert.equal(recommended(treatment)?.remedies.length, 2);
  assert.equal(treatment.after?.score, 0.84);
});
