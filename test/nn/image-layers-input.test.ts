import assert from "node:assert/strict";
import { test } from "node:test";
import { relu } from "../../src/activations/index.js";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as nn from "../../src/nn/index.js";
import { parameter } from "../../src/ops/create.js";
import { ones, tensor } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";

const input = (...shape: number[]): Tensor => parameter(shape, "float32");
const run = (model: nn.Layer, x: Tensor, mode: nn.Mode = "eval"): Tensor =>
  model.apply(model.initialise(key(1)), x, nn.context({ mode, key: key(2) }));

const wrong: readonly (readonly [title: string, call: () => unknown, says: RegExp])[] = [
  ["images with another number of channels", () => run(nn.conv2d(3, 8, 3), input(2, 1, 8, 8)), /^conv2d 3 → 8, 3 × 3: the input has 1 channels, not 3\n +expected +\(batch 3 height width\)\n +got +\(2 1 8 8\)/], // biome-ignore format: a row
  ["images whose channels come last", () => run(nn.conv2d(3, 8, 3), input(2, 8, 8, 3)), /fix +channels come before the spatial axes/], // biome-ignore format: a row
  ["images without a channel axis", () => run(nn.conv2d(1, 8, 3), input(2, 8, 8)), /^conv2d 1 → 8, 3 × 3: the input has 3 axes, not 4/], // biome-ignore format: a row
  ["a kernel larger than the image", () => run(nn.conv2d(1, 8, 5), input(2, 1, 4, 8)), /^conv2d 1 → 8, 5 × 5: the window is larger than the input\n.*\n.*\n +fix +a smaller kernel, more padding, or larger inputs/], // biome-ignore format: a row
  ["a negative stride", () => nn.conv2d(1, 8, 3, { stride: -2 }), /^conv2d: the stride does not fit\n +expected +a whole number of 1 or more/], // biome-ignore format: a row
  ["a negative padding", () => nn.conv1d(1, 8, 3, { padding: -2 }), /^conv1d 1 → 8, 3: the padding does not fit/],
  ["a dilation of 0", () => nn.conv3d(1, 8, 3, { dilation: 0 }), /^conv3d 1 → 8, 3 × 3 × 3: the dilation does not fit/],
  ["a kernel of size 0", () => nn.conv2d(1, 8, 0), /^conv2d: the kernel size does not fit/],
  ["no input channels", () => nn.conv2d(0, 8, 3), /^conv2d: the number of input channels is not a size/],
  ["groups that do not divide the channels", () => nn.conv2d(3, 8, 3, { groups: 2 }), /^conv2d 3 → 8, 3 × 3, 2 groups: the groups do not divide/], // biome-ignore format: a row
  ["an initialiser that is not there", () => nn.conv2d(3, 8, 3, { init: "kaimin" }), /^conv2d 3 → 8, 3 × 3: there is no initialiser "kaimin"/], // biome-ignore format: a row
  ["a transposed convolution of other channels", () => run(nn.convTranspose2d(4, 2, 2), input(1, 2, 3, 3)), /^convTranspose2d 4 → 2, 2 × 2: the input has 2 channels/], // biome-ignore format: a row
  [
    "a pooling window larger than the image",
    () => run(nn.maxPool2d(4), input(1, 2, 3, 3)),
    /^maxPool2d 4 × 4: the window is larger/,
  ],
  ["a pooling of rows", () => run(nn.maxPool2d(2), input(3, 16)), /^maxPool2d 2 × 2: the input has 2 axes, not 4/],
  [
    "a global pooling of rows",
    () => run(nn.globalAveragePool(), input(3, 16)),
    /^globalAveragePool: the input has no spatial axis/,
  ],
  ["a norm of other channels", () => run(nn.batchNorm(4), input(2, 3, 5, 5)), /^batchNorm 4: axis 1 does not hold 4 channels\n +expected +\(batch 4 …\)/], // biome-ignore format: a row
  ["one value per channel in training", () => run(nn.batchNorm(3), input(1, 3), "train"), /^batchNorm 3: one value per channel has no variance/], // biome-ignore format: a row
  ["a momentum that is no share", () => nn.batchNorm(3, { momentum: 1.5 }), /^batchNorm 3: the momentum is not a share/],
  ["an epsilon of 0", () => nn.layerNorm(3, { epsilon: 0 }), /^layerNorm 3: epsilon keeps the root from 0/],
  ["a layerNorm of another width", () => run(nn.layerNorm([2, 3]), input(4, 3, 2)), /^layerNorm 2 × 3: the last axes have other sizes\n.*\(…batch 2 3\)/], // biome-ignore format: a row
  ["a layerNorm over nothing", () => nn.layerNorm([]), /^layerNorm: there is no axis/],
  ["groups of a norm that do not divide", () => nn.groupNorm(4, 6), /^groupNorm 4 of 6: the groups do not divide the channels/],
  ["rows of the wrong length", () => run(nn.unflatten([1, 8, 8]), input(2, 63)), /^unflatten 1 × 8 × 8: 63 elements do not make/],
  ["a rate of 1", () => nn.spatialDropout(1), /^spatialDropout: the rate is not a share/],
  ["a depth that is dropped always", () => nn.stochasticDepth(1), /^stochasticDepth: the rate is not a share/],
];

for (const [title, call, says] of wrong) {
  test(`${title}: the layer is named, and the cure said`, () => {
    assert.throws(call, (error: unknown) => {
      assert.ok(error instanceof Fault);
      assert.match(error.message, says);
      return true;
    });
  });
}

test("inside a network the place of the layer is said too", () => {
  const model = nn.sequential(nn.conv2d(1, 4, 3), relu, nn.conv2d(4, 8, 7));
  assert.throws(() => run(model, input(1, 1, 8, 8)), /^Fault: sequential, layer 2 \(conv2d 4 → 8, 7 × 7\): the window is larger/);
});

test("a title says what is out of the ordinary", () => {
  const titles = [
    nn.conv2d(3, 8, 3),
    nn.conv2d(4, 8, [3, 1], { stride: 2, groups: 4 }),
    nn.maxPool2d(2),
    nn.upsample({ scale: [2, 3] }),
    nn.groupNorm(2, 8),
  ].map(({ title }) => title);
  assert.deepEqual(titles, [
    "conv2d 3 → 8, 3 × 3",
    "conv2d 4 → 8, 3 × 1, stride 2, 4 groups",
    "maxPool2d 2 × 2",
    "upsample 2 × 3",
    "groupNorm 2 of 8",
  ]);
});

test("kernels start with the variance that their fan-in and the activation after them ask for", () => {
  const [first] = nn.initialise(nn.sequential(nn.conv2d(64, 64, 3), relu), 3);
  const [weight] = interpret([first.weight]);
  const variance = Array.from(weight).reduce((total, value) => total + value * value, 0) / weight.length;
  // He's 2 / fanIn. 36,864 draws: the estimate is within 4 · √(2/n) of it, 3 %.
  assert.ok(Math.abs(variance / (2 / (64 * 9)) - 1) < 0.03, String(variance * 576));
});

test("a transposed convolution keeps the second moment of its input, whatever its stride", () => {
  for (const stride of [1, 2]) {
    const model = nn.convTranspose2d(32, 16, 4, { stride, bias: false });
    const y = values(model.apply(model.initialise(key(4)), normal(key(5), [4, 32, 12, 12]), nn.context()));
    const places = Math.sqrt(y.length / (4 * 16));
    // The places at the edge get fewer sums; they are left out.
    const inside = y.filter((_, i) => [Math.floor(i / places) % places, i % places].every((at) => at > 3 && at < places - 4));
    const moment = inside.reduce((total, value) => total + value * value, 0) / inside.length;
    assert.ok(Math.abs(moment - 1) < 0.1, `stride ${stride}: ${moment}`);
  }
});

const values = (x: Tensor): number[] => [...interpret([x])[0]];

test("spatial dropout drops whole channels and keeps the mean; used, it does nothing", () => {
  const x = ones([40, 50, 2, 2]);
  const dropped = values(run(nn.spatialDropout(0.25), x, "train"));
  const channels = Array.from({ length: 2000 }, (_, i) => dropped.slice(4 * i, 4 * i + 4));
  for (const channel of channels)
    assert.ok(channel.every((value) => value === channel[0] && (value === 0 || Math.abs(value - 4 / 3) < 1e-6)));
  const kept = channels.filter(([first]) => first !== 0).length / channels.length;
  // 2000 draws: four standard deviations are 0.039.
  assert.ok(Math.abs(kept - 0.75) < 0.039, String(kept));
  assert.equal(run(nn.spatialDropout(0.25), x), x);
});

test("stochastic depth drops whole examples, or the whole batch", () => {
  const x = ones([400, 3]);
  const rows = values(run(nn.stochasticDepth(0.5), x, "train"));
  const first = rows.filter((_, i) => i % 3 === 0);
  rows.forEach((value, i) => assert.equal(value, first[Math.floor(i / 3)]));
  assert.deepEqual([...new Set(first)].sort(), [0, 2]);
  assert.equal(new Set(values(run(nn.stochasticDepth(0.5, { mode: "batch" }), x, "train"))).size, 1);
  assert.equal(run(nn.stochasticDepth(0.5), x), x);
});

test("a constant signal is normed to the shift, without NaN, and so is its gradient", () => {
  for (const model of [nn.batchNorm(3), nn.layerNorm(3), nn.groupNorm(1, 3), nn.instanceNorm(3), nn.rmsNorm(3)]) {
    const x = tensor(new Float32Array(6), { shape: [2, 3] });
    assert.deepEqual(values(run(model, x, "train")), [0, 0, 0, 0, 0, 0], model.title);
  }
});
