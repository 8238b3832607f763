import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { TypedArray } from "../../src/ir/dtype.js";
import { cnn, resnet } from "../../src/models/index.js";
import { type Layer, mapParameters, parametersOf, softmaxCrossEntropy } from "../../src/nn/index.js";
import { tensor } from "../../src/ops/index.js";
import { type Optimizer, optimizers } from "../../src/optim/index.js";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { compile, type TrainingBatch } from "../../src/train/index.js";
import { assertClose, numbersOf, readGolden, type Stored, type Tolerance } from "../golden/golden.js";
import { labels, parameterValues, real, values, whole } from "./network.js";

interface Kept {
  readonly head: readonly Stored[];
  readonly sum: Stored;
  readonly squares: Stored;
}

interface Case {
  readonly model: "cnn" | "resnet";
  readonly optimizer: keyof typeof optimizers;
  readonly options: object;
  readonly batch: number;
  readonly classes: number;
  readonly losses: readonly Stored[];
  readonly parameters: readonly Kept[];
  readonly state: readonly Kept[];
  readonly predictions: readonly Stored[];
}

const { cases } = readGolden<{ readonly cases: readonly Case[] }>("training-images");
const native = onnxRuntime({ worker: false });
after(() => native.close());

const models: Readonly<Record<Case["model"], (classes: number) => Layer>> = {
  cnn: (classes) => cnn({ image: [1, 8, 8], classes, channels: [4, 6], hidden: [8] }),
  resnet: (classes) => resnet({ image: [1, 8, 8], classes, channels: [3, 5] }),
};

/** Parameters by the formula, in the order in which the model lists them; running statistics start at 0 and 1. */
function firstParameters(model: Layer): unknown {
  let count = 0;
  return mapParameters(model, ({ path, shape, trained }) => {
    const size = shape.reduce((product, axis) => product * axis, 1);
    if (!trained) return tensor(new Float32Array(size).fill(path.endsWith("Variance") ? 1 : 0), { shape });
    const drawn = values(size, count++, 0.5);
    const isScale = path.endsWith("weight") && shape.length === 1;
    return tensor(isScale ? drawn.map((value) => 1 + value / 2) : drawn, { shape });
  });
}

const batchOf = ({ batch, classes }: Case, step: number): TrainingBatch => ({
  inputs: real(values(batch * 64, 100 + step), batch, 1, 8, 8),
  targets: whole(labels(batch, step, classes), batch),
});

async function follow(given: Case, runtime: Runtime, tolerance: Tolerance): Promise<void> {
  const model = models[given.model](given.classes);
  const optimizer = (optimizers[given.optimizer] as (options: object) => Optimizer)(given.options);
  const trainer = await compile({ model, loss: softmaxCrossEntropy, optimizer, parameters: firstParameters(model), runtime });
  const losses: number[] = [];
  for (let step = 0; step < given.losses.length; step++) losses.push(await trainer.step(batchOf(given, step)));
  assertClose(losses, numbersOf(given.losses), tolerance, "losses");
  const elements = await parameterValues(trainer);
  const table = parametersOf(model);
  const keep = (trained: boolean) => elements.filter((_, i) => table[i].trained === trained);
  assertKept(keep(true), given.parameters, tolerance, "parameter");
  assertKept(keep(false), given.state, tolerance, "running statistic");
  const { data } = await trainer.predict(batchOf(given, 0).inputs);
  assertClose(data, numbersOf(given.predictions), { ...tolerance, absolute: Math.max(tolerance.absolute, 2e-5) }, "predictions");
  await trainer.dispose();
}

function assertKept(elements: readonly TypedArray[], expected: readonly Kept[], tolerance: Tolerance, what: string): void {
  assert.equal(elements.length, expected.length);
  expected.forEach(({ head, sum, squares }, i) => {
    assertClose(elements[i].subarray(0, head.length), numbersOf(head), tolerance, `${what} ${i}`);
    const all = Array.from(elements[i]);
    const totals = [all.reduce((total, value) => total + value, 0), all.reduce((total, value) => total + value * value, 0)];
    assertClose(totals, numbersOf([sum, squares]), { ...tolerance, absolute: tolerance.absolute * all.length }, `sums of ${what} ${i}`); // biome-ignore format: one line
  });
}

/** float64 rounding, gathered over twenty steps; the runtime exchanges float32 predictions. */
const exact = { relative: 1e-9, absolute: 1e-11 };
/** float32 rounding, 6e-8, gathered over twenty steps in which norms of small batches and Adam divide by what is nearly 0. */
const single = { relative: 1e-4, absolute: 1e-4 };

for (const given of cases) {
  const name = `${given.model} with ${given.optimizer}`;
  test(`twenty steps of ${name} are PyTorch's, running statistics too, in float64 to rounding`, () =>
    follow(given, interpreterRuntime(), exact));
  test(`twenty steps of ${name} are PyTorch's, running statistics too, in float32 to rounding`, () =>
    follow(given, native, single));
}

test("training that is restored goes on with the same running statistics, to the bit", async () => {
  const model = cnn({ image: [1, 8, 8], classes: 3, channels: [4], hidden: [], dropout: 0.5 });
  const start = () => compile({ model, loss: softmaxCrossEntropy, optimizer: optimizers.adamW({ learningRate: 0.01 }), seed: 3, runtime: native }); // biome-ignore format: one call
  const [first, second] = [await start(), await start()];
  for (let step = 0; step < 3; step++) await first.step(batchOf(cases[0], step));
  await second.restore(await first.checkpoint());
  for (const trainer of [first, second]) for (let step = 3; step < 6; step++) await trainer.step(batchOf(cases[0], step));
  assert.deepEqual(await parameterValues(second), await parameterValues(first));
  await Promise.all([first.dispose(), second.dispose()]);
});
