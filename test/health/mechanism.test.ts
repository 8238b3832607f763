import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnosis, Finding } from "../../src/health/diagnosis.js";
import type { History } from "../../src/health/history.js";
import { checkMechanism, judgeStart } from "../../src/health/mechanism.js";
import { type Behaviour, historyOf } from "./fakes.js";

const found = (symptom: string): Finding => ({
  symptom,
  severity: "confirmed",
  critical: true,
  layer: null,
  step: 0,
  measured: { name: "", value: 0, limit: 0 },
  evidence: "",
});
const history = (behaviour: Partial<Behaviour>): History => historyOf({ score: 0.5, loss: 1, ratio: 1, ...behaviour }, 40, 400);
const well: Diagnosis = { verdict: "healthy", findings: [], causes: [], decidedAt: 0 };

const vanished = history({ ratio: 1e-6 });
const vanishing = [found("vanishing gradient")];

test("a start is well inside the band, and half of the way to it", () => {
  // Three layers of five units: the band is 0.1 to 10, widened by exp(½ √(5 · 3 ÷ 5)) = 2.38 either way.
  for (const ratio of [0.05, 1, 20, 1e-3])
    assert.equal(judgeStart(vanishing, vanished, history({ ratio })).well, true, `${ratio}`);
  const { well: same, because } = judgeStart(vanishing, vanished, history({ ratio: 2e-6 }));
  assert.equal(same, false);
  assert.equal(because, "R_δ 2e-6, outside 0.042 to 24");
});

test("what was fine at the start cannot be judged there, nor what is not known", () => {
  assert.equal(judgeStart([found("dead units")], history({ dead: 0.1 }), history({ dead: 0.9 })).well, true);
  assert.equal(judgeStart(vanishing, { ...vanished, readings: [] }, vanished).well, true);
});

test("a loss that is lost or grows out of all measure is hopeless", () => {
  const steps = (last: number) => [...vanished.steps, { loss: last, gradientNorm: 1, learningRate: 1 }];
  assert.equal(judgeStart([], vanished, { ...vanished, steps: steps(Number.NaN) }).hopeless, true);
  assert.equal(judgeStart([], vanished, { ...vanished, steps: steps(1e4) }).hopeless, true);
  assert.equal(judgeStart([], vanished, { ...vanished, steps: steps(50) }).hopeless, false);
});

test("a gradient that vanished must not vanish again, and may rise short of exploding", () => {
  const shareAt = (ratio: number): number | undefined =>
    checkMechanism(vanishing, vanished, [{ history: history({ ratio }), diagnosis: well }], null).find(({ measure }) => measure === "R_δ")?.share; // biome-ignore format: one line
  assert.deepEqual([1, 200, 999, 1e4, 0.01].map(shareAt), [1, 1, 1, 0, 0]);
});

test("of several seeds the worst one counts", () => {
  const seeds = [1, 0.5, 1e-6].map((ratio) => ({ history: history({ ratio }), diagnosis: well }));
  const [check] = checkMechanism(vanishing, vanished, seeds, 0.7);
  assert.deepEqual([check.before, check.after, check.share, check.predicted], [1e-6, 0.5, 0, 0.7]);
});

test("a symptom without a measure is mended where no diagnosis finds it any more", () => {
  const ill: Diagnosis = { ...well, findings: [found("not learning")] };
  const [check] = checkMechanism(
    [found("not learning")],
    vanished,
    [ill, well].map((diagnosis) => ({ history: vanished, diagnosis })),
    null,
  );
  assert.deepEqual([check.symptom, check.after, check.share], ["not learning", 0.5, 0.5]);
});
