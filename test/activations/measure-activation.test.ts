import assert from "node:assert/strict";
import { test } from "node:test";
import { activationOf, isActivation, tanh } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import { initialise, linear, sequential } from "../../src/nn/index.js";
import { mul, sin, softmax, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { close, functions, known } from "./measured-functions.js";

test("an activation made of a function is called, differentiated and described like those of the catalogue", () => {
  const bent = activationOf("bent", functions.threeKinks, { title: "bent line", source: "a test" });
  assert.ok(isActivation(bent));
  assert.deepEqual([bent.name, bent.title, bent.record.source, bent.record.parameters], ["bent", "bent line", "a test", {}]);
  assert.deepEqual([...interpret([bent(tensor([-3, 0, 3, 6]))])[0]], [-3, 0, 3, 6].map(threeKinksByHand));
  assert.deepEqual([...interpret([grad((x) => sum(bent(x)))(tensor([-3, -1, 3, 6]))])[0]], [-1, 0, 2, 1]);
  assert.ok(bent.facts.kind === "pointwise" && bent.facts.kinks.length === 3 && bent.facts.lipschitz === 2);
  assert.equal(known(bent.measured.smoothness), "C0");
});

const threeKinksByHand = (x: number): number => Math.abs(x - 1 / 3) + Math.max(x + 2, 0) - Math.max(x - 5, 0);

test("the facts of a copy of tanh are those of tanh", () => {
  const copy = activationOf("copy", (x) => tanh(x));
  assert.ok(copy.facts.kind === "pointwise" && tanh.facts.kind === "pointwise");
  const [found, declared] = [copy.facts, tanh.facts];
  for (const name of ["range", "monotone", "parity", "zeroCentred", "kinks"] as const) {
    assert.deepEqual(found[name], declared[name], name);
  }
  assert.ok(close(copy.gain, tanh.gain, 1e-12));
});

test("weights before a function with kinks or jumps start with the gain that keeps its signal", () => {
  for (const f of [functions.threeKinks, functions.gatedStep, functions.clip, functions.floor]) {
    const own = activationOf("own", f);
    const parameters = initialise(sequential(linear(64, 4096), own), 3);
    const weights = [...interpret([parameters[0].weight])[0]];
    const power = weights.reduce((total, w) => total + w * w, 0) / weights.length;
    assert.ok(Math.abs(Math.sqrt(power * 64) / own.gain - 1) < 0.01, `${Math.sqrt(power * 64)}, not ${own.gain}`);
  }
});

test("what was not established is claimed in its weakest form", () => {
  const wave = activationOf("wave", (x) => mul(x, sin(x)));
  assert.ok(wave.facts.kind === "pointwise");
  assert.deepEqual([wave.facts.lipschitz, wave.facts.range.low, wave.facts.parity], [Infinity, -Infinity, "even"]);
  const whole = activationOf("whole", functions.floor);
  assert.ok(whole.facts.kind === "pointwise" && whole.facts.kinks.length > 60 && whole.facts.smoothness === "discontinuous");
  assert.equal(whole.measured.kinks.established, false);
});

test("a function of a row is refused, with what to do instead", () => {
  assert.throws(() => activationOf("soft", (x) => softmax(x)), /activationOf \(soft\): not a function of one number[\s\S]*fix/);
});
