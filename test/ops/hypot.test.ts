import assert from "node:assert/strict";
import { after, test } from "node:test";
import { parameter } from "../../src/ops/create.js";
import { hypot } from "../../src/ops/hypot.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { errorInUlp } from "../support/ulp.js";

const runtime = onnxRuntime({ worker: false, threads: 1 });
after(() => runtime.close());

const sizes = [0, 1e-45, 1e-30, 1e-19, 1e-15, 1e-8, 0.3, 1, 3, 1e9, 9e17, 1.1e18, 1e19, 1e30, 3.4e38, Infinity];
const points = Float32Array.from(sizes.flatMap((size) => [size, -size]));

for (const width of [1e-30, 1e-15, 2e-8, 0.2, 1, 2, 1e9, 1e15]) {
  test(`the length beside ${width} is right, and as right as where the width is not known beforehand`, async () => {
    const [x, y] = [parameter([points.length], "float32"), parameter([], "float32")];
    const outputs = [hypot(x, width), hypot(x, y)];
    const widths = Float32Array.of(width);
    const [known, fed] = await (await runtime.load({ parameters: [x, y], outputs })).run([points, widths]);
    points.forEach((at, i) => {
      const should = Math.hypot(at, width);
      for (const is of [known[i], fed[i]])
        assert.ok(is === should || errorInUlp(is, should, should) <= 4, `${is}, not ${should}, at ${at}`);
    });
  });
}
