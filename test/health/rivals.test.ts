import assert from "node:assert/strict";
import { test } from "node:test";
import { rivals } from "../../bench/health/rivals/index.js";
import type { Evidence } from "../../src/health/diagnosis.js";
import { evidence, flat } from "./evidence.js";

const says = (name: string, made: Evidence): readonly string[] =>
  rivals.find((rival) => rival.name === name)?.judge(made) ?? assert.fail(name);
const ratio = "‖dW₁‖ ÷ ‖dW_L‖ in 0.1 … 10";

/** What every tool must see, by its own description. */
const vanishing = evidence({
  depth: 8,
  loss: flat,
  reading: (i) => ({ gradient: 0.1 ** (8 - i), meanGradient: 1e-9, weight: 1 }),
});
const dead = evidence({
  loss: flat,
  reading: (i) => (i < 4 ? { zeroGradient: 0.9, dead: 0.9, notPositive: 0.9, gradient: 0, power: 0 } : {}),
});
const lost = evidence({ steps: 50, loss: (step) => (step < 40 ? 1 : Number.NaN) });
/** Relus from a start that is far too small: signals vanish, the gradients of weights do not show it. */
const trap = evidence({
  depth: 30,
  loss: (step) => 0.3 + 0.4 * Math.exp(-step / 60),
  reading: (i) => ({ delta: 0.4 ** (30 - i) }),
});

test("nobody says anything of a healthy training", () => {
  const moving = evidence({
    reading: (_, step) => ({ mean: 0.1 + 1e-3 * step, weight: 5 + 0.01 * step, gradient: 0.2 + 1e-3 * step }),
  });
  for (const { name, judge } of rivals) assert.deepEqual(judge(moving), [], name);
});

test("everybody sees a loss that is lost", () => {
  for (const { name, judge } of rivals) assert.ok(judge(lost).length > 0, name);
});

test("each sees a vanishing gradient of weights by its own rule", () => {
  assert.ok(says("AUTOTRAINER", vanishing).includes("vanishing gradient"));
  assert.ok(says("DeepDiagnosis", vanishing).includes("vanishing gradient"));
  assert.ok(says("torchmortem", vanishing).includes("vanishing gradient"));
  assert.ok(says(ratio, vanishing).includes("vanishing"));
});

test("each sees dead units by its own rule", () => {
  assert.ok(says("AUTOTRAINER", dead).includes("dying ReLU"));
  assert.ok(says("DeepDiagnosis", dead).includes("dead units"));
  assert.ok(says("DeepLocalize", dead).includes("gradient is 0"));
  assert.ok(says("torchmortem", dead).includes("dead units"));
});

test("the ratio of weight gradients is blind to a signal that vanishes in relus", () => {
  assert.deepEqual(says(ratio, trap), []);
});

test("a history without readings is judged too", () => {
  const empty = { ...evidence({ steps: 3 }), history: { ...evidence({ steps: 3 }).history, readings: [] } };
  for (const { judge } of rivals) assert.ok(Array.isArray(judge(empty)));
});
