import assert from "node:assert/strict";
import { test } from "node:test";
import { checkpoint, grad, hessian, jvp, scan, vmap } from "../../src/diff/index.js";
import type { Graph } from "../../src/ir/graph.js";
import { topologicalOrder } from "../../src/ir/order.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { lower, simplify } from "../../src/lower/index.js";
import { parameter } from "../../src/ops/create.js";
import { add, cast, matmul, maximum, mul, slice, stack, sum, tanh, tensor, where } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";

const [LENGTH, BATCH, WIDTH] = [5, 2, 3];
const draw = (seed: number, shape: readonly number[]): Tensor => tensor(Float64Array.from(interpret([normal(key(seed), shape)])[0]), { shape }); // biome-ignore format: one line
const inputs = {
  u: mul(draw(1, [WIDTH, WIDTH]), 0.5),
  b: draw(2, [WIDTH]),
  h: draw(3, [BATCH, WIDTH]),
  x: draw(4, [LENGTH, BATCH, WIDTH]),
  weights: draw(5, [LENGTH, BATCH, WIDTH]),
};
type Inputs = typeof inputs;

/** A recurrence with a weight from outside, a kink, and two carries. */
function step({ u, b }: Inputs, carry: { h: Tensor; s: Tensor }, x: Tensor) {
  const z = add(matmul(carry.h, u), add(x, b));
  const h = tanh(maximum(z, mul(z, 0.1)));
  return { carry: { h, s: add(mul(carry.s, 0.9), mul(h, h)) }, output: mul(h, carry.s) };
}

const looped =
  (options: { reverse?: boolean; truncate?: number }) =>
  (given: Inputs): Tensor => {
    const { carry, outputs } = scan(
      (state: { h: Tensor; s: Tensor }, x: Tensor) => step(given, state, x),
      { h: given.h, s: mul(given.h, 0.5) },
      given.x,
      options,
    );
    return add(sum(mul(outputs, given.weights)), sum(mul(carry.h, carry.s)));
  };

/** The same, step by step in JavaScript. */
const written =
  (reverse: boolean) =>
  (given: Inputs): Tensor => {
    let carry = { h: given.h, s: mul(given.h, 0.5) };
    const outputs: Tensor[] = [];
    for (let i = 0; i < LENGTH; i++) {
      const at = reverse ? LENGTH - 1 - i : i;
      const result = step(given, carry, slice(given.x, at));
      carry = result.carry;
      outputs[at] = result.output;
    }
    return add(sum(mul(stack(outputs), given.weights)), sum(mul(carry.h, carry.s)));
  };

const leavesOf = (tree: Inputs): Tensor[] => Object.values(tree);

function assertClose(got: readonly Tensor[], expected: readonly Tensor[], tolerance = 1e-12): void {
  const [left, right] = [interpret(got), interpret(expected)];
  got.forEach(({ shape }, i) => assert.deepEqual(shape, expected[i].shape));
  left.forEach((values, i) =>
    values.forEach((value: number, k: number) => {
      const should = right[i][k];
      assert.ok(Math.abs(value - should) <= tolerance * Math.max(1, Math.abs(should)), `${i}[${k}]: ${value}, not ${should}`);
    }),
  );
}

for (const reverse of [false, true]) {
  const name = reverse ? "from the end" : "from the start";
  const [loop, plain] = [looped({ reverse }), written(reverse)];

  test(`a loop ${name} has the value and the gradients of its steps written out`, () => {
    assertClose([loop(inputs)], [plain(inputs)]);
    assertClose(leavesOf(grad(loop)(inputs)), leavesOf(grad(plain)(inputs)));
  });

  test(`a loop ${name} has their tangent and second derivatives too`, () => {
    const directions = Object.fromEntries(Object.entries(inputs).map(([key_, value], i) => [key_, draw(10 + i, value.shape)])) as Inputs; // biome-ignore format: one line
    assertClose([jvp(loop, [inputs], [directions]).tangent], [jvp(plain, [inputs], [directions]).tangent]);
    const along = (f: (given: Inputs) => Tensor) => (given: Inputs) => jvp(f, [given], [directions]).tangent;
    assertClose(leavesOf(grad(along(loop))(inputs)), leavesOf(grad(along(plain))(inputs)), 1e-11);
    const slope = (f: (given: Inputs) => Tensor) => (given: Inputs) =>
      leavesOf(grad(f)(given)).reduce((total, part, i) => add(total, sum(mul(part, leavesOf(directions)[i]))), tensor(0));
    assertClose(leavesOf(grad(slope(loop))(inputs)), leavesOf(grad(slope(plain))(inputs)), 1e-11);
  });

  test(`a loop ${name} runs in ONNX Runtime as in the interpreter, in value and gradient`, async () => {
    const both = (given: Inputs) => ({ value: loop(given), gradient: grad(loop)(given) });
    const single = Object.fromEntries(Object.entries(inputs).map(([key_, value]) => [key_, tensor(Float32Array.from(interpret([value])[0]), { shape: value.shape })])) as Inputs; // biome-ignore format: one line
    const got = await compile(both)(single);
    assertClose([got.value, ...leavesOf(got.gradient)], [loop(single), ...leavesOf(grad(plain)(single))], 2e-6);
    const precise = await compile(both, { precision: "precise" })(single);
    assertClose([precise.value, ...leavesOf(precise.gradient)], [loop(single), ...leavesOf(grad(plain)(single))], 2e-7);
  });

  test(`a loop ${name} runs over a batch, of everything or of the sequences alone`, () => {
    const many = Object.fromEntries(Object.entries(inputs).map(([key_, value], i) => [key_, draw(20 + i, [4, ...value.shape])])) as Inputs; // biome-ignore format: one line
    const each = (f: (given: Inputs) => Tensor) => (given: Inputs) => vmap(f)(given);
    assertClose([each(loop)(many)], [each(plain)(many)]);
    const total = (f: (given: Inputs) => Tensor) => (given: Inputs) => sum(each(f)(given));
    assertClose(leavesOf(grad(total(loop))(many)), leavesOf(grad(total(plain))(many)));
    const partly = (f: (given: Inputs) => Tensor) => vmap((x: Tensor) => f({ ...inputs, x }))(many.x);
    assertClose([partly(loop)], [partly(plain)]);
    const gradients = vmap((given: Inputs) => grad(loop)(given).u)(many);
    assertClose([gradients], [vmap((given: Inputs) => grad(plain)(given).u)(many)]);
  });
}

test("truncated gradients do not cross the borders of the stretches", () => {
  const cut = (given: Inputs): Tensor => {
    const decay = (h: Tensor, x: Tensor) => ({ carry: add(mul(h, 0.5), x), output: h });
    return sum(scan(decay, given.h, given.x, { truncate: 2 }).carry);
  };
  // Five steps are stretches of 2, 2 and 1: of the inputs, only that of the last stretch reaches the end.
  const gradient = interpret([grad(cut)(inputs).x])[0];
  const perStep = Array.from({ length: LENGTH }, (_, t) => gradient[t * BATCH * WIDTH]);
  assert.deepEqual(perStep, [0, 0, 0, 0, 1]);
  assertClose([looped({ truncate: 2 })(inputs)], [looped({})(inputs)]);
  assertClose([looped({ truncate: 3, reverse: true })(inputs)], [looped({ reverse: true })(inputs)]);
  assertClose(leavesOf(grad(looped({ truncate: 5 }))(inputs)), leavesOf(grad(looped({}))(inputs)));
});

test("a hessian goes through a loop", () => {
  const f = (h: Tensor): Tensor => {
    const { carry } = scan((c: Tensor, x: Tensor) => ({ carry: tanh(add(mul(c, 0.8), x)), output: c }), h, tensor([0.1, -0.3, 0.2])); // biome-ignore format: one line
    return sum(mul(carry, carry));
  };
  const g = (h: Tensor): Tensor => {
    const end = [0.1, -0.3, 0.2].reduce<Tensor>((c, x) => tanh(add(mul(c, 0.8), x)), h);
    return sum(mul(end, end));
  };
  const at = tensor([0.3, -0.7]);
  assertClose([hessian(f)(at)], [hessian(g)(at)]);
});

test("conditions and whole numbers may be sequences", async () => {
  const keep = tensor([true, false, true, true]);
  const counts = tensor(Int32Array.of(3, 1, 4, 1));
  const f = (h: Tensor): Tensor => {
    const state = (c: Tensor, [on, count]: readonly Tensor[]) => ({
      carry: where(on, mul(c, add(c, cast(count, "float32"))), c),
      output: c,
    });
    return scan(state, h, [keep, counts] as readonly Tensor[]).carry;
  };
  const g = (h: Tensor): Tensor => [3, 4, 1].reduce((c, count) => mul(c, add(c, count)), h);
  assertClose([f(tensor(0.3)), grad(f)(tensor(0.3))], [g(tensor(0.3)), grad(g)(tensor(0.3))]);
  const got = await compile((h: Tensor) => [f(h), grad(f)(h)])(tensor(0.25));
  assertClose(got, [g(tensor(0.25)), grad(g)(tensor(0.25))], 1e-6);
});

test("a loop inside a loop, and inside a checkpoint, is differentiated", async () => {
  const inner = (h: Tensor): Tensor => scan((c: Tensor, x: Tensor) => ({ carry: tanh(add(c, x)), output: c }), h, tensor([0.1, 0.2])).carry; // biome-ignore format: one line
  const outer = (h: Tensor): Tensor => scan((c: Tensor, x: Tensor) => ({ carry: mul(inner(c), x), output: c }), h, tensor([0.5, 2, -1])).carry; // biome-ignore format: one line
  const plainInner = (h: Tensor): Tensor => [0.1, 0.2].reduce<Tensor>((c, x) => tanh(add(c, x)), h);
  const plain = (h: Tensor): Tensor => [0.5, 2, -1].reduce<Tensor>((c, x) => mul(plainInner(c), x), h);
  const at = tensor(0.4);
  assertClose([outer(at), grad(outer)(at)], [plain(at), grad(plain)(at)]);
  assertClose([grad(checkpoint(outer))(at)], [grad(plain)(at)]);
  assertClose(await compile((h: Tensor) => [outer(h), grad(outer)(h)])(at), [plain(at), grad(plain)(at)], 1e-6);
});

test("a step that reads no sequence runs, forth and back, with and without outputs", async () => {
  const [start, steps] = [tensor([0.25, -2]), tensor([1, 2, 3])];
  for (const reverse of [false, true]) {
    const run = (h: Tensor) =>
      scan((c: Tensor, _x: Tensor) => ({ carry: mul(c, 0.5), output: mul(c, 3) }), h, steps, { reverse });
    const squared = (h: Tensor) => scan((c: Tensor, _x: Tensor) => ({ carry: mul(c, c), output: [] }), h, steps, { reverse }).carry; // biome-ignore format: one line
    const everything = (h: Tensor) => [run(h).carry, run(h).outputs, grad((at: Tensor) => sum(run(at).carry))(h), squared(h), grad((at: Tensor) => sum(squared(at)))(h)]; // biome-ignore format: one line
    const outputs = [[0.75, -6], [0.375, -3], [0.1875, -1.5]]; // biome-ignore format: one line
    const expected = [
      tensor([0.03125, -0.25]),
      tensor(reverse ? outputs.toReversed() : outputs),
      tensor([0.125, 0.125]),
      tensor([0.25 ** 8, 256]),
      tensor([8 * 0.25 ** 7, -1024]),
    ];
    assertClose(everything(start), expected);
    assertClose(await compile(everything)(start), expected);
    assertClose(await compile(everything, { precision: "precise" })(start), expected);
  }
});

test("one step, no step, and a carry of no width are ordinary loops", async () => {
  const f = (h: Tensor, x: Tensor) => scan((c: Tensor, s: Tensor) => ({ carry: add(c, s), output: mul(c, s) }), h, x);
  const one = await compile((h: Tensor, x: Tensor) => f(h, x))(tensor([1, 2]), tensor([[3, 4]]));
  assertClose([one.carry, one.outputs], [tensor([4, 6]), tensor([[3, 8]])]);
  const none = f(tensor([1, 2]), tensor(new Float32Array(0), { shape: [0, 2] }));
  assertClose([none.carry, none.outputs], [tensor([1, 2]), tensor(new Float32Array(0), { shape: [0, 2] })]);
  const thin = f(tensor(new Float32Array(0)), tensor(new Float32Array(0), { shape: [3, 0] }));
  assert.deepEqual(thin.outputs.shape, [3, 0]);
});

const trainingGraph = (): Graph => {
  const names = Object.keys(inputs) as (keyof Inputs)[];
  const parameters = names.map((name) => parameter(inputs[name].shape, "float32"));
  const tree = Object.fromEntries(names.map((name, i) => [name, parameters[i]])) as Inputs;
  const loop = looped({});
  return { parameters, outputs: [loop(tree), ...leavesOf(grad(loop)(tree))] };
};

test("a training graph has two loops, whose bodies compute nothing that can be computed for all steps at once", () => {
  const simplified = simplify(trainingGraph());
  const scans = lower(simplified).nodes.filter(({ op }) => op === "Scan");
  assert.equal(scans.length, 2);
  const products = scans.map(({ attributes }) => {
    const body = attributes?.body;
    return body?.kind === "graph" ? body.value.nodes.filter(({ op }) => op === "MatMul" || op === "Gemm").length : -1;
  });
  // h U on the way, its transpose on the way back; the gradient of U is a product outside.
  assert.deepEqual(products, [1, 1]);
});

test("what only a derivative reads is not computed without one", () => {
  const x = parameter([LENGTH, BATCH, WIDTH], "float32");
  const graph = simplify({ parameters: [x], outputs: [looped({})({ ...inputs, x })] });
  const [node] = topologicalOrder(graph.outputs).filter(({ primitive }) => primitive.name === "scan");
  const { loop } = node.params as { loop(): { body: Graph } };
  assert.equal(loop().body.outputs.length, 3);
});

test("on WebGPU the steps are written one after the other", () => {
  const { nodes } = lower(simplify(trainingGraph()), { provider: "webgpu" });
  assert.ok(nodes.every(({ op }) => op !== "Scan"));
  assert.ok(nodes.filter(({ op }) => op === "Tanh").length >= LENGTH);
});

test("wrong loops are refused by name", () => {
  const h = tensor([1, 2]);
  const same = (c: Tensor, x: Tensor) => ({ carry: c, output: x });
  const wrong = [
    { run: () => scan(same, h, tensor(1)), message: /scan: the sequences differ in length\n.*a first axis of steps/s },
    { run: () => scan(same, h, [] as unknown as Tensor), message: /scan: there is no sequence to run over/ },
    { run: () => scan((c: Tensor, [x]: Tensor[]) => same(c, x), h, [tensor([1, 2]), tensor([1])]), message: /expected {2}2 steps\n {2}got {7}\(1\) at 1/ },
    { run: () => scan((c: Tensor, x: Tensor) => ({ carry: sum(c), output: x }), h, h), message: /a step must carry on what it was given/ },
    { run: () => scan((c: Tensor, _: Tensor) => ({ carry: c, output: tensor(Int32Array.of(1)) }), h, h), message: /the output is not float32/ },
    { run: () => scan(same, h, h, { truncate: 0 }), message: /scan: gradients cannot be cut there/ },
  ]; // biome-ignore format: one line each
  for (const { run, message } of wrong) assert.throws(run, message);
});

test("the way back takes slopes from the values of the way there, and computes no function again", () => {
  const scans = lower(simplify(trainingGraph())).nodes.filter(({ op }) => op === "Scan");
  const functions = scans.map(({ attributes }) => {
    const body = attributes?.body;
    return body?.kind === "graph" ? body.value.nodes.filter(({ op }) => op === "Tanh").length : -1;
  });
  assert.deepEqual(functions, [1, 0]);
});
