import assert from "node:assert/strict";
import { after, test } from "node:test";
import { catalogue } from "../../src/activations/index.js";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { interpret } from "../../src/run/interpret.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { errorInUlp } from "../support/ulp.js";

const runtime = directRuntime();
after(() => runtime.close());

const extremes = [1e-38, 1e-30, 1e-8, 1e-4, 40, 88, 89, 100, 700, 1e4, 1e10, 1e19, 1e30, 1e38, 3e38];
const points = Float32Array.from([
  ...Array.from({ length: 4001 }, (_, i) => (i - 2000) / 61),
  ...extremes,
  ...extremes.map((x) => -x),
  0,
  -0,
]);

/**
 * In units in the last place of what rounding makes unavoidable: for the value, of |x| (of min(1, |x|) for bounded functions);
 * for the derivatives, of 1 and of the curvature, times |x| up to where a gate is shut. A kernel for the sigmoid that is off by
 * half a unit of 1 is off by 40 of them after the factor x·u′ of a cubic gate.
 */
const ALLOWED = { value: 6, first: 64, second: 128 } as const;

for (const f of catalogue) {
  const { facts } = f;
  if (facts.kind !== "pointwise") continue;
  test(`${f.record.name}: float32 is never NaN, and near the float64 values to its own scale on the whole line`, async () => {
    const x = parameter([points.length], "float32");
    const one = (y: Tensor) => f(y);
    const outputs = [f(x), vmap(grad(one))(x), vmap(grad(grad(one)))(x)];
    const feeds = new Map([[x, points]]);
    const exact = interpret(outputs, feeds);
    const got = await computeOn(runtime, outputs, feeds);
    const bounded = Number.isFinite(facts.range.low) && Number.isFinite(facts.range.high);
    const scales = [
      (y: number, at: number) => Math.max(Math.abs(y), bounded ? Math.min(1, Math.abs(at)) : Math.abs(at)),
      (y: number) => Math.max(Math.abs(y), 1),
      (y: number, at: number) => Math.max(Math.abs(y), 1, facts.curvature) * Math.max(1, Math.min(Math.abs(at), 8)),
    ];
    (["value", "first", "second"] as const).forEach((order, k) => {
      points.forEach((at, i) => {
        const error = errorInUlp(got[k][i], exact[k][i], scales[k](exact[k][i], at));
        assert.ok(error <= ALLOWED[order], `${order} at ${at}: ${got[k][i]}, not ${exact[k][i]}: ${error} ulp`);
      });
    });
  });
}
