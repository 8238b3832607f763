import assert from "node:assert/strict";
import { after, test } from "node:test";
import { families, findActivation } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { sum } from "../../src/ops/index.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { errorInUlp } from "../support/ulp.js";
import { golden } from "./golden.js";

/** Families whose golden numbers are at more than 400 points, which are float32 numbers. */
const measured = ["rectified", "shrinkage", "quadratic", "segmented", "exponential", "growing"].concat(
  ["hard", "sigmoidal", "rationalSigmoidal", "bounded", "periodic"], // biome-ignore format: one line
);
const names = new Set(measured.flatMap((family) => families[family].map(({ record }) => record.name)));
const cases = golden.cases.filter(({ name, points }) => names.has(name) && points.length > 400);

const runtimes: Readonly<Record<string, Runtime>> = {
  default: onnxRuntime({ worker: false, threads: 1 }),
  precise: onnxRuntime({ worker: false, threads: 1, precision: "precise" }),
};
after(() => Promise.all(Object.values(runtimes).map((runtime) => runtime.close())));

const orders = ["value", "first", "second"] as const;

/** Units in the last place that a value, and a derivative, may be off. */
const ULP = { value: 4, first: 8, second: 8 } as const;

/** Where the default lowering is further off, and why. */
const exceptions: Readonly<Record<string, { readonly ulp: number; readonly reason: string }>> = {
  "hosc second": { ulp: 12, reason: "the two terms of its curvature have opposite signs, each with the rounding of tanh" },
};

for (const [lowering, runtime] of Object.entries(runtimes)) {
  const scale = lowering === "precise" ? "their own values" : "the size of the function";
  for (const { name, parameters, points, ...expected } of cases) {
    test(`${name} ${JSON.stringify(parameters)}, ${lowering}: float32 is right to a few units of ${scale}`, async () => {
      const f = findActivation(name)?.with(parameters);
      assert.ok(f !== undefined);
      const slope = (y: Tensor): Tensor => grad((z) => sum(f(z)))(y);
      const x = parameter([points.length], "float32");
      const outputs = [f(x), slope(x), grad((z) => sum(slope(z)))(x)];
      const got = await (await runtime.load({ parameters: [x], outputs })).run([Float32Array.from(points)]);
      orders.forEach((order, k) => {
        const limit = (lowering === "default" ? exceptions[`${name} ${order}`]?.ulp : undefined) ?? ULP[order];
        points.forEach((at, i) => {
          const should = expected[order][i];
          const unit = lowering === "precise" ? should : Math.max(Math.abs(should), Math.min(1, Math.abs(at)));
          const error = errorInUlp(got[k][i], should, unit);
          assert.ok(error <= limit, `${order} at ${at}: ${got[k][i]}, not ${should}: ${error.toPrecision(3)} ulp`);
        });
      });
    });
  }
}
