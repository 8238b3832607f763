import assert from "node:assert/strict";
import { test } from "node:test";
import { readPlan } from "../../../src/health/plan/index.js";
import { Fault } from "../../../src/ir/fault.js";
import { blockPlans, planWith } from "./plans.js";

test("what was written as JSON is read as it was", () => {
  for (const plan of Object.values(blockPlans)) assert.deepEqual(readPlan(JSON.stringify(plan)), plan);
});

const dense = { kind: "dense", units: 4, activation: "tanh", init: "auto" };
const wrong: readonly (readonly [why: string, plan: unknown, where: string])[] = [
  ["a text that is no JSON", "{ title: 1", "plan"],
  ["a list", [], "plan"],
  ["a field that is missing", { ...planWith(), loss: undefined }, "plan.loss"],
  ["a field that nobody knows", { ...planWith(), epochs: 3 }, "plan.epochs"],
  ["half a unit", planWith({ blocks: [{ ...dense, units: 2.5 } as never] }), "plan.blocks[0].units"],
  ["a block of an unknown kind", planWith({ blocks: [{ kind: "dance" } as never] }), "plan.blocks[0].kind"],
  ["an unknown activation", planWith({ blocks: [{ ...dense, activation: "smile" } as never] }), "plan.blocks[0].activation"],
  ["an unknown start", planWith({ head: { units: 1, activation: "none", init: "uniform(a)" } }), "plan.head.init"],
  ["a rate of 0", planWith({ optimizer: { name: "adam", learningRate: 0 } }), "plan.optimizer.learningRate"],
  ["an unknown optimizer", planWith({ optimizer: { name: "adamant", learningRate: 1 } }), "optimizer"],
  ["an unknown loss", planWith({ loss: "sum(grief)" }), "loss"],
  ["a block that does not fit", planWith({ blocks: [{ kind: "pool", how: "max" }] }), "blocks[0], pool"],
];

for (const [why, plan, where] of wrong) {
  test(`${why} is refused, and the fault says where`, () => {
    assert.throws(
      () => readPlan(plan),
      (error: unknown) => error instanceof Fault && error.where === where,
    );
  });
}
