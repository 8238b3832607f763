import assert from "node:assert/strict";
import { test } from "node:test";
import { relu, tanh } from "../../src/activations/index.js";
import { valueIfKnown } from "../../src/activations/measure/report.js";
import { fromArrays } from "../../src/data/index.js";
import { residualIn } from "../../src/health/plan/describe.js";
import { describeSubject, type Plan, runPlan } from "../../src/health/plan/index.js";
import { predictStart, theoryOf } from "../../src/health/theory/index.js";
import * as nn from "../../src/nn/index.js";
import { denseBlock, planWith } from "./plan/plans.js";

test("around a branch of relus with He's start χ is 2, and moments add with those of the means", () => {
  const he = { spread: Math.SQRT2, activation: theoryOf(relu), norm: "none", residual: true } as const;
  const { layers } = valueIfKnown(predictStart([he, he, he], 1)) ?? { layers: [] };
  for (const { factor } of layers) assert.ok(Math.abs(factor - 2) < 1e-9, `${factor}`);
  // Half normals of variance 2 and 4: means 2/√(2π)·½ √2 and so on; q is 1, then 1 + 1, then 2 + 2 + 2 m₁ m₂.
  const [first, second] = [Math.sqrt(2 / (2 * Math.PI)), Math.sqrt(4 / (2 * Math.PI))];
  const into = layers.map(({ preActivation }) => preActivation / 2);
  [1, 2, 4 + 2 * first * second].forEach((power, i) => {
    assert.ok(Math.abs(into[i] - power) < 1e-6 * power, `${into[i]}, by hand ${power}`);
  });
});

const wide = (activation: string, init: string): Plan =>
  planWith({
    input: [128],
    blocks: Array.from({ length: 6 }, () => denseBlock(128, { activation, init, residual: true })),
    batchSize: 64,
    steps: 1,
  });

/** Samples without structure: sums of incommensurable waves. */
const noise = Float32Array.from({ length: 64 * 128 }, (_, i) => Math.SQRT2 * Math.sin(i * i * 0.61803 + 0.3 * i));
const samples = fromArrays({ features: { data: noise, shape: [128] }, targets: { data: noise.slice(0, 64).map((x) => Number(x > 0)), shape: [1] } }); // biome-ignore format: one line

for (const [activation, init] of [
  ["tanh", "glorotNormal"],
  ["relu", "heNormal"],
] as const) {
  // biome-ignore format: one line
  test(`in a network of ${activation} with ways past its blocks the signal grows as predicted`, async () => {
    const plan = wide(activation, init);
    const data = { train: samples, test: samples };
    const { layers } = describeSubject(plan, data, { seed: 3 });
    const { history } = await runPlan(plan, data, { seed: 3 });
    const read = history.readings[0].layers;
    let [expected, measured] = [0, 0];
    for (let i = 0; i + 1 < 6; i++) {
      expected += Math.log(layers[i + 1].expectedFactor ?? Number.NaN);
      measured += Math.log((read[i].delta ** 2 * read[i + 1].gate) / (read[i + 1].delta ** 2 * read[i].gate));
    }
    const [perLayer, predicted] = [Math.exp(measured / 5), Math.exp(expected / 5)];
    assert.ok(predicted > 1.2 && Math.abs(perLayer / predicted - 1) < 0.05, `χ is ${perLayer}, predicted ${predicted}`);
  });
}

test("ways past parts of a model are seen, and norms behind them", () => {
  const way = nn.residual(nn.sequential(nn.linear(4, 4), tanh));
  const of = (...stages: nn.Stage[]) => residualIn(nn.sequential(...stages) as nn.Layer);
  assert.equal(of(nn.linear(4, 4), tanh), "none");
  assert.equal(of(nn.linear(4, 4), nn.sequential(way), nn.linear(4, 1)), "plain");
  assert.equal(of(way, nn.layerNorm(4), nn.linear(4, 1)), "normBehind");
  assert.equal(of(nn.transformerEncoderLayer(4, { heads: 2 })), "plain");
  assert.equal(of(nn.transformerEncoderLayer(4, { heads: 2, norm: "post" })), "normBehind");
});
