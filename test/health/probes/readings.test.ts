import assert from "node:assert/strict";
import { test } from "node:test";
import { gelu, relu, tanh } from "../../../src/activations/index.js";
import type { LayerReading } from "../../../src/health/history.js";
import { healthInstrument } from "../../../src/health/probes/instrument.js";
import { readingMaker } from "../../../src/health/probes/reading.js";
import type { Tensor } from "../../../src/ir/tensor.js";
import * as nn from "../../../src/nn/index.js";
import { mean } from "../../../src/ops/index.js";
import { sgd } from "../../../src/optim/index.js";
import { compile, type TrainingBatch } from "../../../src/train/index.js";
import { labelledBatch, labels, parameterValues, real, values, whole } from "../../train/network.js";
import { gradientAt, gradientOf, lengthOf, type Point, type Seen, statisticsOf } from "./reference.js";

const RATE = 0.1;
/** Float32 through a few layers, and differences of step 1e-5 in float64. */
const TOLERANCE = 2e-4;

/** One step of plain descent, looked into: what was read, and everything that the reading speaks of. */
async function readStep(model: nn.Layer, batch: TrainingBatch) {
  const loss = nn.softmaxCrossEntropy;
  const trainer = await compile({ model, loss, optimizer: sgd({ learningRate: RATE }), seed: 5 });
  const instrument = healthInstrument();
  const parameters = await trainer.parameters();
  const before = await parameterValues(trainer);
  const step = await trainer.step(batch, { instrument });
  const after = await parameterValues(trainer);
  await trainer.dispose();
  const arrangement = instrument.arrangement(step.inputs.shape);
  const reading = readingMaker().read(step.reading as Float32Array, { step: 0, samples: step.inputs.shape[0] }, arrangement);
  const names = nn.parametersOf(model).map(({ path }) => path);
  const point: Point = { model, parameters, loss, batch };
  return { arrangement, reading, step, point, before, after, names };
}

function assertNear(actual: number, expected: number, what: string): void {
  const close = Math.abs(actual - expected) <= TOLERANCE * Math.max(Math.abs(expected), 1e-3);
  assert.ok(close, `${what}: ${actual}, the reference says ${expected}`);
}

async function compare(
  model: nn.Layer,
  batch: TrainingBatch,
  expected: readonly (readonly [path: string, Seen])[],
): Promise<LayerReading[]> {
  const { arrangement, reading, step, point, before, after, names } = await readStep(model, batch);
  assert.deepEqual(arrangement.layers.map(({ path }) => path), expected.map(([path]) => path)); // biome-ignore format: one line
  expected.forEach(([path, seen], i) => {
    const { correction } = arrangement.layers[i];
    const read = reading.layers[i];
    for (const [name, value] of Object.entries(statisticsOf(point, seen))) {
      assertNear(read[name as keyof LayerReading] as number, value, `${name} of ${path}`);
    }
    const at = names.indexOf(seen.weight);
    const gradient = gradientOf(point, seen.weight);
    assertNear(read.delta, lengthOf(gradientAt(point, seen.before)) / correction, `delta of ${path}`);
    assertNear(read.gradient, lengthOf(gradient), `gradient of ${path}`);
    assertNear(read.weight, lengthOf(before[at]), `weight of ${path}`);
    assertNear(read.update, lengthOf(before[at].map((value, j) => after[at][j] - value)), `update of ${path}`);
    assertNear(read.zeroGradient, gradient.filter((value) => value === 0).length / gradient.length, `zeroGradient of ${path}`);
    assert.equal(read.nonFinite, 0);
  });
  const all = nn.parametersOf(model).filter(({ trained }) => trained);
  assertNear(step.gradientNorm, lengthOf(all.map(({ path }) => lengthOf(gradientOf(point, path)))), "length of all gradients");
  return [...reading.layers];
}

const reluSlope = (z: number): number => (z > 0 ? 1 : 0);
const tanhSlope = (z: number): number => 1 - Math.tanh(z) ** 2;
/** Slope of x Φ(x), by differences of its definition with an error function of 12 digits by its series. */
function geluSlope(z: number): number {
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  let [term, sum] = [z, z];
  for (let n = 1; n < 200; n++) {
    term *= (-z * z) / (2 * n);
    sum += term / (2 * n + 1);
  }
  const below = Math.abs(z) > 6 ? (z > 0 ? 1 : 0) : 0.5 + sum / Math.sqrt(2 * Math.PI);
  return below + z * density;
}

test("the statistics of a network of linear layers are those of the definitions in float64", async () => {
  const model = nn.sequential(nn.linear(4, 6), relu, nn.linear(6, 5), tanh, nn.linear(5, 5), gelu, nn.linear(5, 3));
  await compare(model, labelledBatch(7, 4, 3, 1), [
    ["0", { before: "0.output", after: "1.output", slope: reluSlope, weight: "0.weight", unitAxis: 1 }],
    ["2", { before: "2.output", after: "3.output", slope: tanhSlope, weight: "2.weight", unitAxis: 1 }],
    ["4", { before: "4.output", after: "5.output", slope: geluSlope, weight: "4.weight", unitAxis: 1 }],
    ["6", { before: "6.output", after: "6.output", weight: "6.weight", unitAxis: 1 }],
  ]);
});

test("the pre-activation of a normed layer is what the norm gives, and averages are taken out of the signal", async () => {
  const model = nn.sequential(
    nn.conv2d(1, 3, 3, { padding: "same" }),
    nn.batchNorm(3),
    relu,
    nn.averagePool2d(2),
    nn.conv2d(3, 2, 2),
    tanh,
    nn.globalAveragePool(),
    nn.linear(2, 3),
  );
  const batch = { inputs: real(values(3 * 36, 4), 3, 1, 6, 6), targets: whole(labels(3, 1, 3), 3) };
  const { arrangement } = await readStep(model, batch);
  assert.deepEqual(
    arrangement.layers.map(({ correction, norm, units }) => ({ correction, norm, units })),
    [
      // 6 × 6 in windows of 2 × 2, then 2 × 2 places averaged.
      { correction: 0.5 * 0.5, norm: "batchNorm", units: 3 },
      { correction: 0.5, norm: null, units: 2 },
      { correction: 1, norm: null, units: 3 },
    ],
  );
  await compare(model, batch, [
    ["0", { before: "1.output", after: "2.output", slope: reluSlope, weight: "0.weight", unitAxis: 1 }],
    ["4", { before: "4.output", after: "5.output", slope: tanhSlope, weight: "4.weight", unitAxis: 1 }],
    ["7", { before: "7.output", after: "7.output", weight: "7.weight", unitAxis: 1 }],
  ]);
});

test("every projection of a transformer block is measured, with the activation between the linear layers", async () => {
  const model = nn.sequential(
    nn.transformerEncoderLayer(4, { heads: 2, feedForward: 6, activation: relu }),
    (x: Tensor) => mean(x, { axes: 1 }),
    nn.linear(4, 3),
  );
  const batch = { inputs: real(values(2 * 3 * 4, 9), 2, 3, 4), targets: whole(labels(2, 1, 3), 2) };
  const linear = (name: string): Seen => ({ before: `${name}.output`, after: `${name}.output`, weight: `${name}.weight`, unitAxis: 2 }); // biome-ignore format: one line
  await compare(model, batch, [
    ...["query", "key", "value", "output"].map((name) => [`0.attention.${name}`, linear(`0.attention.${name}`)] as const),
    ["0.feedForward.expand", { ...linear("0.feedForward.expand"), after: "0.feedForward.activation.output", slope: reluSlope }],
    ["0.feedForward.contract", linear("0.feedForward.contract")],
    ["2", { ...linear("2"), unitAxis: 1 }],
  ]);
});

test("a layer over time is measured at what enters its loop, each direction by itself", async () => {
  const sequences = { inputs: real(values(3 * 4 * 2, 3), 3, 4, 2), targets: whole(labels(3, 2, 3), 3) };
  const place = (path: string, weight = "recurrentWeight"): Seen => ({
    before: `${path}.preactivation`,
    after: `${path}.output`,
    weight: `${path}.${weight}`,
    inner: true,
    unitAxis: 2,
    batchAxis: 1,
  });
  const last: Seen = { before: "1.output", after: "1.output", weight: "1.weight", unitAxis: 1 };
  await compare(nn.sequential(nn.lstm(2, 3, { returns: "last" }), nn.linear(3, 3)), sequences, [
    ["0.0.forward", place("0.0.forward")],
    ["1", last],
  ]);
  await compare(nn.sequential(nn.gru(2, 3, { returns: "last", bidirectional: true }), nn.linear(6, 3)), sequences, [
    ["0.0.forward", place("0.0.forward")],
    ["0.0.backward", place("0.0.backward")],
    ["1", last],
  ]);
});
