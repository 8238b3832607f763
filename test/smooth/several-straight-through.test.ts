import assert from "node:assert/strict";
import { after, test } from "node:test";
import { grad, jvp, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { add, cast, greater, mul, sum, tensor } from "../../src/ops/index.js";
import { mollify } from "../../src/smooth/index.js";
import { gaussian } from "../../src/smooth/kernels/gaussian.js";
import { straightThrough } from "../../src/smooth/several/index.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { elements } from "../support/values.js";

const runtime = directRuntime();
after(() => runtime.close());

const step = (x: Tensor): Tensor => cast(greater(x, 0), "float32");
const soft = mollify(step, { kernel: gaussian, width: 0.5 });
const smooth = (x: Tensor): Tensor => soft(x);
const both = straightThrough(step, smooth);
const x = tensor(Float64Array.of(-40, -0.7, -0.1, 0, 0.3, 5, Number.POSITIVE_INFINITY));

test("values are those of the sharp function, slopes of both orders those of the smooth one", () => {
  assert.deepEqual(elements(both(x)), [0, 0, 0, 0, 1, 1, 1]);
  const slope = (f: (x: Tensor) => Tensor) => grad((at: Tensor) => sum(f(at)));
  assert.deepEqual(elements(slope(both)(x)), elements(slope(smooth)(x)));
  const at = tensor(Float64Array.of(-0.7, -0.1, 0, 0.3));
  const curvature = (f: (x: Tensor) => Tensor) => grad((y: Tensor) => sum(mul(slope(f)(y), y)));
  assert.deepEqual(elements(curvature(both)(at)), elements(curvature(smooth)(at)));
  assert.deepEqual(elements(jvp(both, [at], [at]).tangent), elements(jvp(smooth, [at], [at]).tangent));
  assert.deepEqual(elements(vmap(slope(both))(at)), elements(slope(smooth)(at)));
});

test("several arguments have the slopes of the smooth function, and in float32 nothing changes", async () => {
  const hard = (a: Tensor, b: Tensor): Tensor => mul(step(a), b);
  const gentle = (a: Tensor, b: Tensor): Tensor => mul(smooth(a), b);
  const f = straightThrough(hard, gentle);
  const [a, b] = [tensor(0.2), tensor(3)];
  assert.deepEqual(elements(f(a, b)), [3]);
  for (const argument of [0, 1]) {
    assert.deepEqual(elements(grad(f, { argument })(a, b)), elements(grad(gentle, { argument })(a, b)));
  }
  const fed = parameter([3], "float32");
  const outputs = (at: Tensor): Tensor[] => [both(at), grad((y: Tensor) => sum(both(y)))(at)];
  const [value, slope] = await computeOn(runtime, outputs(fed), new Map([[fed, Float32Array.of(-1, 0.25, 2)]]));
  assert.deepEqual([...value], [0, 1, 1]);
  elements(outputs(tensor([-1, 0.25, 2]))[1]).forEach((expected, i) => assert.ok(Math.abs(slope[i] - expected) < 1e-6));
});

test("a smooth function of another shape is refused", () => {
  const f = straightThrough(step, (y: Tensor) => sum(smooth(y)));
  assert.throws(() => grad((y: Tensor) => sum(f(add(y, 0))))(x), /\(7\)/);
});
