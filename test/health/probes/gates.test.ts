import assert from "node:assert/strict";
import { test } from "node:test";
import type { LayerReading } from "../../../src/health/history.js";
import { healthInstrument } from "../../../src/health/probes/instrument.js";
import { readingMaker } from "../../../src/health/probes/reading.js";
import type { Tensor } from "../../../src/ir/tensor.js";
import * as nn from "../../../src/nn/index.js";
import { zeros } from "../../../src/ops/index.js";
import { sgd } from "../../../src/optim/index.js";
import { key } from "../../../src/random/counter.js";
import { interpret } from "../../../src/run/interpret.js";
import { interpreterRuntime } from "../../../src/run/interpreter.js";
import { compile, type Trainer } from "../../../src/train/index.js";
import { labels, values } from "../../train/network.js";

const [BATCH, TIME, WIDTH, HIDDEN] = [3, 4, 2, 3];
const inputs = values(BATCH * TIME * WIDTH, 3).map((value) => 3 * value);

const stored = ({ primitive: { meaning }, params }: Tensor): number[] =>
  meaning.kind === "stored" ? Array.from(meaning.data(params), Number) : [];

/** Readings of the recurrent layers of a model in its first step, and their parameters. */
async function look(layer: nn.Layer) {
  const model = nn.sequential(layer, nn.linear(HIDDEN * (layer.title.includes("both") ? 2 : 1), 3)) as nn.Layer;
  const options = { loss: nn.softmaxCrossEntropy, optimizer: sgd({ learningRate: 0.1 }), seed: 4 };
  const trainer: Trainer = await compile({ model, ...options, runtime: interpreterRuntime() });
  const [[{ forward, backward }]] = (await trainer.parameters()) as [[{ forward: Weights; backward?: Weights }]];
  const instrument = healthInstrument();
  const batch = {
    inputs: { data: Float32Array.from(inputs), shape: [BATCH, TIME, WIDTH], dtype: "float32" },
    targets: { data: labels(BATCH, 2, 3), shape: [BATCH], dtype: "int32" },
  } as const;
  const { reading } = await trainer.step(batch, { instrument });
  const arrangement = instrument.arrangement([BATCH, TIME, WIDTH]);
  const { layers } = readingMaker().read(reading as Float32Array, { step: 0, samples: BATCH }, arrangement);
  await trainer.dispose();
  return { layers, forward, backward };
}

type Weights = Required<nn.RecurrentParameters>;

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
const gateSlope = (z: number): number => 4 * sigmoid(z) * (1 - sigmoid(z));
const tanhSlope = (z: number): number => 1 - Math.tanh(z) ** 2;

/** One unit's step: its pre-activations from the input and from h, gate by gate; its state before; its new state and its slopes. */
type UnitStep = (x: readonly number[], h: readonly number[], state: readonly number[]) => { state: number[]; slopes: number[] };

const steps: Readonly<Record<"lstm" | "gru", UnitStep>> = {
  lstm(x, h, [, c]) {
    const [i, f, g, o] = x.map((value, k) => value + h[k]);
    const cell = sigmoid(f) * c + sigmoid(i) * Math.tanh(g);
    return { state: [sigmoid(o) * Math.tanh(cell), cell], slopes: [gateSlope(i), gateSlope(f), tanhSlope(g), gateSlope(o)] };
  },
  gru([xr, xu, xn], [hr, hu, hn], [h]) {
    const fresh = xn + sigmoid(xr + hr) * hn;
    const keep = sigmoid(xu + hu);
    return {
      state: [(1 - keep) * Math.tanh(fresh) + keep * h],
      slopes: [gateSlope(xr + hr), gateSlope(xu + hu), tanhSlope(fresh)],
    };
  },
};

/** All slopes of a recurrence that is written out, each with the unit's gate that it belongs to. */
function slopesOf(kind: "lstm" | "gru", weights: Weights, reverse: boolean): { slope: number; unit: number }[] {
  const [w, u, b, c] = [weights.inputWeight, weights.recurrentWeight, weights.inputBias, weights.recurrentBias].map(stored);
  const gates = b.length / HIDDEN;
  const all: { slope: number; unit: number }[] = [];
  for (let n = 0; n < BATCH; n++) {
    let states = Array.from({ length: HIDDEN }, () => [0, 0]);
    for (let at = 0; at < TIME; at++) {
      const t = reverse ? TIME - 1 - at : at;
      const h = states.map(([value]) => value);
      states = states.map((state, j) => {
        const columns = Array.from({ length: gates }, (_, k) => k * HIDDEN + j);
        const fromInput = columns.map(
          (k) => b[k] + sumOver(WIDTH, (i) => inputs[(n * TIME + t) * WIDTH + i] * w[i * b.length + k]),
        );
        const fromState = columns.map((k) => c[k] + sumOver(HIDDEN, (i) => h[i] * u[i * b.length + k]));
        const { state: next, slopes } = steps[kind](fromInput, fromState, state);
        slopes.forEach((slope, k) => {
          all.push({ slope, unit: columns[k] });
        });
        return next;
      });
    }
  }
  return all;
}

const sumOver = (count: number, term: (i: number) => number): number =>
  Array.from({ length: count }, (_, i) => term(i)).reduce((sum, value) => sum + value, 0);

function assertSlopes({ gate, saturated, dead }: LayerReading, slopes: readonly { slope: number; unit: number }[]): void {
  const mean = slopes.reduce((sum, { slope }) => sum + slope ** 2, 0) / slopes.length;
  assert.ok(Math.abs(gate - mean) < 1e-5, `${gate}, written out ${mean}`);
  assert.ok(Math.abs(saturated - slopes.filter(({ slope }) => slope < 0.05).length / slopes.length) < 1e-6);
  const units = [...new Set(slopes.map(({ unit }) => unit))];
  const still = units.filter((unit) => slopes.every((one) => one.unit !== unit || one.slope ** 2 < 1e-6));
  assert.ok(Math.abs(dead - still.length / units.length) < 1e-6, `${dead} dead`);
}

const layers = { lstm: nn.lstm, gru: nn.gru } as const;

for (const kind of ["lstm", "gru"] as const) {
  for (const spread of [0.5, 6, 60]) {
    test(`slopes of the gates of a ${kind} are those of one written out, weights of ${spread}`, async () => {
      const init = nn.initialisers.normal({ std: spread });
      const options = { returns: "last", bidirectional: true, init, recurrentInit: init } as const;
      const { layers: readings, forward, backward } = await look(layers[kind](WIDTH, HIDDEN, options) as nn.Layer);
      assertSlopes(readings[0], slopesOf(kind, forward, false));
      assertSlopes(readings[1], slopesOf(kind, backward as Weights, true));
      assert.ok(spread < 1 ? readings[0].saturated < 0.2 : readings[0].saturated > 0.3, `${readings[0].saturated}`);
    });
  }
}

test("a sequence of one step has slopes too, those of the state that it starts from", () => {
  const shown = new Map<string, Tensor>();
  const model = nn.lstm(WIDTH, HIDDEN) as nn.Layer;
  const eye = nn.context({ probe: (path, value) => void shown.set(path, value) });
  model.apply(nn.initialise(model, key(3)), zeros([BATCH, 1, WIDTH]), eye);
  const slopes = interpret([shown.get("0.forward.slope") as Tensor])[0];
  assert.equal(slopes.length, BATCH * 4 * HIDDEN);
  const forget = Array.from(slopes.slice(HIDDEN, 2 * HIDDEN));
  assert.ok(
    forget.every((slope) => Math.abs(slope - gateSlope(1)) < 1e-6),
    "the bias of the forget gate starts at 1",
  );
});
