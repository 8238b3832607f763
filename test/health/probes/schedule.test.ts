import assert from "node:assert/strict";
import { test } from "node:test";
import { type ScheduleOptions, schedule } from "../../../src/health/probes/schedule.js";

/** The steps looked into when a plain one takes 1 ms, a look `cost` more and a length `length` more; and the time that took in all. */
function follow(count: number, cost: number, { length = 0, ...options }: ScheduleOptions & { length?: number } = {}) {
  const plan = schedule(options);
  const looks: number[] = [];
  const extra: number[] = [];
  for (let step = 0; step < count; step++) {
    const kind = plan.kindOf(step);
    const more = { look: cost, length, plain: 0 }[kind];
    if (kind === "look") looks.push(step);
    extra.push(more);
    plan.took(step, kind, 1 + more);
  }
  return { looks, extra };
}

test("the first twenty steps are looked into, and a third of the next sixty", () => {
  const { looks } = follow(80, 0.5);
  assert.deepEqual(looks.slice(0, 20), Array.from({ length: 20 }, (_, i) => i)); // biome-ignore format: one line
  assert.deepEqual(
    looks.slice(20),
    Array.from({ length: 20 }, (_, i) => 21 + 3 * i),
  );
});

test("in the long run looking takes its share of the time and no more", () => {
  for (const cost of [0, 0.03, 0.05, 0.051, 0.4, 3, 20]) {
    for (const share of [0.05, 0.02]) {
      for (const length of [0, 0.01, 0.03, 0.2].filter((one) => one <= cost)) {
        const steps = 100_000;
        const { looks, extra } = follow(steps, cost, { share, length });
        const taken = extra.slice(steps / 2).reduce((sum, more) => sum + more, 0) / (steps / 2);
        // One look more or less than fits into the stretch.
        assert.ok(taken <= share * 1.02, `a look of ${cost} and a length of ${length} take ${taken} of the time, not ${share}`);
        if (cost > share) assert.ok(taken > share / 2.5, "and make use of most of it");
        assert.ok(looks[looks.length - 1] > steps / 2);
      }
    }
  }
});

test("between start and long run looks lie a tenth apart", () => {
  const looked = follow(2000, 20).looks.filter((step) => step >= 80);
  for (let i = 1; i < looked.length; i++) {
    assert.ok(looked[i] - looked[i - 1] <= Math.min(400, Math.ceil(looked[i - 1] / 10)));
  }
  assert.ok(looked[0] === 80 && looked.length > 15);
});

test("one slow step does not count as the cost of looking", () => {
  const plan = schedule();
  for (let step = 0; step < 80; step++) {
    const kind = plan.kindOf(step);
    plan.took(step, kind, step === 21 || step === 32 ? 500 : kind === "look" ? 1.2 : 1);
  }
  assert.ok(Math.abs((plan.overhead("look") as number) - 0.2) < 1e-12);
  assert.equal(plan.every(), 4);
});

test("a given distance needs no clock, and a long training is not looked into more than a thousand times", () => {
  const fixed = schedule({ every: 30 });
  assert.equal(fixed.times(25), false);
  const { looks } = follow(1000, 0, { every: 30 });
  assert.deepEqual(looks.slice(0, 24), [...Array.from({ length: 21 }, (_, i) => i), 22, 25, 28]);
  assert.ok(looks.slice(-5).every((step, i, all) => i === 0 || step - all[i - 1] === 30));
  assert.ok(follow(100_000, 0, { steps: 100_000 }).looks.length < 1100);
});
