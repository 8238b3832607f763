import assert from "node:assert/strict";
import { after, test } from "node:test";
import { catalogue } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import "../../src/methods.js";
import {
  atan,
  erf,
  erfc,
  exp,
  expm1,
  log1p,
  logSigmoid,
  normalCdf,
  sigmoid,
  softplus,
  sqrt,
  sum,
  tan,
  tanh,
  tensor,
} from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const runtime = onnxRuntime({ worker: false, precision: "precise" });
after(() => runtime.close());

/** Units in the last place of a float32; below the normal numbers there are no last digits to keep. */
const SMALLEST_NORMAL = 2 ** -126;
const unit = (value: number): number => 2 ** (Math.floor(Math.log2(Math.max(Math.abs(value), SMALLEST_NORMAL))) - 23);

const sizes = [1e-30, 1e-8, 1e-3, 0.1, 0.49, 0.5, 0.51, 0.99, 1, 1.5, 3, 5, 9, 13, 20, 30, 50, 87, 88, 100, 200, 1e4, 1e30, 3e38];
const points = Float32Array.from([...sizes.map((size) => -size), -0, 0, ...sizes, Number.NaN]);

/** Rounding of the result once: everything in between is float64. */
const ULP = 1;

type Pointwise = (x: Tensor) => Tensor;
const functions: (readonly [string, Pointwise])[] = [
  ...Object.entries({ exp, expm1, log1p, sqrt, tan, atan, tanh, sigmoid, erf, erfc, normalCdf, softplus, logSigmoid }),
  ...catalogue
    .filter(({ facts }) => facts.kind === "pointwise")
    .map((activation) => [`the activation ${activation.name}`, (x: Tensor) => activation(x)] as const),
];

for (const [name, f] of functions) {
  const slope = grad((x: Tensor) => sum(f(x))) as Pointwise;
  for (const [what, g] of [
    ["value", f],
    ["slope", slope],
  ] as const) {
    test(`the precise ${what} of ${name} is right to the last digit, tails included`, async () => {
      const x = tensor(points);
      const data = await (await compile(g, { runtime })(x)).data();
      const [exact] = interpret([g(x)]);
      data.forEach((value, i) => {
        const rounded = Math.fround(exact[i]);
        const right = Number.isFinite(rounded)
          ? Math.abs(value - exact[i]) <= ULP * unit(exact[i])
          : Object.is(value, rounded) || (Number.isNaN(value) && Number.isNaN(rounded));
        assert.ok(right, `${name} at ${points[i]}: ${value} is not ${exact[i]}`);
      });
    });
  }
}

test("a precision that does not exist, or a provider that cannot, is named", async () => {
  const x = tensor(1);
  const wrong = onnxRuntime({ worker: false, precision: "exact" as "precise" });
  await assert.rejects(compile((value: Tensor) => exp(value), { runtime: wrong })(x), /no such precision/);
  const graphics = onnxRuntime({ provider: "webgpu", precision: "precise" });
  await assert.rejects(compile((value: Tensor) => exp(value), { runtime: graphics })(x), /float64, which this provider cannot/);
});
