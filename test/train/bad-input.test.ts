import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { relu } from "../../src/activations/index.js";
import type { Values } from "../../src/data/index.js";
import { binaryCrossEntropy, embedding, flatten, hinge, mse, sequential, softmaxCrossEntropy } from "../../src/nn/index.js";
import { sum, tensor } from "../../src/ops/index.js";
import { adam, sgd } from "../../src/optim/index.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { accuracy, type BatchSource, compile, type Trainer, type TrainerOptions } from "../../src/train/index.js";
import { labelledBatch, network, real, values, whole } from "./network.js";
import { makeTrainer, others, plan, samples } from "./resumable.js";

const runtime = onnxRuntime({ worker: false });
let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "softgrad-bad-"));
});
after(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

const make = (options: Partial<TrainerOptions<unknown>> = {}): Promise<Trainer> =>
  compile({ model: network([6, 12, 4]), loss: softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), runtime, ...options });

/** Walks through the reports of a fit. */
async function run(reports: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of reports) count++;
  return count;
}

/** A source that gives the batches of `samples`, some of them changed. */
const changed = (
  change: (batch: { features: Values; labels: Values }, index: number) => Record<string, Values>,
): BatchSource => ({
  async *batches(options) {
    let index = options.start ?? 0;
    for await (const batch of samples.batches(options)) yield change(batch, index++);
  },
});

test("a wrong width of the inputs is told with the layer that refuses it, and counts as no step", async () => {
  const trainer = await make();
  const before = await trainer.checkpoint();
  await assert.rejects(
    trainer.step(labelledBatch(8, 7, 4, 0)),
    /sequential, layer 0 \(linear 6 → 12\)[\s\S]*in is 7 and 6|sequential, layer 0 \(linear 6 → 12[\s\S]*\b7\b/,
  );
  await assert.rejects(trainer.predict(real(values(14, 0), 2, 7)), /layer 0 \(linear 6 → 12/);
  assert.deepEqual(await trainer.checkpoint(), before);
});

test("labels in float32 are refused with the way to write them", async () => {
  const { inputs } = labelledBatch(8, 6, 4, 0);
  const targets = real(new Float32Array(8), 8);
  await assert.rejects((await make()).step({ inputs, targets }), /softmaxCrossEntropy: the targets fit neither[\s\S]*Int32Array/);
});

test("labels beyond the outputs are refused before a step, wherever batches come from", async () => {
  const trainer = await make();
  const { inputs } = labelledBatch(4, 6, 4, 0);
  const before = await trainer.checkpoint();
  const expected =
    /^Fault: softmaxCrossEntropy: sample 2 of the batch has label 4, which is out of range\n {2}expected {2}0 to 3, for a model with 4 outputs/;
  const targets = whole(Int32Array.of(0, 3, 4, 1), 4);
  await assert.rejects(trainer.step({ inputs, targets }), expected);
  await assert.rejects(trainer.test({ inputs, targets }), expected);
  await assert.rejects(
    trainer.step({ inputs, targets: whole(Int32Array.of(-1, 0, 0, 0), 4) }),
    /sample 0 of the batch has label -1/,
  );
  assert.deepEqual(await trainer.checkpoint(), before);
  const narrow = await make({ model: network([6, 3]) });
  await assert.rejects(run(narrow.fit(samples, plan)), /has label 3, which is out of range/);
  await assert.rejects(run((await make({ loss: hinge, model: network([6, 3]) })).fit(samples, plan)), /hinge: .* has label 3/);
});

test("targets of a binary decision beyond 0 and 1 are refused", async () => {
  const trainer = await make({ model: network([6, 2]), loss: binaryCrossEntropy });
  const inputs = real(values(18, 0), 3, 6);
  const targets = real(Float32Array.of(0, 1, 1, 0, 0.5, 1.5), 3, 2);
  await assert.rejects(trainer.step({ inputs, targets }), /binaryCrossEntropy: sample 2 of the batch has target 1.5/);
});

test("targets of another shape than the predictions are refused by the loss", async () => {
  const trainer = await make({ model: network([6, 1]), loss: mse });
  const batch = { inputs: real(values(18, 0), 3, 6), targets: real(values(3, 1), 3) };
  await assert.rejects(trainer.step(batch), /mse: the targets are not shaped like the predictions/);
});

test("a loss of more than one number is refused", async () => {
  const trainer = await make({ loss: softmaxCrossEntropy.with({ reduction: "none" }) });
  await assert.rejects(
    trainer.step(labelledBatch(4, 6, 4, 0)),
    /train: the loss is not one number[\s\S]*\(4\)[\s\S]*reduction: "mean"/,
  );
});

test("a model that loses the batch axis is refused", async () => {
  const trainer = await make({ model: sequential(network([6, 4]), (x) => sum(x, { axes: 0 })), loss: mse });
  const targets = real(values(4, 1), 4);
  await assert.rejects(trainer.step({ inputs: real(values(12, 0), 2, 6), targets }), /does not keep the batch as its first axis/);
});

test("NaN in the data is told with its place in the batch, the batch and the epoch", async () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const data = changed((batch, index) => {
      if (index === 2) (batch.features.data as Float32Array)[6 * 5 + 3] = value;
      return batch;
    });
    const place = `the loss is .* at epoch 1, batch [34][\\s\\S]*${value} in the inputs, sample 5, element 3 of batch 3`;
    await assert.rejects(run((await make()).fit(data, { ...plan, shuffle: false })), new RegExp(place));
  }
});

test("a loss that explodes is told with epoch, batch and rate", async () => {
  const trainer = await make({ loss: mse, model: network([6, 12, 1], "relu"), optimizer: sgd({ learningRate: 1e6 }) });
  const data = changed(({ features, labels }) => ({
    features,
    targets: real(Float32Array.from(labels.data), features.shape[0], 1),
  }));
  await assert.rejects(
    run(trainer.fit(data, plan)),
    /^Fault: fit: the loss is (Infinity|NaN) at epoch \d, batch \d[\s\S]*finite data, learning rate 1000000[\s\S]*lower the learning rate/,
  );
});

test("gradients that are not finite cost one step where they are clipped by norm", async () => {
  const trainer = await make({ optimizer: sgd({ learningRate: 0.1, clipNorm: 1 }) });
  const before = await trainer.parameters();
  const { inputs, targets } = labelledBatch(4, 6, 4, 0);
  const broken = real(
    Float32Array.from(inputs.data, (value, i) => (i === 3 ? Number.NaN : value)),
    4,
    6,
  );
  assert.ok(Number.isNaN(await trainer.step({ inputs: broken, targets })));
  assert.deepEqual(await trainer.parameters(), before);
  assert.ok(Number.isFinite(await trainer.step({ inputs, targets })));
});

test("positions beyond an embedding are refused by its name, after which training goes on", async () => {
  const trainer = await make({ model: sequential(embedding(5, 4), flatten(), network([8, 4])) });
  const targets = whole(Int32Array.of(0, 1), 2);
  await assert.rejects(
    trainer.step({ inputs: whole(Int32Array.of(0, 1, 2, 9), 2, 2), targets }),
    /^Fault: embedding 5 × 4: an index is outside of the table\n {2}expected {2}a whole number from 0 to 4\n {2}got {7}9/,
  );
  assert.ok(Number.isFinite(await trainer.step({ inputs: whole(Int32Array.of(0, 1, 2, 4), 2, 2), targets })));
});

for (const [option, value] of [
  ["epochs", 0],
  ["epochs", 1.5],
  ["batchSize", 0],
  ["batchSize", Number.NaN],
] as const) {
  test(`${option} of ${value} is refused`, async () => {
    const expected = new RegExp(
      `^Fault: fit: ${option} is not a count\\n {2}expected {2}a whole number, 1 or more\\n {2}got {7}${value}`,
    );
    await assert.rejects(run((await make()).fit(samples, { ...plan, [option]: value })), expected);
  });
}

test("an accumulation over no batches is refused", async () => {
  for (const accumulate of [0, -1, 1.5]) {
    await assert.rejects(make({ accumulate }), /^Fault: train\.compile: accumulate is not a number of batches/);
  }
});

test("a model without parameters is refused", async () => {
  await assert.rejects(make({ model: sequential(relu, flatten()) }), /^Fault: train\.compile: the model has nothing to train/);
});

test("parameters to start from must be those of the model", async () => {
  const linear = { weight: tensor(values(24, 0), { shape: [6, 4] }), bias: tensor(values(4, 1)) };
  const with_ = (parameters: unknown) => make({ model: network([6, 4]), parameters });
  assert.ok(await with_([linear]));
  await assert.rejects(
    with_([{ ...linear, weight: tensor(values(24, 0), { shape: [4, 6] }) }]),
    /0\.weight does not fit[\s\S]*\(6 4\)[\s\S]*\(4 6\)/,
  );
  await assert.rejects(with_([{ weight: linear.weight }]), /the parameter 0\.bias does not fit the model[\s\S]*got {7}nothing/);
  await assert.rejects(with_([linear, linear]), /the model has no parameter 1\.weight/);
});

test("columns that are not there, an epoch of nothing and a metric that nobody measures are refused", async () => {
  const trainer = await make();
  const columns = /^Fault: fit: the data have no column "pixels"\n {2}expected {2}features, labels/;
  await assert.rejects(run(trainer.fit(samples, { ...plan, inputs: "pixels" })), columns);
  const nothing: BatchSource = { async *batches() {} }; // biome-ignore format: one line
  await assert.rejects(run(trainer.fit(nothing, plan)), /^Fault: fit: there is nothing to train on/);
  await assert.rejects(trainer.evaluate(nothing), /^Fault: evaluate: there is nothing to test on/);
  const options = { ...plan, validation: others, metrics: [accuracy] };
  const watching = trainer.fit(samples, { ...options, earlyStopping: { patience: 2, monitor: "f1" } });
  await assert.rejects(run(watching), /^Fault: fit: there is no number "f1" to watch\n {2}expected {2}loss, accuracy/);
  await assert.rejects(
    run(trainer.fit(samples, { ...plan, earlyStopping: { patience: 2 } })),
    /early stopping needs data to test on/,
  );
  await assert.rejects(run(trainer.fit(samples, { ...options, earlyStopping: { patience: 0 } })), /patience is not a count/);
});

test("a checkpoint of another model, optimizer or accumulation names what does not fit, and changes nothing", async () => {
  const trainer = await make();
  const before = await trainer.checkpoint();
  const from = async (options: Partial<TrainerOptions<unknown>>) => trainer.restore(await (await make(options)).checkpoint());
  await assert.rejects(
    from({ model: network([6, 13, 4]) }),
    /^Fault: checkpoint: model\.0\.weight does not fit the model[\s\S]*F32 \(6 12\)/,
  );
  await assert.rejects(from({ model: network([6, 12, 12, 4]) }), /^Fault: checkpoint: model\.4\.\w+ is not part of this model/);
  await assert.rejects(from({ optimizer: adam() }), /optimizer\.\w+\.[024]\.\w+ is not part of this model and optimizer/);
  await assert.rejects(from({ accumulate: 2 }), /optimizer\.accumulated\.\S+ is not part of/);
  const richer = await make({ optimizer: adam() });
  await assert.rejects(richer.restore(before), /^Fault: checkpoint: optimizer\.\S+ does not fit the model[\s\S]*got {7}nothing/);
  assert.deepEqual(await trainer.checkpoint(), before);
});

test("a file that is broken, foreign or missing is refused, and changes nothing", async () => {
  const trainer = await makeTrainer({ runtime });
  const bytes = await trainer.checkpoint();
  const load = async (content: Uint8Array): Promise<unknown> => {
    const path = join(folder, "broken.safetensors");
    await writeFile(path, content);
    return trainer.load(path);
  };
  await assert.rejects(load(bytes.slice(0, bytes.length - 5)), /^Fault: /);
  await assert.rejects(load(bytes.slice(0, 100)), /^Fault: /);
  await assert.rejects(load(new Uint8Array(0)), /^Fault: /);
  await assert.rejects(load(new TextEncoder().encode("not a checkpoint at all")), /^Fault: /);
  const edited = (from: string, to: string) =>
    new TextEncoder().encode(new TextDecoder("latin1").decode(bytes).replace(from, to));
  assert.equal(from64(bytes).includes("softgrad checkpoint 1"), true);
  await assert.rejects(load(edited("softgrad checkpoint 1", "softgrad checkpoint 9")), /^Fault: /);
  await assert.rejects(trainer.load(join(folder, "nowhere.safetensors")), /nowhere\.safetensors: there is no such file/);
  await assert.rejects(trainer.load(folder), /^Fault: /);
  assert.deepEqual(await trainer.checkpoint(), bytes);
});

const from64 = (bytes: Uint8Array): string => new TextDecoder("latin1").decode(bytes);

test("a path that cannot be written to is a fault that leaves nothing behind", async () => {
  const trainer = await make();
  await trainer.step(labelledBatch(4, 6, 4, 0));
  const file = join(folder, "plain");
  await writeFile(file, "here");
  await assert.rejects(trainer.save(join(file, "run.safetensors")), /a part of the path is a file/);
  await assert.rejects(trainer.exportOnnx(join(file, "model.onnx")), /a part of the path is a file/);
  await assert.rejects(trainer.save(folder), /^Fault: /);
  assert.ok(!(await readdir(folder)).some((name) => name.endsWith(".tmp")));
});

test("a trainer that was disposed of says so", async () => {
  const trainer = await make();
  await trainer.dispose();
  await assert.rejects(trainer.step(labelledBatch(4, 6, 4, 0)), /^Fault: run: the state is closed/);
  await assert.rejects(trainer.checkpoint(), /^Fault: read: the state is closed/);
});
