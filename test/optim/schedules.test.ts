import assert from "node:assert/strict";
import { test } from "node:test";
import { constant, cosine, oneCycle, type Schedule, schedule, schedules, stepDecay, warmUp } from "../../src/optim/index.js";

const examples: Record<keyof typeof schedules, Schedule> = {
  constant: constant({ rate: 0.1 }),
  stepDecay: stepDecay({ rate: 0.1, stepSize: 3 }),
  exponentialDecay: schedules.exponentialDecay({ rate: 0.1, gamma: 0.9 }),
  cosine: cosine({ rate: 0.1, steps: 7, minimum: 0.02, cycles: 2, growth: 2 }),
  warmUp: warmUp({ steps: 4, next: warmUp({ steps: 2, startFactor: 0.5, next: cosine({ rate: 0.3, steps: 9 }) }) }),
  oneCycle: oneCycle({ rate: 0.1, steps: 30, shape: "linear" }),
};

for (const [name, example] of Object.entries(examples)) {
  test(`${name} is under its name, survives JSON, and gives a finite rate of 0 or more at every step`, () => {
    assert.equal(example.name, name);
    assert.equal(schedules[name as keyof typeof schedules].record.name, name);
    const again = schedule(JSON.parse(JSON.stringify(example)));
    for (const step of [0, 1, 2, 3, 4, 7, 8, 29, 30, 31, 1e6, 1e12]) {
      assert.ok(example.at(step) >= 0 && Number.isFinite(example.at(step)), `step ${step}`);
      assert.equal(again.at(step), example.at(step));
    }
    for (const step of [-1, Number.NaN, Number.POSITIVE_INFINITY]) assert.throws(() => example.at(step), /there is no such step/);
  });
}

test("schedules end where they say", () => {
  assert.equal(cosine({ rate: 0.1, steps: 10, minimum: 0.01 }).at(1000), 0.01);
  const cycle = oneCycle({ rate: 1, steps: 10, startDivisor: 10, endDivisor: 10 });
  assert.deepEqual([cycle.at(0), cycle.at(2), cycle.at(9), cycle.at(500)], [0.1, 1, 0.01, 0.01]);
  assert.equal(warmUp({ steps: 10, startFactor: 0, next: constant({ rate: 0.5 }) }).at(5), 0.25);
});

test("a rise shorter than a step starts at the top", () => {
  assert.equal(oneCycle({ rate: 1, steps: 3 }).at(0), 1);
});

test("numbers out of range, unknown names and things that are no schedule are named", () => {
  assert.throws(
    () => constant({ rate: 0 }),
    /constant: rate is out of range\n {2}expected {2}a number in \(0, ∞\)\n {2}got {7}0/,
  );
  assert.throws(() => stepDecay({ rate: 1, stepSize: 2.5 }), /stepDecay: stepSize is not a whole number/);
  assert.throws(() => cosine({ rate: 1, steps: 0 }), /cosine: steps is out of range/);
  assert.throws(() => cosine({ rate: 1, steps: Number.POSITIVE_INFINITY }), /steps/);
  assert.throws(() => oneCycle({ rate: 1, steps: 9, warmShare: 1 }), /warmShare/);
  assert.throws(() => oneCycle({ rate: 1, steps: 9, shape: "square" as "linear" }), /no such shape/);
  assert.throws(() => warmUp({ steps: 3, next: 0.1 as unknown as Schedule }), /warmUp: next is not a schedule/);
  assert.throws(
    () => schedule({ name: "sawtooth", rate: 1 }),
    /there is no schedule sawtooth\n {2}expected {2}constant, stepDecay/,
  );
  assert.throws(() => schedule({ name: "constant" }), /rate is out of range/);
});
