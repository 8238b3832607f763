import assert from "node:assert/strict";
import { after, test } from "node:test";
import { gelu } from "../../src/activations/index.js";
import { digits, fromArrays, shuffleStream, streamed } from "../../src/data/index.js";
import { linear, mse, sequential, softmaxCrossEntropy } from "../../src/nn/index.js";
import { adamW, cosine, sgd } from "../../src/optim/index.js";
import { key } from "../../src/random/counter.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { accuracy, compile, type EpochReport, type FitOptions, type FitProgress, type Trainer } from "../../src/train/index.js";
import { assertClose } from "../golden/golden.js";
import { labels, network, real, values, whole } from "./network.js";
import { makeTrainer, others, plan, samples, train } from "./resumable.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

/** A plain classifier, the same at every call. */
const classifier = (): Promise<Trainer> =>
  compile({ model: network([6, 12, 4]), loss: softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), seed: 2, runtime });

async function collect(trainer: Trainer, options: Partial<FitOptions> & { data?: Parameters<Trainer["fit"]>[0] } = {}) {
  const { data = samples, ...rest } = options;
  const reports: EpochReport[] = [];
  for await (const report of trainer.fit(data, { ...plan, ...rest })) reports.push(report);
  return reports;
}

test("a network reads handwritten digits: 97 % of those it has not seen", async () => {
  const parts = (await digits()).split({ train: 0.8, test: 0.2 }, { key: key(7), stratifyBy: "labels" });
  const batchSize = 64;
  const epochs = 20;
  const steps = epochs * parts.train.batchCount({ size: batchSize });
  const trainer = await compile({
    model: sequential(linear(64, 128), gelu, linear(128, 10)),
    loss: softmaxCrossEntropy,
    optimizer: adamW({ learningRate: cosine({ rate: 5e-3, steps }), clipNorm: 1 }),
    seed: 7,
    runtime,
  });
  const reports = await collect(trainer, { data: parts.train, epochs, batchSize, validation: parts.test, metrics: [accuracy] });
  assert.equal(reports.length, epochs);
  const last = reports[epochs - 1];
  assert.ok((last.validation?.accuracy ?? 0) >= 0.97, `accuracy ${last.validation?.accuracy}`);
  assert.ok(last.loss < 0.05 && reports[0].loss > 0.5, `loss from ${reports[0].loss} to ${last.loss}`);
  assert.deepEqual(await trainer.evaluate(parts.test, { metrics: [accuracy] }), last.validation);
});

test("a report says what the epoch came to: steps, mean loss of its samples, rate, speed", async () => {
  const reports = await collect(await classifier(), { epochs: 2, shuffle: false });
  // The mean over samples, not over batches: the last batch has 2 of 50.
  const byHand = await classifier();
  for (const [epoch, report] of reports.entries()) {
    let sum = 0;
    for await (const { features, labels: targets } of samples.batches({ size: 8 })) {
      sum += (await byHand.step({ inputs: features, targets })) * features.shape[0];
    }
    assertClose([report.loss], [sum / 50], { relative: 1e-12, absolute: 0 }, "loss");
    const { epoch: number, steps, learningRate, validation, stopped } = report;
    const expected = { number: epoch + 1, steps: 7 * (epoch + 1), learningRate: 0.1, validation: null, stopped: false };
    assert.deepEqual({ number, steps, learningRate, validation, stopped }, expected);
    assert.ok(report.seconds > 0 && report.samplesPerSecond > 0);
  }
});

test("progress counts batches up to their number, and the epochs", async () => {
  const seen: FitProgress[] = [];
  await collect(await classifier(), { epochs: 2, onProgress: (progress) => void seen.push(progress) });
  const positions = seen.map(({ epoch, epochs, batch, batches }) => [epoch, epochs, batch, batches]);
  const expected = [1, 2].flatMap((epoch) => [1, 2, 3, 4, 5, 6, 7].map((batch) => [epoch, 2, batch, 7]));
  assert.deepEqual(positions, expected);
  assert.ok(seen.every(({ loss, samplesPerSecond }) => loss > 0 && samplesPerSecond > 0));
});

test("a last batch that is small is kept or dropped", async () => {
  assert.deepEqual((await collect(await classifier(), { epochs: 1 })).map(({ steps }) => steps), [7]); // biome-ignore format: one line
  const dropped = await classifier();
  assert.deepEqual((await collect(dropped, { epochs: 2, remainder: "drop" })).map(({ steps }) => steps), [6, 12]); // biome-ignore format: one line
});

test("the same seed trains the same network, in the stored order or shuffled; another seed or order another one", async () => {
  const end = async (options: Partial<FitOptions>, seed = 11): Promise<string> => {
    const trainer = await makeTrainer({ runtime, seed });
    await train(trainer, { epochs: 2, ...options });
    return Buffer.from(await trainer.checkpoint()).toString("base64");
  };
  const [shuffled, stored] = [await end({}), await end({ shuffle: false })];
  assert.equal(await end({}), shuffled);
  assert.equal(await end({ shuffle: false }), stored);
  assert.notEqual(stored, shuffled);
  assert.notEqual(await end({}, 12), shuffled);
});

test("validation is measured on the model as it is used, over all samples, whatever the batch size", async () => {
  const trainer = await makeTrainer({ runtime }); // with dropout
  const [{ validation }] = await collect(trainer, { epochs: 1, validation: others, metrics: [accuracy] });
  for (const batchSize of [7, 30, 256]) {
    const again = await trainer.evaluate(others, { batchSize, metrics: [accuracy] });
    assertClose(Object.values(again), Object.values(validation ?? {}), { relative: 1e-6, absolute: 0 }, `by ${batchSize}`);
  }
  const { features, labels: targets } = others.gather();
  const { predictions, loss } = await trainer.test({ inputs: features, targets });
  assert.deepEqual(predictions, await trainer.predict(features));
  assertClose([loss], [validation?.loss ?? Number.NaN], { relative: 1e-6, absolute: 0 }, "loss");
});

/** Validation whose metric follows a script, an epoch at a time. */
const scripted = (...script: number[]) => ({
  name: "score",
  start: () => ({ add: () => undefined, result: () => script.shift() ?? Number.NaN }),
});

for (const [name, script, options, epochs] of [
  ["after patience epochs without improvement", [0.5, 0.6, 0.6, 0.4, 0.9], { patience: 2 }, 4],
  ["counting from the last improvement", [0.5, 0.4, 0.6, 0.5, 0.4, 0.9], { patience: 2 }, 5],
  ["not for gains that add up slowly", [0.5, 0.54, 0.58, 0.62, 0.66, 0.7], { patience: 3, minChange: 0.1 }, 6],
  ["for gains below the least change", [0.5, 0.54, 0.58, 0.59, 0.59, 0.7], { patience: 3, minChange: 0.1 }, 4],
  ["when smaller is better", [0.5, 0.4, 0.45, 0.41, 0.1], { patience: 2, better: "smaller" }, 4],
  ["when the number is not a number", [0.5, Number.NaN, Number.NaN, 0.9], { patience: 2 }, 3],
] as const) {
  test(`training stops early ${name}`, async () => {
    const options_ = { epochs: script.length, validation: others, metrics: [scripted(...script)] };
    const reports = await collect(await classifier(), { ...options_, earlyStopping: { monitor: "score", ...options } });
    assert.equal(reports.length, epochs);
    assert.equal(reports[epochs - 1].stopped, epochs < script.length);
    assert.ok(reports.slice(0, -1).every(({ stopped }) => !stopped));
  });
}

test("a checkpoint comes after every epoch, whole before the next one begins", async () => {
  const trainer = await classifier();
  const epochs: number[] = [];
  const onCheckpoint = async (bytes: Uint8Array, report: EpochReport): Promise<void> => {
    const other = await classifier();
    const { progress } = await other.restore(bytes);
    assert.deepEqual([progress.epoch, progress.batch, progress.steps], [report.epoch, 0, report.steps]);
    assert.deepEqual(await other.checkpoint(), await trainer.checkpoint());
    epochs.push(report.epoch);
  };
  await collect(trainer, { epochs: 3, onCheckpoint });
  assert.deepEqual(epochs, [1, 2, 3]);
});

test("a signal that is set before the first step leaves everything as it was", async () => {
  const trainer = await classifier();
  const before = await trainer.checkpoint();
  assert.deepEqual(await collect(trainer, { signal: AbortSignal.abort() }), []);
  assert.deepEqual(await trainer.checkpoint(), before);
});

test("a signal set while the last batch is under way lets the epoch end and be reported", async () => {
  const trainer = await classifier();
  const stop = new AbortController();
  const onProgress = ({ batch }: FitProgress): void => void (batch === 7 && stop.abort());
  const reports = await collect(trainer, { onProgress, signal: stop.signal, validation: others });
  assert.equal(reports.length, 1);
  assert.equal((await collect(trainer)).length, plan.epochs - 1);
});

test("leaving the loop ends the training, which can go on later", async () => {
  const trainer = await classifier();
  for await (const { epoch } of trainer.fit(samples, plan)) if (epoch === 2) break;
  assert.deepEqual(trainer.progress, { steps: 14, epoch: 2, batch: 0, samples: 0, lossSum: 0 });
  assert.deepEqual((await collect(trainer)).map(({ epoch }) => epoch), [3, 4]); // biome-ignore format: one line
});

/** The rows of `samples` one by one, read anew at every call. */
async function* readRows() {
  const { features, labels: classes } = samples.columns;
  for (let row = 0; row < samples.length; row++) {
    yield { features: features.data.slice(row * 6, row * 6 + 6), labels: Int32Array.of(classes.data[row]) };
  }
}

test("a stream that is read anew for every epoch trains as the data set in memory does", async () => {
  const [inMemory, fromStream] = [await classifier(), await classifier()];
  const strip = (reports: EpochReport[]) => reports.map(({ epoch, steps, loss }) => ({ epoch, steps, loss }));
  const expected = strip(await collect(inMemory, { shuffle: false }));
  assert.deepEqual(strip(await collect(fromStream, { data: streamed(readRows), shuffle: false })), expected);
  assert.deepEqual(await fromStream.checkpoint(), await inMemory.checkpoint());
});

test("a shuffled stream goes on in the middle of an epoch to the same end", async () => {
  const data = streamed(({ key: own }) => (own === null ? readRows() : shuffleStream(readRows(), { key: own, window: 20 })));
  const whole = await classifier();
  const expected = await collect(whole, { data, epochs: 3 });
  assert.equal(expected.length, 3);
  const first = await classifier();
  const stop = new AbortController();
  const onProgress = ({ epoch, batch }: FitProgress): void => void (epoch === 2 && batch === 2 && stop.abort());
  await collect(first, { data, epochs: 3, onProgress, signal: stop.signal });
  assert.equal(first.progress.epoch, 1);
  assert.ok(first.progress.batch >= 2);
  const second = await classifier();
  await second.restore(await first.checkpoint());
  await collect(second, { data, epochs: 3 });
  assert.deepEqual(await second.checkpoint(), await whole.checkpoint());
});

test("columns have the names that are said, and predictions keep all their axes", async () => {
  const model = linear(3, 2);
  const trainer = await compile({ model, loss: mse, optimizer: sgd({ learningRate: 0.05 }), runtime });
  const data = fromArrays({
    x: { data: values(40 * 12, 1), shape: [4, 3] },
    y: { data: values(40 * 8, 2), shape: [4, 2] },
  });
  const reports = await collect(trainer, { data, inputs: "x", targets: "y", epochs: 20, validation: data });
  assert.ok(reports[19].loss < reports[0].loss);
  assertClose([reports[19].validation?.loss ?? 0], [reports[19].loss], { relative: 0.2, absolute: 0 }, "loss");
  assert.deepEqual((await trainer.predict(real(values(24, 3), 2, 4, 3))).shape, [2, 4, 2]);
});

test("labels as uint32 train as labels in int32 do", async () => {
  const [signed, unsigned] = [await classifier(), await classifier()];
  const inputs = real(values(48, 1), 8, 6);
  const classes = labels(8, 1, 4);
  const loss = await signed.step({ inputs, targets: whole(classes, 8) });
  assert.equal(await unsigned.step({ inputs, targets: { data: Uint32Array.from(classes), shape: [8], dtype: "uint32" } }), loss);
});
