import assert from "node:assert/strict";
import { test } from "node:test";
import { advise, type HiddenQuestion, outputKinds, outputs, rules } from "../../src/activations/advice/index.js";
import { measuresOf } from "../../src/activations/advice/measures.js";
import {
  type Activation,
  elu,
  gelu,
  identity,
  leakyRelu,
  relu,
  selu,
  sigmoid,
  softmax,
  softplus,
  tanh,
} from "../../src/activations/index.js";
import { losses } from "../../src/nn/index.js";

const among: readonly Activation[] = [identity, relu, leakyRelu, elu, selu, gelu, softplus, sigmoid, tanh, softmax];

const names = async (question: Omit<HiddenQuestion, "task">): Promise<string[]> => {
  const { recommendations } = await advise({ task: "hidden", among, ...question });
  return recommendations.map(({ activation }) => activation.name);
};

test("χ₁ of a relu at its gain is 1, as He and others found; that of SELU is as mpmath has it", () => {
  assert.ok(Math.abs((measuresOf(relu)?.chi1 ?? 0) - 1) < 1e-12);
  assert.ok(Math.abs((measuresOf(relu)?.dead ?? 0) - 0.5) < 1e-12);
  assert.ok(measuresOf(selu)?.selfNormalising);
  // mpmath.quad of selu′(z)² against the normal density, selu as Klambauer and others define it.
  assert.ok(Math.abs((measuresOf(selu)?.chi1 ?? 0) - 1.0715749924558) < 1e-12, String(measuresOf(selu)?.chi1));
});

test("what cannot carry a gradient through hidden layers is not measured: straight lines and functions of a row", () => {
  assert.equal(measuresOf(identity), null);
  assert.equal(measuresOf(softmax), null);
});

test("sigmoid is the last one advised for a deep network, and the reasons say why", async () => {
  const { recommendations, notes } = await advise({ task: "hidden", depth: 50, count: 20, among });
  assert.equal(recommendations.length, 8);
  const last = recommendations[recommendations.length - 1];
  assert.equal(last.activation, sigmoid);
  assert.ok(
    last.reservations.some((reason) => /both sides/.test(reason)) && last.reservations.some((reason) => /χ₁/.test(reason)),
  );
  for (const [i, { score }] of recommendations.entries()) {
    assert.ok(score >= 0 && score <= 1 && (i === 0 || score <= recommendations[i - 1].score));
  }
  assert.ok(notes.some((note) => /normalisation/.test(note)));
});

test("depth without normalisation favours what keeps itself normal", async () => {
  const shallow = await names({ depth: 2, count: 20 });
  const deep = await names({ depth: 100, count: 20 });
  const place = (list: readonly string[]): number => list.indexOf("selu") - list.indexOf("elu");
  assert.ok(place(shallow) > 0 && place(deep) < 0, `${shallow} and ${deep}`);
});

test("smoothness is a condition, not a preference", async () => {
  for (const name of await names({ smoothness: "smooth", count: 20 })) {
    const facts = among.find((activation) => activation.name === name)?.facts;
    assert.ok(facts?.smoothness === "smooth" || facts?.smoothness === "analytic", name);
  }
});

test("a low budget is for what costs little, by operations where nothing is timed", async () => {
  const cost = async (budget: "low" | "high"): Promise<number> =>
    (await advise({ task: "hidden", budget, among })).recommendations.reduce(
      (sum, { measures }) => sum + measures.relativeCost,
      0,
    );
  assert.ok((await cost("low")) < (await cost("high")));
});

test("mean-field numbers come with every recommendation", async () => {
  const { recommendations } = await advise({ task: "hidden", among: [relu, tanh] });
  const phases = new Map(recommendations.map(({ activation, phase }) => [activation.name, phase]));
  assert.equal(phases.get("relu"), "critical");
});

test("every output has an activation that fits what it says, and losses that exist and take what it says", async () => {
  for (const output of outputKinds) {
    const { head, alternatives } = await advise({ task: "output", output, among });
    assert.ok(head.fits(head.activation.facts), output);
    assert.ok(!alternatives.includes(head.activation), output);
    const loss = losses.find(({ name }) => name === head.loss);
    assert.equal(loss?.predictions, head.lossTakes, output);
    for (const other of head.otherLosses)
      assert.ok(
        losses.some(({ name }) => name === other),
        `${output}: ${other}`,
      );
  }
  assert.deepEqual([outputs.binary.loss, outputs["multi-class"].loss], ["binaryCrossEntropy", "softmaxCrossEntropy"]);
});

test("rules are data, each with its own name and a weight that is never negative", () => {
  assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  for (const depth of [1, 10, 1000]) {
    for (const rule of rules) {
      const weight = rule.weight({
        task: "hidden",
        depth,
        width: 64,
        normalisation: "batch",
        budget: "high",
        smoothness: "any",
        count: 1,
      });
      assert.ok(weight >= 0, rule.name);
    }
  }
});

test("questions that make no sense are refused", async () => {
  await assert.rejects(advise({ task: "hidden", depth: 0 }), /advise: depth is out of range/);
  await assert.rejects(advise({ task: "hidden", count: 1.5 }), /advise: count is out of range/);
});
