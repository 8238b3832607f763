import assert from "node:assert/strict";
import { test } from "node:test";
import { tanh } from "../../src/activations/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as nn from "../../src/nn/index.js";
import { concat, reshape, sub, sum } from "../../src/ops/index.js";
import { adam, sgd } from "../../src/optim/index.js";
import { compile, type Instrument, type StepInside } from "../../src/train/index.js";
import { labelledBatch, parameterValues } from "./network.js";

/** An instrument that reads what a function makes of a step. */
function reading(read: (seen: StepInside) => readonly Tensor[], place = "0.output"): Instrument & { begun: number } {
  const instrument = {
    begun: 0,
    begin: () => {
      instrument.begun++;
      let at: Tensor | null = null;
      return {
        probe: (path: string, value: Tensor) => {
          if (path === place) at = value;
        },
        inside: () => (at === null ? [] : [at]),
        read: (seen: StepInside) => concat(read(seen).map((part) => reshape(part, [-1]))),
      };
    },
  };
  return instrument;
}

const model = () => nn.sequential(nn.linear(4, 5), nn.batchNorm(5), tanh, nn.linear(5, 3));
const setup = { loss: nn.softmaxCrossEntropy, seed: 2 };
const batch = labelledBatch(6, 4, 3, 1);
const lengthOf = (values: Iterable<number>): number => Math.hypot(...values);

test("an instrument reads gradients of values inside, and every parameter before and after the update", async () => {
  const trainer = await compile({ ...setup, model: model(), optimizer: sgd({ learningRate: 0.5 }) });
  const before = await parameterValues(trainer);
  const seen = reading(({ cotangents, parameters }) => [
    // Over the batch the gradient of what a bias is added to is that of the bias.
    sum(cotangents[0] as Tensor, { axes: 0 }),
    parameters.get("0.bias")?.gradient as Tensor,
    ...[...parameters.values()].map(({ before: from, after }) => sub(after, from)),
  ]);
  const { loss, gradientNorm, reading: read, inputs } = await trainer.step(batch, { instrument: seen });
  const after = await parameterValues(trainer);
  await trainer.dispose();
  assert.deepEqual([inputs.shape, inputs.dtype, Number.isFinite(loss)], [[6, 4], "float32", true]);
  const numbers = Array.from(read as Float32Array);
  const near = (a: number[], b: number[]): void =>
    a.forEach((value, i) => void assert.ok(Math.abs(value - b[i]) < 1e-6, `${a} ${b}`));
  near(numbers.slice(0, 5), numbers.slice(5, 10));
  // Updates of descent are −0.5 of the gradients; running statistics move too, in the order of the state.
  const table = nn.parametersOf(model());
  const moved = table.map(({ trained }, i) => (trained ? Array.from(before[i], (value, j) => (value - after[i][j]) / 0.5) : []));
  assert.ok(Math.abs(gradientNorm - lengthOf(moved.flat())) < 1e-5);
  const changes = lengthOf(numbers.slice(10));
  assert.ok(
    Math.abs(changes - lengthOf(before.flatMap((values, i) => Array.from(values, (value, j) => after[i][j] - value)))) < 1e-5,
  );
});

test("without an instrument a step tells its loss and the length of its gradients; graphs are made once for each kind", async () => {
  const trainer = await compile({ ...setup, model: model(), optimizer: adam({ clipNorm: 1e-3 }) });
  const seen = reading(({ moments }) => moments?.first ?? []);
  const { gradientNorm, reading: none } = await trainer.step(batch, { instrument: null });
  assert.equal(none, null);
  assert.ok(gradientNorm > 1e-2, "before it is clipped");
  for (let i = 0; i < 3; i++) await trainer.step(batch, { instrument: seen });
  assert.equal(seen.begun, 1);
  assert.equal(typeof (await trainer.step(batch)), "number");
  await trainer.dispose();
});

test("where gradients of several batches make one update, the parameters of the others stay", async () => {
  const trainer = await compile({ ...setup, model: nn.linear(4, 3), optimizer: sgd(), accumulate: 2 });
  const seen = reading(({ parameters }) => [...parameters.values()].map(({ before, after }) => sum(sub(after, before)))); // biome-ignore format: one line
  const changes: number[] = [];
  for (let i = 0; i < 4; i++) {
    const { reading: read } = await trainer.step(batch, { instrument: seen });
    changes.push(lengthOf(read as Float32Array));
  }
  await trainer.dispose();
  assert.deepEqual(changes.map((change) => change > 0), [false, true, false, true]); // biome-ignore format: one line
});
