import assert from "node:assert/strict";
import { test } from "node:test";
import { type ScheduleOptions, schedule } from "../../../src/health/probes/schedule.js";

/** The steps looked into when a plain one takes 1 ms and a look `cost` more. */
function looks(count: number, cost: number, options: ScheduleOptions = {}): number[] {
  const plan = schedule(options);
  const looked: number[] = [];
  for (let step = 0; step < count; step++) {
    const look = plan.looksAt(step);
    if (look) looked.push(step);
    plan.took(step, look ? 1 + cost : 1);
  }
  return looked;
}

test("the first twenty steps are looked into, and the next forty in turns", () => {
  const looked = looks(60, 0.5);
  assert.deepEqual(looked.slice(0, 20), Array.from({ length: 20 }, (_, i) => i)); // biome-ignore format: one line
  assert.deepEqual(
    looked.slice(20),
    Array.from({ length: 20 }, (_, i) => 20 + 2 * i),
  );
});

test("in the long run looking takes its share of the time and no more", () => {
  for (const cost of [0, 0.03, 0.05, 0.051, 0.4, 3, 20]) {
    for (const share of [0.05, 0.02]) {
      const steps = 200_000;
      const late = looks(steps, cost, { share }).filter((step) => step > steps / 2);
      const taken = (late.length * cost) / (steps / 2);
      // One look more or less than fits into the stretch.
      assert.ok(taken <= share * 1.001, `a look of ${cost} takes ${taken} of the time, not ${share}`);
      if (cost > share) assert.ok(taken > share / 2.1, "and makes use of most of it");
    }
  }
});

test("between start and long run looks lie a tenth apart", () => {
  const looked = looks(2000, 20).filter((step) => step >= 60);
  for (let i = 1; i < looked.length; i++) {
    assert.ok(looked[i] - looked[i - 1] <= Math.min(400, Math.ceil(looked[i - 1] / 10)));
  }
  assert.ok(looked[0] === 60 && looked.length > 15);
});

test("one slow step does not count as the cost of looking", () => {
  const plan = schedule();
  for (let step = 0; step < 60; step++) plan.took(step, step === 20 || step === 31 ? 500 : plan.looksAt(step) ? 1.2 : 1);
  assert.ok(Math.abs((plan.overhead() as number) - 0.2) < 1e-12);
  assert.equal(plan.every(), 4);
});

test("a given distance needs no clock, and a long training is not looked into more than a thousand times", () => {
  const fixed = schedule({ every: 30 });
  assert.equal(fixed.times(25), false);
  const looked = looks(1000, 0, { every: 30 });
  assert.deepEqual(looked.slice(0, 24), [...Array.from({ length: 21 }, (_, i) => i), 22, 25, 28]);
  assert.ok(looked.slice(-5).every((step, i, all) => i === 0 || step - all[i - 1] === 30));
  assert.ok(looks(100_000, 0, { steps: 100_000 }).length < 1100);
});
