import assert from "node:assert/strict";
import { test } from "node:test";
import { relu, sigmoid, softmax, tanh } from "../../../src/activations/index.js";
import type { LayerReading } from "../../../src/health/history.js";
import { healthInstrument } from "../../../src/health/probes/instrument.js";
import { measurables, measuredLayers } from "../../../src/health/probes/measured.js";
import { readingMaker } from "../../../src/health/probes/reading.js";
import { lengthFrom, squareSums } from "../../../src/health/probes/statistics.js";
import { steepestSlope } from "../../../src/health/probes/steepest.js";
import type { Tensor } from "../../../src/ir/tensor.js";
import * as nn from "../../../src/nn/index.js";
import { mean, mul, tensor } from "../../../src/ops/index.js";
import { adam, sgd } from "../../../src/optim/index.js";
import { evaluate } from "../../../src/run/compile.js";
import { compile, type TrainingBatch } from "../../../src/train/index.js";
import { labelledBatch, labels, real, values, whole } from "../../train/network.js";
import { lengthOf } from "./reference.js";

interface Told {
  readonly parameters?: unknown;
  readonly loss?: (predictions: Tensor, targets: Tensor) => Tensor;
}

/** The readings of steps on these batches, one after the other. */
async function read(
  model: nn.Layer,
  batches: readonly TrainingBatch[],
  { parameters, loss = nn.softmaxCrossEntropy }: Told = {},
) {
  const given = parameters === undefined ? {} : { parameters };
  const trainer = await compile({ model, loss, optimizer: sgd({ learningRate: 1e-9 }), seed: 2, ...given });
  const instrument = healthInstrument();
  const maker = readingMaker();
  const readings: (readonly LayerReading[])[] = [];
  for (const batch of batches) {
    const { reading, inputs } = await trainer.step(batch, { instrument });
    const step = { step: readings.length, samples: inputs.shape[0] };
    readings.push(maker.read(reading as Float32Array, step, instrument.arrangement(inputs.shape)).layers);
  }
  await trainer.dispose();
  return readings;
}

/** The numbers of a constant. */
function stored({ primitive: { meaning }, params }: Tensor): ArrayLike<number> {
  if (meaning.kind !== "stored") throw new Error("not a constant");
  return meaning.data(params);
}

const numbers = (...shape: number[]): Tensor => tensor(values(shape.reduce((a, b) => a * b, 1), 1, 0.5), { shape }); // biome-ignore format: one line

test("lengths are right where the squares would leave float32", async () => {
  const cases: [number[], number][] = [
    [[3e-30, 4e-30], 5e-30],
    [[3e15, -4e15], 5e15],
    [[0, 0], 0],
    [[3], 3],
    [[Number.POSITIVE_INFINITY, 1], Number.POSITIVE_INFINITY],
    [[Number.NaN, 1], Number.NaN],
  ];
  for (const [x, expected] of cases) {
    const sums = (await evaluate(squareSums(tensor(x)))) as readonly Tensor[];
    const [plain, raised] = sums.map((sum) => stored(sum)[0]);
    const length = lengthFrom(plain, raised);
    assert.ok(Object.is(length, expected) || Math.abs(length / expected - 1) < 1e-6, `‖${x}‖: ${length}`);
  }
});

test("a unit is dead that had no slope in the whole window, and comes to life with one sample", async () => {
  const parameters = [
    { weight: numbers(4, 4), bias: tensor([-100, -100, 100, 100]) },
    {},
    { weight: numbers(4, 3), bias: numbers(3) },
  ];
  const model = nn.sequential(nn.linear(4, 4), relu, nn.linear(4, 3));
  const batch = (seed: number): TrainingBatch => labelledBatch(8, 4, 3, seed);
  const [[first]] = await read(model, [batch(1)], { parameters });
  assert.equal(first.dead, 0.5);
  assert.equal(first.gate, 0.5);
  // One sample in the first batch wakes both dead units: they count as alive as long as that batch is in the window.
  const bright = batch(1);
  const inputs = Float32Array.from(bright.inputs.data as Float32Array);
  inputs.set([1, 1, 1, 1].map((value, i) => value * 1000 * Math.sign(values(16, 1)[i * 4])));
  const woken: TrainingBatch = { ...bright, inputs: real(inputs, 8, 4) };
  const long = await read(model, [woken, ...Array.from({ length: 20 }, (_, i) => batch(i))], { parameters });
  assert.ok(long.slice(0, 20).every(([{ dead }]) => dead < 0.5));
  assert.equal(long[20][0].dead, 0.5);
});

test("channels die as a whole, and a head or an embedding has no slope to lose", async () => {
  const parameters = [
    { weight: numbers(2, 1, 2, 2), bias: tensor([-100, 1]) },
    {},
    {},
    { weight: numbers(18, 3), bias: numbers(3) },
  ];
  const model = nn.sequential(nn.conv2d(1, 2, 2), relu, nn.flatten(), nn.linear(18, 3));
  const images = { inputs: real(values(5 * 16, 1), 5, 1, 4, 4), targets: whole(labels(5, 1, 3), 5) };
  const [[conv, head]] = await read(model, [images], { parameters });
  assert.equal(conv.dead, 0.5);
  assert.equal(head.dead, 0);
  const words = nn.sequential(nn.embedding(7, 4), (x: Tensor) => mean(x, { axes: 1 }), nn.linear(4, 3));
  const tokens = { inputs: whole(labels(6, 1, 3), 3, 2), targets: whole(labels(3, 1, 3), 3) };
  const [[table]] = await read(words, [tokens]);
  assert.deepEqual([table.dead, table.gate, table.saturated], [0, 1, 0]);
  assert.ok(table.zeroGradient > 0.5, "rows that were not read have no gradient");
});

test("a saturated unit is one whose slope is small beside the steepest one of its function", async () => {
  const large = (inputs: number, outputs: number) => ({ weight: mul(numbers(inputs, outputs), 1000), bias: numbers(outputs) });
  for (const activation of [tanh, sigmoid]) {
    const model = nn.sequential(nn.linear(4, 6), activation, nn.linear(6, 3));
    const [[layer]] = await read(model, [labelledBatch(8, 4, 3, 1)], { parameters: [large(4, 6), {}, large(6, 3)] });
    assert.ok(layer.saturated > 0.9, `${activation.name}: ${layer.saturated}`);
    assert.ok(layer.gate < 0.05);
  }
  const slopeOf = (stage: nn.Stage): number => steepestSlope(nn.sequential(stage).children[0][1]);
  assert.ok(Math.abs(slopeOf(sigmoid) - 0.25) < 1e-12);
  assert.equal(slopeOf(tanh), 1);
  assert.equal(
    slopeOf((x: Tensor) => mul(x, 0)),
    1,
  );
});

test("samples that look alike have no signal; one sample and zeros say nothing", async () => {
  const model = nn.sequential(nn.linear(4, 5), tanh, nn.linear(5, 3));
  const same = { inputs: real(new Float32Array(32).fill(0.3), 8, 4), targets: whole(labels(8, 1, 3), 8) };
  assert.ok((await read(model, [same]))[0][0].signal < 1e-3);
  assert.equal((await read(model, [labelledBatch(1, 4, 3, 1)]))[0][0].signal, 1);
  const nothing = [
    { weight: mul(numbers(4, 5), 0), bias: tensor([0, 0, 0, 0, 0]) },
    {},
    { weight: numbers(5, 3), bias: numbers(3) },
  ];
  const [[silent]] = await read(model, [same], { parameters: nothing });
  assert.deepEqual([silent.signal, silent.power, silent.largest], [0, 0, 0]);
});

test("numbers that are not finite are counted in the layer that made them", async () => {
  const parameters = [{ weight: mul(numbers(4, 5), 1e38), bias: numbers(5) }, {}, { weight: numbers(5, 3), bias: numbers(3) }];
  const model = nn.sequential(nn.linear(4, 5), (x: Tensor) => mul(x, x), nn.linear(5, 3));
  const [[first, head]] = await read(model, [labelledBatch(8, 4, 3, 1)], { parameters });
  assert.ok(first.nonFinite >= 40 && head.nonFinite > 0);
});

test("a frozen layer has a signal but neither gradient nor update", async () => {
  const model = nn.sequential(nn.frozen(nn.linear(4, 5)), tanh, nn.linear(5, 3));
  const plain = nn.sequential(nn.linear(4, 5), tanh, nn.linear(5, 3));
  const parameters = [{ weight: numbers(4, 5), bias: numbers(5) }, {}, { weight: numbers(5, 3), bias: numbers(3) }];
  const [[frozen]] = await read(model, [labelledBatch(8, 4, 3, 1)], { parameters });
  const [[trained]] = await read(plain, [labelledBatch(8, 4, 3, 1)], { parameters });
  assert.equal(measuredLayers(model, [4])[0].weight.trained, false);
  assert.equal(frozen.delta, trained.delta);
  assert.deepEqual([frozen.gradient, frozen.update, trained.gradient > 0], [0, 0, true]);
});

test("a function of a whole row is named, and has no slope of its own", () => {
  const [first] = measurables(nn.sequential(nn.linear(4, 5), softmax, nn.linear(5, 3)), [4]);
  assert.equal(first.pointwise, false);
  assert.equal(first.layer.activation?.path, "1");
});

test("layers are found behind dropout and pooling, in branches and where there is only one", () => {
  const paths = (model: nn.Layer, sample: number[]) =>
    measuredLayers(model, sample).map(({ path, activation, correction, head }) => [
      path,
      activation?.path ?? null,
      correction,
      head,
    ]);
  assert.deepEqual(paths(nn.linear(3, 2), [3]), [["", null, 1, true]]);
  const dropped = nn.sequential(nn.linear(3, 4), nn.dropout(0.75), relu, nn.dropout(0.5), nn.linear(4, 2), sigmoid);
  assert.deepEqual(paths(dropped, [3]), [["0", "2", 1 / Math.sqrt(0.5), false], ["4", "5", 1, true]]); // biome-ignore format: one line
  const branched = nn.sequential(nn.residual(nn.sequential(nn.linear(3, 4), relu, nn.linear(4, 3))), relu, nn.linear(3, 2));
  assert.deepEqual(paths(branched, [3]).map(([path, activation]) => [path, activation]), [["0.branch.0", "0.branch.1"], ["0.branch.2", null], ["2", null]]); // biome-ignore format: one line
});

test("gradients with respect to hidden states over time are those of a recurrence written out", async () => {
  const [batch, time, width, hidden] = [3, 5, 2, 3];
  const model = nn.sequential(nn.rnn(width, hidden, { returns: "last" }), nn.linear(hidden, 3));
  const inputs = values(batch * time * width, 3);
  const targets = labels(batch, 2, 3);
  const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer: adam(), seed: 4 });
  const [[recurrent], head] = ((await trainer.parameters()) as unknown as [[{ forward: nn.RecurrentParameters }], nn.LinearParameters]); // biome-ignore format: one line
  const instrument = healthInstrument();
  const step = await trainer.step({ inputs: real(inputs, batch, time, width), targets: whole(targets, batch) }, { instrument });
  const reading = readingMaker().read(
    step.reading as Float32Array,
    { step: 0, samples: batch },
    instrument.arrangement(step.inputs.shape),
  );
  const { inputWeight, recurrentWeight, inputBias, recurrentBias } = recurrent.forward;
  const [w, u, b, c, v, d] = [inputWeight, recurrentWeight, inputBias, recurrentBias, head.weight, head.bias].map((x) => stored(x as Tensor)); // biome-ignore format: one line

  /** The mean loss when h of one unit of one sample at one time is moved. */
  const lossAt = (moved: { at: number; sample: number; unit: number; by: number } | null): number => {
    let total = 0;
    for (let n = 0; n < batch; n++) {
      let h = new Array<number>(hidden).fill(0);
      for (let t = 0; t < time; t++) {
        const x = (i: number): number => inputs[(n * time + t) * width + i];
        const before = h;
        h = before.map((_, j) => {
          let z = b[j] + c[j];
          for (let i = 0; i < width; i++) z += x(i) * w[i * hidden + j];
          for (let i = 0; i < hidden; i++) z += before[i] * u[i * hidden + j];
          return Math.tanh(z);
        });
        if (moved !== null && moved.at === t && moved.sample === n) h[moved.unit] += moved.by;
      }
      const logits = [0, 1, 2].map((k) => h.reduce((sum, value, i) => sum + value * v[i * 3 + k], d[k]));
      total += Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0)) - logits[targets[n]];
    }
    return total / batch;
  };
  const expected = Array.from({ length: time }, (_, at) => {
    const gradient: number[] = [];
    for (let sample = 0; sample < batch; sample++) {
      for (let unit = 0; unit < hidden; unit++) {
        const [up, down] = [1e-5, -1e-5].map((by) => lossAt({ at, sample, unit, by }));
        gradient.push((up - down) / 2e-5);
      }
    }
    return lengthOf(gradient);
  });
  const overTime = reading.layers[0].overTime ?? [];
  assert.equal(overTime.length, time);
  expected.forEach((value, t) => void assert.ok(Math.abs(overTime[t] / value - 1) < 1e-4, `t ${t}: ${overTime[t]}, ${value}`));
  await trainer.dispose();
});

test("the ratio of Adam's moments is 1 after one step, and unknown for others", async () => {
  const model = nn.sequential(nn.linear(4, 5), tanh, nn.linear(5, 3));
  for (const [optimizer, expected] of [
    [adam(), 1],
    [sgd(), null],
  ] as const) {
    // biome-ignore format: one line
    const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer });
    const instrument = healthInstrument();
    const { reading, inputs } = await trainer.step(labelledBatch(8, 4, 3, 1), { instrument });
    const { momentRatio } = readingMaker().read(
      reading as Float32Array,
      { step: 0, samples: 8 },
      instrument.arrangement(inputs.shape),
    );
    assert.ok(expected === null ? momentRatio === null : Math.abs((momentRatio as number) - expected) < 1e-4);
    await trainer.dispose();
  }
});
