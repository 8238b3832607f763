import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  compile,
  evaluate,
  grad,
  interpreterRuntime,
  onnxRuntime,
  type Runtime,
  setDefaultRuntime,
  type Tensor,
  tensor,
} from "../../src/index.js";
import { printGraph } from "../../src/ir/graph.js";
import { simplify } from "../../src/lower/index.js";
import * as o from "../../src/ops/index.js";
import { directRuntime } from "../support/engines.js";

const direct = directRuntime();
after(() => direct.close());

/** A runtime that writes down the graphs it is asked to load. */
function watched(runtime: Runtime): Runtime & { readonly loaded: string[] } {
  const loaded: string[] = [];
  return {
    ...runtime,
    loaded,
    load(graph, wiring) {
      loaded.push(printGraph(simplify(graph)));
      return runtime.load(graph, wiring);
    },
  };
}

/** A function that counts how often it is traced. */
function counted<A extends readonly unknown[], R>(f: (...args: A) => R): { f: (...args: A) => R; traces: () => number } {
  let traces = 0;
  const counting = (...args: A): R => {
    traces += 1;
    return f(...args);
  };
  return { f: counting, traces: () => traces };
}

const values = async (x: Tensor): Promise<o.NestedNumbers> => x.value({ runtime: direct });

test("a compiled function takes trees of tensors and numbers, and returns the tree that the function returns", async () => {
  const f = compile(({ w, b }: { w: Tensor; b: Tensor | number }, x: Tensor) => ({ y: [o.add(o.mul(w, x), b)], x }), {
    runtime: direct,
  });
  const result = await f({ w: tensor([2, 3]), b: 1 }, tensor([10, 20]));
  assert.deepEqual(
    [await values(result.y[0]), await values(result.x)],
    [
      [21, 61],
      [10, 20],
    ],
  );
});

test("it is traced once per combination of shapes and dtypes", async () => {
  const { f, traces } = counted((x: Tensor) => o.mul(x, 2));
  const twice = compile(f, { runtime: direct });
  for (const x of [
    [1, 2],
    [3, 4],
    [5, 6],
  ])
    assert.deepEqual(
      await values(await twice(tensor(x))),
      x.map((v) => 2 * v),
    );
  assert.equal(traces(), 1);
  await twice(tensor([[1, 2]]));
  assert.equal(traces(), 2);
  assert.deepEqual(await values(await twice(tensor(Int32Array.of(1, 2)))), [2, 4]);
  assert.equal(traces(), 3);
  await twice(tensor([7, 8]));
  assert.equal(traces(), 3);
});

test("no more combinations are kept than the bound, and the one used least recently goes first", async () => {
  const { f, traces } = counted((x: Tensor) => o.neg(x));
  const bounded = compile(f, { runtime: direct, cacheSize: 2 });
  const call = (length: number): Promise<Tensor> => bounded(o.ones([length]));
  await call(1);
  await call(2);
  await call(1);
  await call(3);
  assert.equal(traces(), 3);
  await call(1);
  assert.equal(traces(), 3);
  await call(2);
  assert.equal(traces(), 4);
});

test("equal graphs share one session, however they were written, and evicted ones come back", async () => {
  const runtime = onnxRuntime({ worker: false, threads: 1, cacheSize: 1 });
  const f = compile((x: Tensor) => o.add(x, o.mul(x, 1)), { runtime });
  const g = compile((x: Tensor) => o.mul(x, x), { runtime });
  for (let round = 1; round <= 3; round++) {
    const x = tensor([round]);
    const [sum, square] = await Promise.all([f(x), g(x)]);
    assert.deepEqual([await sum.value(), await square.value()], [[2 * round], [round * round]]);
  }
  await runtime.close();
});

test("tensors from outside are stored in the model; placeholders from outside are refused", async () => {
  const weight = tensor([1, 2, 3]);
  const f = compile((x: Tensor) => o.sum(o.mul(x, weight)), { runtime: direct });
  assert.equal(await (await f(tensor([1, 1, 1]))).item(), 6);
  let kept: Tensor | null = null;
  await compile(
    (x: Tensor) => {
      kept = x;
      return x;
    },
    { runtime: direct },
  )(tensor(1));
  const leaked = compile((x: Tensor) => o.add(x, kept ?? 0), { runtime: direct });
  await assert.rejects(leaked(tensor(1)), /compile: a placeholder is not among the parameters/);
  await assert.rejects(o.add(kept ?? 0, 1).value({ runtime: direct }), /evaluate: the tensor depends on an argument f32\(\)/);
});

test("a function that throws while it is traced says why each time, and works once it no longer throws", async () => {
  let broken = true;
  const f = compile((x: Tensor) => (broken ? o.reshape(x, [5]) : o.neg(x)), { runtime: direct });
  await assert.rejects(f(tensor([1, 2])), /reshape: 2 elements do not fit/);
  await assert.rejects(f(tensor([1, 2])), /reshape: 2 elements do not fit/);
  broken = false;
  assert.deepEqual(await values(await f(tensor([1, 2]))), [-1, -2]);
});

test("arguments and results that are no tensors are named", async () => {
  const f = compile((x: { w: Tensor }) => x.w, { runtime: direct });
  await assert.rejects(f({ w: null } as unknown as { w: Tensor }), /compile: 0.w is null, not a tensor/);
  await assert.rejects(f({ w: [1, "2"] } as unknown as { w: Tensor }), /compile: 0.w.1 is string, not a tensor/);
  const g = compile((x: Tensor) => [x, undefined] as unknown as Tensor, { runtime: direct });
  await assert.rejects(g(tensor(1)), /compile \(the result of the function\): 1 is undefined, not a tensor/);
});

test("arguments that are unevaluated graphs are computed first", async () => {
  const f = compile((x: Tensor) => o.add(x, 1), { runtime: direct });
  assert.deepEqual(await values(await f(o.exp(tensor([0, 0])))), [2, 2]);
});

test("derivatives are compiled like anything else", async () => {
  const slope = compile(
    grad((x: Tensor) => o.sum(o.pow(x, 3))),
    { runtime: direct },
  );
  assert.deepEqual(await values(await slope(tensor([1, 2]))), [3, 12]);
});

test("graphs that differ in large stored values alone are loaded as one", async () => {
  const runtime = watched(direct);
  const large = (value: number): Tensor => tensor(new Float32Array(5000).fill(value));
  const [one, two] = [o.sum(large(1)), o.sum(large(2))];
  assert.deepEqual([await one.item({ runtime }), await two.item({ runtime })], [5000, 10000]);
  assert.equal(runtime.loaded[0], runtime.loaded[1]);
  assert.match(runtime.loaded[0], /^p0: f32\(5000\)\n/);
});

test("evaluate runs a tree of graphs as one model and keeps its nesting", async () => {
  const runtime = watched(direct);
  const x = tensor([1, 2]);
  const result = await evaluate({ a: o.mul(x, 2), b: [o.sum(x), x] }, { runtime });
  assert.equal(runtime.loaded.length, 1);
  assert.deepEqual([await values(result.a), await values(result.b[0]), await values(result.b[1])], [[2, 4], 3, [1, 2]]);
});

test("values that are stored already run nothing", async () => {
  const runtime = watched(direct);
  assert.deepEqual(await tensor([[1, 2]]).value({ runtime }), [[1, 2]]);
  assert.equal(runtime.loaded.length, 0);
});

test("the interpreter is a runtime too, in float64", async () => {
  const runtime = interpreterRuntime();
  const third = compile((x: Tensor) => o.div(x, 3), { runtime });
  assert.equal(await (await third(tensor(1))).item(), 1 / 3);
  assert.equal(await o.div(tensor(1), 3).item({ runtime }), 1 / 3);
  assert.notEqual(await o.div(tensor(1), 3).item({ runtime: direct }), 1 / 3);
});

test("WebAssembly gives what native code gives", async () => {
  const wasm = onnxRuntime({ runtime: "wasm" });
  const f = (x: Tensor): Tensor => o.sum(o.mul(o.tanh(x), o.sort(x)));
  const x = tensor([0.3, -1, 2, 0.5]);
  const [here, there] = await Promise.all([direct, wasm].map((runtime) => compile(grad(f), { runtime })(x)));
  const [native, portable] = [await here.data(), await there.data()];
  native.forEach((value: number, i: number) => assert.ok(Math.abs(value - portable[i]) <= 1e-6, `${value} and ${portable[i]}`));
  await wasm.close();
});

test("a compiled function follows the default runtime when it is replaced", async () => {
  const before = setDefaultRuntime(interpreterRuntime());
  const third = compile((x: Tensor) => o.div(x, 3));
  assert.equal(await (await third(tensor(1))).item(), 1 / 3);
  setDefaultRuntime(direct);
  assert.equal(await (await third(tensor(1))).item(), Math.fround(1 / 3));
  setDefaultRuntime(before);
});

test("operations are methods of tensors, and values come out of them", async () => {
  const [x, w, b] = [
    tensor([
      [1, 2],
      [3, 4],
    ]),
    tensor([10, 100]),
    tensor(1),
  ];
  const options = { runtime: direct };
  assert.deepEqual(await x.mul(w).add(b).value(options), [
    [11, 201],
    [31, 401],
  ]);
  assert.deepEqual(await x.sum({ axes: 0 }).value(options), [4, 6]);
  assert.deepEqual(await x.greater(2).value(options), [
    [false, false],
    [true, true],
  ]);
  assert.deepEqual(await x.matmul(x).slice(0).value(options), [7, 10]);
  assert.equal(await x.max().item(options), 4);
  assert.deepEqual(await o.zeros([2, 0]).value(options), [[], []]);
  assert.ok((await x.data(options)) instanceof Float32Array);
  await assert.rejects(
    x.item(options),
    /^Fault: item: the tensor does not have one element\n {2}expected {2}1 element\n {2}got {7}4 in \(2 2\)/,
  );
});
