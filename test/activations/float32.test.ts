import assert from "node:assert/strict";
import { after, test } from "node:test";
import { defaultExceptions, float64Exceptions } from "../../bench/accuracy/exceptions.js";
import { findActivation } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { sum } from "../../src/ops/index.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";
import { errorInUlp } from "../support/ulp.js";
import { golden } from "./golden.js";

/** At more than 400 points, which are float32 numbers: all functions of one number. */
const cases = golden.cases.filter(({ points }) => points.length > 400);

const runtimes: Readonly<Record<string, Runtime>> = {
  default: onnxRuntime({ worker: false, threads: 1 }),
  precise: onnxRuntime({ worker: false, threads: 1, precision: "precise" }),
};
after(() => Promise.all(Object.values(runtimes).map((runtime) => runtime.close())));

const orders = ["value", "first", "second"] as const;
const next = { value: "first", first: "second", second: "third" } as const;

/** Units in the last place that a value, and a derivative, may be off. */
const ULP = { value: 4, first: 8, second: 8 } as const;

/** How far a value may be off where float64 itself cannot tell, in which `precise` computes. */
function undecided(name: string, at: number, slope: number): number {
  const exception = float64Exceptions[name];
  return exception === undefined ? 0 : exception.roundings * 2 ** -53 * Math.abs(at * slope);
}

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
        const limit = (lowering === "default" ? defaultExceptions[`${name} ${order}`]?.ulp : undefined) ?? ULP[order];
        points.forEach((at, i) => {
          const should = expected[order][i];
          if (Math.abs(got[k][i] - should) <= undecided(`${name} ${order}`, at, expected[next[order]][i])) return;
          assert.ok(got[k][i] * should >= 0, `${order} at ${at}: ${got[k][i]}, not ${should}: the wrong sign`);
          const unit = lowering === "precise" ? should : Math.max(Math.abs(should), Math.min(1, Math.abs(at)));
          const error = errorInUlp(got[k][i], should, unit);
          assert.ok(error <= limit, `${order} at ${at}: ${got[k][i]}, not ${should}: ${error.toPrecision(3)} ulp`);
        });
      });
    });
  }
}
