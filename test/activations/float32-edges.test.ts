import assert from "node:assert/strict";
import { after, test } from "node:test";
import { catalogue } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { sum } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime, type Runtime } from "../../src/run/runtime.js";

const runtimes: Readonly<Record<string, Runtime>> = {
  default: onnxRuntime({ worker: false, threads: 1 }),
  precise: onnxRuntime({ worker: false, threads: 1, precision: "precise" }),
};
after(() => Promise.all(Object.values(runtimes).map((runtime) => runtime.close())));

const LARGEST = 3.4028234663852886e38;
const sizes = [0, 1e-45, 1e-38, 2 ** -126, 1e-20, 40, 87, 88.8, 104, 1e3, 1e6, 1e10, 1.8e19, 1e20, 1e30, 1e38, LARGEST];
const finite = sizes.flatMap((size) => [size, -size]);
const points = Float32Array.from([...finite, Number.NaN]);

for (const f of catalogue.filter(({ facts }) => facts.kind === "pointwise")) {
  test(`${f.record.name}: no NaN and no wrong infinity out of any finite float32, and NaN out of NaN`, async () => {
    const slope = (y: Tensor): Tensor => grad((z) => sum(f(z)))(y);
    const x = parameter([points.length], "float32");
    const outputs = [f(x), slope(x), grad((z) => sum(slope(z)))(x)];
    const exact = interpret(outputs, new Map([[x, points]]));
    for (const [lowering, runtime] of Object.entries(runtimes)) {
      const got = await (await runtime.load({ parameters: [x], outputs })).run([points]);
      exact.forEach((expected, order) => {
        finite.forEach((at, i) => {
          const [is, should] = [got[order][i], expected[i]];
          const said = `${lowering}, derivative ${order} at ${at}: ${is}, not ${should}`;
          assert.ok(!Number.isNaN(is), said);
          // What rounds to the largest number, or just beyond it, may be either.
          if (Math.abs(should) < LARGEST * (1 - 1e-6)) assert.ok(Number.isFinite(is), said);
          if (Math.abs(should) > LARGEST * (1 + 1e-6)) assert.equal(is, Math.sign(should) * Infinity, said);
        });
      });
      assert.ok(Number.isNaN(got[0][finite.length]), `${lowering}: ${got[0][finite.length]} of NaN`);
    }
  });
}
