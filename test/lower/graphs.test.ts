import assert from "node:assert/strict";
import { test } from "node:test";
import { grad } from "../../src/diff/index.js";
import { printGraph } from "../../src/ir/graph.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { lower, simplify } from "../../src/lower/index.js";
import { parameter } from "../../src/ops/create.js";
import * as o from "../../src/ops/index.js";

const float = (...shape: number[]): Tensor => parameter(shape, "float32");
const text = (parameters: Tensor[], outputs: readonly Tensor[]): string => printGraph(simplify({ parameters, outputs }));
const lines = (...all: string[]): string => all.join("\n");
const times = (printed: string, name: string): number => printed.split(`= ${name}(`).length - 1;

test("the gradient of a dense layer is one product for the weights and one sum for the biases", () => {
  const [x, w, b] = [float(8, 3), float(3, 4), float(4)];
  const loss = (layer: { w: Tensor; b: Tensor }): Tensor => o.sum(o.square(o.add(o.matmul(x, layer.w), layer.b)));
  const slopes = grad(loss)({ w, b });
  assert.equal(
    text([x, w, b], [slopes.w, slopes.b]),
    lines(
      "p0: f32(8 3)",
      "p1: f32(3 4)",
      "p2: f32(4)",
      "h1 = matmul(p0, p1, transposeA=false, transposeB=false): f32(8 4)",
      "h2 = broadcastTo(p2, shape=[8 4]): f32(8 4)",
      "h3 = add(h1, h2): f32(8 4)",
      "h4 = add(h3, h3): f32(8 4)",
      "h5 = matmul(p0, h4, transposeA=true, transposeB=false): f32(3 4)",
      "h6 = sum(h4, axes=[0]): f32(4)",
      "return h5, h6",
    ),
  );
});

test("a network of n layers takes 3n − 1 products: n forward, n for weights, n − 1 for what lies between", () => {
  for (const depth of [1, 2, 5]) {
    const [x, weights] = [float(8, 3), Array.from({ length: depth }, () => float(3, 3))];
    const loss = (layers: readonly Tensor[]): Tensor => o.sum(layers.reduce((h, w) => o.sigmoid(o.matmul(h, w)), x));
    const printed = text([x, ...weights], [loss(weights), ...grad(loss)(weights)]);
    assert.equal(times(printed, "matmul"), 3 * depth - 1);
    assert.equal(times(printed, "permute"), 0);
    assert.equal(times(printed, "sigmoid"), depth);
  }
});

test("the gradient of a dense layer over a batch of sequences is as flat as over a batch", () => {
  const [x, w] = [float(5, 8, 3), float(3, 4)];
  const printed = text([x, w], [grad((weight: Tensor) => o.sum(o.square(o.matmul(x, weight))))(w)]);
  assert.equal(times(printed, "matmul"), 2);
  assert.match(printed, /matmul\(h\d+, h\d+, transposeA=true, transposeB=false\): f32\(3 4\)/);
});

test("what does not depend on the argument is not differentiated, and zero is not computed", () => {
  const x = float(3);
  const f = (y: Tensor): Tensor => o.sum(o.add(o.mul(y, 2), o.stopGradient(o.exp(y))));
  assert.equal(
    text([x], [grad(f)(x)]),
    lines(
      "p0: f32(3)",
      "h1 = constant(data=[2], shape=[], dtype=float32): f32()",
      "h2 = broadcastTo(h1, shape=[3]): f32(3)",
      "return h2",
    ),
  );
});

test("equal nodes are computed once, constants at once, and repeats as late as can be", () => {
  const [x, b] = [float(4, 3), float(3)];
  const output = o.add(o.mul(o.exp(x), o.exp(x)), o.exp(o.add(b, o.exp(0))));
  assert.equal(
    text([x, b], [output]),
    lines(
      "p0: f32(4 3)",
      "p1: f32(3)",
      "h1 = exp(p0): f32(4 3)",
      "h2 = mul(h1, h1): f32(4 3)",
      "h3 = constant(data=[1], shape=[], dtype=float32): f32()",
      "h4 = broadcastTo(h3, shape=[3]): f32(3)",
      "h5 = add(p1, h4): f32(3)",
      "h6 = exp(h5): f32(3)",
      "h7 = broadcastTo(h6, shape=[4 3]): f32(4 3)",
      "h8 = add(h2, h7): f32(4 3)",
      "return h8",
    ),
  );
});

test("graphs that compute the same print the same, and constants print all of their digits or a digest", () => {
  const data = (last: number): Float64Array => Float64Array.from({ length: 20 }, (_, i) => (i === 19 ? last : i / 3));
  const graph = (last: number): string => text([], [o.sum(o.tensor(data(last)), { axes: [] })]);
  assert.equal(graph(1), graph(1));
  assert.notEqual(graph(1), graph(1 + Number.EPSILON));
  assert.notEqual(graph(0), graph(-0));
  assert.notEqual(text([], [o.tensor([0])]), text([], [o.tensor([-0])]));
});

test("the model reads repeated operands where they are small, and copies ends that share a name", () => {
  const [x, b] = [float(4, 3), float(3)];
  const graph = simplify({ parameters: [x, b], outputs: [o.add(x, b), x, o.add(x, b), o.tensor([1, 2])] });
  const { nodes, inputs, outputs } = lower(graph);
  assert.deepEqual(
    nodes.map(({ op }) => op),
    ["Add", "Identity", "Identity", "Identity"],
  );
  assert.deepEqual(nodes[0].inputs, ["p0", "p1"]);
  assert.deepEqual(
    [inputs.map(({ name }) => name), outputs.map(({ name }) => name)],
    [
      ["p0", "p1"],
      ["y0", "y1", "y2", "y3"],
    ],
  );
  const named = lower(graph, {}, { inputs: ["image", "bias"], outputs: ["a", "b", "c", "d"] });
  assert.deepEqual(
    [named.nodes[0].inputs, named.outputs.map(({ name }) => name)],
    [
      ["image", "bias"],
      ["a", "b", "c", "d"],
    ],
  );
});

test("a network of a thousand layers is differentiated, simplified and lowered without a deep stack", () => {
  const x = float(2);
  const deep = (y: Tensor): Tensor => {
    let h = y;
    for (let i = 0; i < 1000; i++) h = o.sin(h);
    return o.sum(h);
  };
  const graph = simplify({ parameters: [x], outputs: [grad(deep)(x)] });
  assert.ok(lower(graph).nodes.length >= 2000);
});
