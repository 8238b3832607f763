import assert from "node:assert/strict";
import { after, test } from "node:test";
import { relu } from "../../src/activations/index.js";
import { pushForward, zerosLike } from "../../src/diff/forward.js";
import { pullBack } from "../../src/diff/reverse.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as nn from "../../src/nn/index.js";
import { parameter } from "../../src/ops/create.js";
import { interpret } from "../../src/run/interpret.js";
import { numbersOf, readGolden, type Stored } from "../golden/golden.js";
import { dot, firstFar, differences as quotients } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { direction, randomFrom } from "../support/random.js";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly Stored[];
}
type Named = Readonly<Record<string, Values>>;

interface Case {
  readonly name: string;
  readonly mode: nn.Mode;
  readonly input: Values;
  readonly weights: Values;
  readonly output: Values;
  readonly inputGradient: Values;
  readonly parameters: Named;
  readonly gradients: Named;
  /** Running statistics before and after the call. */
  readonly state: Named;
  readonly after: Named;
}

const { cases } = readGolden<{ readonly cases: readonly Case[] }>("image-layers");

const norms = (mode: nn.Mode): Record<string, nn.Layer> => ({
  [`batchNorm of rows, ${mode}`]: nn.batchNorm(4),
  [`batchNorm of sequences, ${mode}`]: nn.batchNorm(3, { momentum: 0.3 }),
  [`batchNorm of images, ${mode}`]: nn.batchNorm(3, { epsilon: 1e-3 }),
  [`batchNorm without scale, ${mode}`]: nn.batchNorm(2, { affine: false }),
  [`conv, norm, relu, pool, ${mode}`]: nn.sequential(
    nn.conv2d(1, 3, 3, { padding: 1, bias: false }),
    nn.batchNorm(3),
    relu,
    nn.maxPool2d(2),
    nn.flatten(),
    nn.linear(12, 4),
  ),
});

const models: Readonly<Record<string, nn.Layer>> = {
  conv1d: nn.conv1d(3, 4, 3),
  "conv1d strided": nn.conv1d(2, 4, 4, { stride: 2, padding: 1, groups: 2 }),
  conv2d: nn.conv2d(3, 5, 3),
  "conv2d same": nn.conv2d(2, 3, [3, 2], { padding: "same", dilation: 2 }),
  "conv2d strided": nn.conv2d(2, 4, 3, { stride: [2, 1], padding: [1, 2] }),
  "conv2d without bias": nn.conv2d(2, 3, 2, { bias: false, padding: "valid" }),
  "conv2d groups": nn.conv2d(4, 6, 3, { groups: 2, padding: 1 }),
  depthwise: nn.depthwiseConv2d(3, 3, { multiplier: 2, stride: 2, padding: 1 }),
  conv3d: nn.conv3d(2, 3, [2, 3, 2], { padding: 1 }),
  convTranspose1d: nn.convTranspose1d(3, 2, 3, { stride: 2 }),
  convTranspose2d: nn.convTranspose2d(4, 6, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
  "convTranspose2d dilated": nn.convTranspose2d(2, 3, 2, { dilation: 2, bias: false }),
  convTranspose3d: nn.convTranspose3d(2, 2, 2, { stride: [1, 2, 2] }),
  maxPool1d: nn.maxPool1d(2),
  maxPool2d: nn.maxPool2d(2),
  "maxPool2d overlapping": nn.maxPool2d(3, { stride: 2, padding: 1 }),
  maxPool3d: nn.maxPool3d([2, 1, 2]),
  averagePool1d: nn.averagePool1d(3, { stride: 1 }),
  averagePool2d: nn.averagePool2d(2),
  "averagePool2d padding not counted": nn.averagePool2d(3, { stride: 2, padding: 1, countPadding: false }),
  averagePool3d: nn.averagePool3d(2),
  globalMaxPool: nn.globalMaxPool(),
  globalAveragePool: nn.globalAveragePool(),
  adaptiveAveragePool: nn.adaptiveAveragePool([3, 2]),
  "maxPool2d rounded up": nn.maxPool2d(3, { stride: 2, ceilMode: true }),
  "maxPool2d rounded up, padded": nn.maxPool2d(2, { stride: 3, padding: 1, ceilMode: true }),
  "averagePool2d rounded up": nn.averagePool2d(3, { stride: 2, padding: 1, ceilMode: true }),
  "averagePool2d rounded up, padding not counted": nn.averagePool2d([3, 2], { stride: [2, 3], padding: 1, ceilMode: true, countPadding: false }), // biome-ignore format: one line
  adaptiveMaxPool: nn.adaptiveMaxPool([3, 2]),
  "adaptiveMaxPool that divides": nn.adaptiveMaxPool([3, 2]),
  "adaptiveMaxPool of sequences": nn.adaptiveMaxPool(4),
  "upsample nearest": nn.upsample({ scale: 2 }),
  "upsample bilinear": nn.upsample({ size: [5, 7], mode: "linear" }),
  ...norms("train"),
  ...norms("eval"),
  layerNorm: nn.layerNorm(5),
  "layerNorm of two axes": nn.layerNorm([3, 4], { epsilon: 1e-2 }),
  "layerNorm without scale": nn.layerNorm(6, { affine: false }),
  rmsNorm: nn.rmsNorm(5),
  "rmsNorm without scale": nn.rmsNorm([2, 3], { epsilon: 1e-3, affine: false }),
  groupNorm: nn.groupNorm(2, 6),
  "groupNorm of rows": nn.groupNorm(2, 8),
  instanceNorm: nn.instanceNorm(3),
  "instanceNorm with scale": nn.instanceNorm(2, { affine: true }),
  "a block of a residual network": nn.sequential(
    nn.residual(
      nn.sequential(
        nn.conv2d(2, 4, 3, { stride: 2, padding: 1, bias: false }),
        nn.batchNorm(4),
        relu,
        nn.conv2d(4, 4, 3, { padding: 1, bias: false }),
        nn.batchNorm(4),
      ),
      { shortcut: nn.sequential(nn.conv2d(2, 4, 1, { stride: 2, bias: false }), nn.batchNorm(4)) },
    ),
    relu,
  ),
};

/** A case as graphs over placeholders, with the values to feed them and what has to come out. */
function graphsOf({ name, mode, input, weights, output, inputGradient, parameters, gradients, state, after }: Case) {
  const model = models[name];
  const stored: Named = { ...parameters, ...state };
  const feeds = new Map<Tensor, TypedArray>();
  const fed = ({ shape, data }: Values): Tensor => {
    const node = parameter(shape, "float32");
    feeds.set(node, numbersOf(data));
    return node;
  };
  const nodes = new Map<string, Tensor>();
  const tree = nn.mapParameters(model, ({ path }) => {
    const node = fed(stored[path]);
    nodes.set(path, node);
    return node;
  });
  const x = fed(input);
  const written: Record<string, Tensor> = {};
  const write = (path: string, value: Tensor): void => {
    written[path] = value;
  };
  const y = model.apply(tree, x, nn.context({ mode, write }));
  const trained = Object.keys(parameters);
  const leaves = [x, ...trained.map((path) => nodes.get(path) as Tensor)];
  const gradient = pullBack([y], leaves)([fed(weights)]).map((part, i) => part ?? zerosLike(leaves[i]));
  const changed = mode === "train" ? Object.keys(after) : [];
  assert.deepEqual(Object.keys(written).sort(), [...changed].sort());
  return {
    leaves,
    feeds,
    gradient,
    outputs: [y, ...gradient, ...changed.map((path) => written[path])],
    expected: [output, inputGradient, ...trained.map((path) => gradients[path]), ...changed.map((path) => after[path])],
    names: [
      "output",
      "input gradient",
      ...trained.map((path) => `gradient of ${path}`),
      ...changed.map((path) => `next ${path}`),
    ],
  };
}

/** Elements that are off by more than a share of the largest one of the tensor. */
function assertNear(got: TypedArray, { data }: Values, share: number, what: string): void {
  const expected = numbersOf(data);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expected.forEach((should, i) => {
    // Gradients that cancel to 0 are as small as what cancels is rounded.
    const allowed = share * Math.max(largest, 1e-2);
    assert.ok(Math.abs(got[i] - should) <= allowed, `${what}[${i}]: ${got[i]}, not ${should}`);
  });
}

test("every case has its model", () => assert.deepEqual(Object.keys(models).sort(), cases.map(({ name }) => name).sort()));

for (const given of cases) {
  test(`${given.name}: names, output, gradients and running statistics are PyTorch's`, () => {
    const parameters = nn.parametersOf(models[given.name]);
    const names = (trained: boolean) => parameters.filter((row) => row.trained === trained).map(({ path }) => path);
    assert.deepEqual(names(true).sort(), Object.keys(given.parameters).sort());
    assert.deepEqual(names(false).sort(), Object.keys(given.state).sort());
    const { outputs, expected, names: what, feeds } = graphsOf(given);
    outputs.forEach((output, i) => assert.deepEqual([...output.shape], expected[i].shape, what[i]));
    interpret(outputs, feeds).forEach((values, i) => assertNear(values, expected[i], 1e-12, what[i])); // biome-ignore format: one line
  });

  test(`${given.name}: the second derivative is the limit of differences`, () => {
    const { leaves, feeds, gradient } = graphsOf(given);
    const random = randomFrom(4);
    const tangents = leaves.map((leaf) => parameter(leaf.shape, "float32"));
    const moves = new Map(leaves.map((leaf) => [leaf, direction(leaf.size, random)]));
    const pushed = pushForward(gradient, leaves, tangents).map((part, i) => part ?? zerosLike(gradient[i]));
    const known = new Map([...feeds, ...tangents.map((node, i) => [node, moves.get(leaves[i]) as TypedArray] as const)]);
    const exact = quotients(gradient, feeds, moves);
    interpret(pushed, known).forEach((values, i) => assert.equal(firstFar(values, exact[i], 1e-7), null, `argument ${i}`));
  });
}

test("forward mode gives the same pairing as reverse mode, for all of them", () => {
  for (const given of cases) {
    const { leaves, feeds, gradient, outputs } = graphsOf(given);
    const random = randomFrom(5);
    const tangents = leaves.map((leaf) => parameter(leaf.shape, "float32"));
    const moves = tangents.map((node) => direction(node.size, random));
    const [pushed] = pushForward([outputs[0]], leaves, tangents);
    const known = new Map([...feeds, ...tangents.map((node, i) => [node, moves[i]] as const)]);
    const [forward, ...backward] = interpret([pushed as Tensor, ...gradient], known);
    const left = dot(forward, numbersOf(given.weights.data));
    const right = backward.reduce((total, part, i) => total + dot(part, moves[i]), 0);
    assert.equal(firstFar([left], [right], 1e-11), null, given.name);
  }
});

test("in float32 all of them are PyTorch's to 2e-6 of the largest element", async () => {
  const runtime = directRuntime();
  after(() => runtime.close());
  for (const given of cases) {
    const { outputs, expected, names, feeds } = graphsOf(given);
    const got = await computeOn(runtime, outputs, feeds);
    got.forEach((values, i) => assertNear(values, expected[i], 2e-6, `${given.name}: ${names[i]}`));
  }
});
