import assert from "node:assert/strict";
import { test } from "node:test";
import { gelu, relu, selu, sigmoid, silu, tanh } from "../../src/activations/index.js";
import { healthInstrument } from "../../src/health/probes/instrument.js";
import { readingMaker } from "../../src/health/probes/reading.js";
import { type AnyActivation, predictStart, theoryOf } from "../../src/health/theory/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as nn from "../../src/nn/index.js";
import { mul, sin } from "../../src/ops/index.js";
import { sgd } from "../../src/optim/index.js";
import { key } from "../../src/random/counter.js";
import { normal } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";
import { gaussian, mollify } from "../../src/smooth/index.js";
import { compile } from "../../src/train/index.js";
import { labels, real, whole } from "../train/network.js";

const WIDTH = 512;
const DEPTH = 12;
const BATCH = 64;

/** The factor on ‖δ‖² per layer, measured on one step over the hidden layers. */
async function measuredFactor(activation: nn.Stage, spread: number, seed: number): Promise<number> {
  const init = nn.initialisers.normal({ std: spread / Math.sqrt(WIDTH) });
  const hidden = Array.from({ length: DEPTH }, () => [nn.linear(WIDTH, WIDTH, { init }), activation]).flat();
  const model = nn.sequential(...hidden, nn.linear(WIDTH, 10)) as nn.Layer;
  const trainer = await compile({ model, loss: nn.softmaxCrossEntropy, optimizer: sgd({ learningRate: 1e-6 }), seed });
  const instrument = healthInstrument();
  const inputs = Float32Array.from(interpret([normal(key(seed + 100), [BATCH, WIDTH])])[0]);
  const batch = { inputs: real(inputs, BATCH, WIDTH), targets: whole(labels(BATCH, 1, 10), BATCH) };
  const step = await trainer.step(batch, { instrument });
  await trainer.dispose();
  const arrangement = instrument.arrangement(step.inputs.shape);
  const { layers } = readingMaker().read(step.reading as Float32Array, { step: 0, samples: BATCH }, arrangement);
  return (layers[0].delta / layers[DEPTH - 1].delta) ** (2 / (DEPTH - 1));
}

const cases: Readonly<Record<string, { f: AnyActivation; spread: number }>> = {
  "relu, critical": { f: relu, spread: Math.SQRT2 },
  "relu, too small": { f: relu, spread: 1 },
  "tanh, with weights that are too large": { f: tanh, spread: 2 },
  gelu: { f: gelu, spread: 1.5335 },
  silu: { f: silu, spread: 1.6765 },
  selu: { f: selu, spread: 1 },
  "sigmoid, whose signals vanish": { f: sigmoid, spread: 1.8462 },
  "a function of the user": { f: (x: Tensor) => sin(mul(x, 1.5)), spread: 1 },
  "a smoothed relu": { f: mollify(relu, { kernel: gaussian, width: 0.5 }), spread: 1.3 },
};

for (const [name, { f, spread }] of Object.entries(cases)) {
  test(`at width ${WIDTH} signals change by the factor that theory predicts, within 5 %: ${name}`, async () => {
    const theory = theoryOf(f);
    const layer = { spread, activation: theory, norm: "none" } as const;
    const predicted = predictStart(Array.from({ length: DEPTH }, () => layer), 1); // biome-ignore format: one line
    assert.ok(predicted.established);
    const expected = predicted.value.deltaRatio ** (2 / (DEPTH - 1));
    const measured = await measuredFactor(f as (x: Tensor) => Tensor, spread, 1);
    assert.ok(Math.abs(Math.log(measured / expected)) < Math.log(1.05), `measured ${measured}, predicted ${expected}`);
  });
}
