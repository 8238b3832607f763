import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkpoint, grad, hessian, jvp, vmap } from "../../src/diff/index.js";
import { printGraph } from "../../src/ir/graph.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { lower, simplify } from "../../src/lower/index.js";
import { parameter } from "../../src/ops/create.js";
import * as o from "../../src/ops/index.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { elements, scalar } from "../support/values.js";

const runtime = directRuntime();
after(() => runtime.close());

type Unary = (x: Tensor) => Tensor;
const layer: Unary = (x) => o.sin(o.mul(o.exp(x), 0.5));
const plain: Unary = (x) => o.sum(layer(layer(x)));
const saving: Unary = (x) => o.sum(checkpoint(layer)(checkpoint(layer)(x)));
const nested: Unary = (x) => o.sum(checkpoint((y: Tensor) => checkpoint(layer)(layer(y)))(x));
const point = o.tensor([0.3, -0.7]);

for (const [name, f] of [
  ["one layer at a time", saving],
  ["nested", nested],
] as const) {
  test(`checkpointing ${name} changes no value and no derivative`, () => {
    assert.deepEqual(elements(f(point)), elements(plain(point)));
    assert.equal(firstFar(elements(grad(f)(point)), elements(grad(plain)(point)), 1e-15), null);
    const tangent = o.tensor([1, 2]);
    const pushed = (g: Unary): number => scalar(jvp(g, [point], [tangent]).tangent);
    assert.ok(Math.abs(pushed(f) - pushed(plain)) < 1e-14);
    assert.equal(firstFar(elements(hessian(f)(point)), elements(hessian(plain)(point)), 1e-13), null);
    const twice = (g: Unary): number[] => elements(grad((x: Tensor) => o.sum(grad(g)(x)))(point));
    assert.equal(firstFar(twice(f), twice(plain), 1e-13), null);
    const batch = o.tensor([
      [0.3, -0.7],
      [1, 2],
    ]);
    assert.equal(firstFar(elements(vmap(grad(f))(batch)), elements(vmap(grad(plain))(batch)), 1e-15), null);
  });

  test(`checkpointing ${name} survives simplification, lowering and float32`, async () => {
    const x = parameter([2], "float32");
    const feeds = new Map([[x, Float64Array.of(0.3, -0.7)]]);
    const [value, gradient] = await computeOn(runtime, [f(x), grad(f)(x)], feeds);
    const [expected, slopes] = await computeOn(runtime, [plain(x), grad(plain)(x)], feeds);
    assert.equal(firstFar(value, expected, 1e-6), null);
    assert.equal(firstFar(gradient, slopes, 1e-6), null);
  });
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

test("the simplified graph computes again what it does not keep, after the cotangent is known", () => {
  const x = parameter([2], "float32");
  const text = (f: Unary): string => printGraph(simplify({ parameters: [x], outputs: [f(x), grad(f)(x)] }));
  assert.equal(count(text(plain), /= exp\(/g), 2);
  assert.equal(count(text(plain), /= after\(/g), 0);
  // Two layers, each with one exponential forward and one more on the way back.
  assert.equal(count(text(saving), /= exp\(/g), 4);
  assert.equal(count(text(saving), /= after\(/g), 2);
});

test("in the model, a recomputation depends on the cotangent that it waits for", () => {
  const x = parameter([2], "float32");
  const graph = simplify({ parameters: [x], outputs: [grad(saving)(x)] });
  const model = lower(graph);
  const producers = new Map(model.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const depends = (name: string, operator: string): boolean => {
    const node = producers.get(name);
    return node !== undefined && (node.op === operator || node.inputs.some((input) => depends(input, operator)));
  };
  const exponentials = model.nodes.filter(({ op }) => op === "Exp");
  assert.equal(exponentials.length, 3);
  // The last layer's cotangent is a cosine; the first layer is computed again only once that is there.
  const waiting = exponentials.filter(({ inputs }) => depends(inputs[0], "Cos"));
  assert.equal(waiting.length, 1);
});

test("a checkpoint takes trees, and may close over what is not differentiated", () => {
  const constant = o.tensor(3);
  const f = checkpoint(({ a, b }: { a: Tensor; b: Tensor }) => ({ out: o.mul(o.mul(a, b), constant) }));
  const gradient = grad((p: { a: Tensor; b: Tensor }) => f(p).out)({ a: o.tensor(2), b: o.tensor(5) });
  assert.deepEqual([scalar(gradient.a), scalar(gradient.b)], [15, 6]);
});

test("a checkpoint that closes over what is being differentiated says so", () => {
  const f = (w: Tensor): Tensor => checkpoint((x: Tensor) => o.mul(w, x))(o.tensor(2));
  assert.throws(() => grad(f)(o.tensor(1)), /checkpoint: the function uses a tensor from outside that is being differentiated/);
});
