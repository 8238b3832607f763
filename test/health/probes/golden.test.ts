import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { LayerReading } from "../../../src/health/history.js";
import { healthInstrument } from "../../../src/health/probes/instrument.js";
import { readingMaker } from "../../../src/health/probes/reading.js";
import * as nn from "../../../src/nn/index.js";
import { sgd } from "../../../src/optim/index.js";
import { compile } from "../../../src/train/index.js";
import { type ActivationName, activations, firstParameters, labelledBatch } from "../../train/network.js";

interface Case {
  readonly widths: readonly number[];
  readonly activations: readonly ActivationName[];
  readonly batch: number;
  readonly scale: number;
  readonly learningRate: number;
  readonly loss: number;
  readonly gradientNorm: number;
  readonly layers: readonly Readonly<Record<string, number>>[];
}

const { steps } = JSON.parse(readFileSync("test/golden/health.json", "utf8")) as { steps: readonly Case[] };

test("every statistic of a step is that of PyTorch's hooks", async () => {
  for (const { widths, batch, scale, learningRate, ...expected } of steps) {
    const stages = widths.slice(1).flatMap((outputs, i) => {
      const linear = nn.linear(widths[i], outputs);
      return i < expected.activations.length ? [linear, activations[expected.activations[i]]] : [linear];
    });
    // The parameters stand where linear layers do, with an activation behind each.
    const parameters = [...(firstParameters(widths, scale) as unknown[])];
    const trainer = await compile({
      model: nn.sequential(...stages) as nn.Layer,
      loss: nn.softmaxCrossEntropy,
      optimizer: sgd({ learningRate }),
      parameters,
    });
    const instrument = healthInstrument();
    const step = await trainer.step(labelledBatch(batch, widths[0], widths[widths.length - 1], 0), { instrument });
    await trainer.dispose();
    const arrangement = instrument.arrangement(step.inputs.shape);
    const { layers } = readingMaker().read(step.reading as Float32Array, { step: 0, samples: batch }, arrangement);
    assertNear(step.loss, expected.loss, "loss");
    assertNear(step.gradientNorm, expected.gradientNorm, "length of all gradients");
    expected.layers.forEach((numbers, i) => {
      for (const [name, value] of Object.entries(numbers)) {
        assertNear(layers[i][name as keyof LayerReading] as number, value, `${name} of layer ${i}`);
      }
    });
  }
});

/** A few roundings of float32. */
function assertNear(actual: number, expected: number, what: string): void {
  assert.ok(
    Math.abs(actual - expected) <= 2e-5 * Math.max(Math.abs(expected), 1e-2),
    `${what}: ${actual}, PyTorch says ${expected}`,
  );
}
