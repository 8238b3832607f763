import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type Activation, catalogue } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import "../../src/methods.js";
import { add, clip, maximum, minimum, mul, square, sum, tensor } from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { box, gaussian, logistic, mollify, type Smoothed } from "../../src/smooth/index.js";

const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

const WIDTHS = [0.1, 0.5, 2].map(Math.fround);
/** Units of max(|value|, width, min(1, |x|)): 8, and 10 for cubes and the slopes of several parabolas together at width 2. */
const LIMIT = 10;
const EXTREMES = [3e38, -3e38, 1e30, -1e30, 1e5, -1e5, Infinity, -Infinity, NaN, 0, -0];

/** The activations of the catalogue that are made of polynomials. */
function piecewise(): Activation[] {
  return catalogue.filter((activation) => {
    if (activation.facts.kind !== "pointwise" || activation.facts.kinks.length === 0) return false;
    try {
      const { pieces } = mollify(activation, { kernel: gaussian, method: "closed form" });
      return pieces.pieces.flat().every(({ rate }) => rate === null);
    } catch {
      return false;
    }
  });
}

/** Around the breaks at the scale of the width, over the line, and far out. */
function pointsOf({ pieces }: Smoothed<string>, width: number): Float32Array {
  const around = Array.from({ length: 41 }, (_, i) => ((i - 20) / 20) ** 3 * 7);
  const near = pieces.breaks.flatMap(({ at }) => around.map((z) => at + z * width));
  const line = Array.from({ length: 60 }, (_, i) => (i - 29.63) / 3);
  return Float32Array.from([...near, ...line, ...EXTREMES]);
}

for (const kernel of [gaussian, logistic, box]) {
  test(`in float32 every activation of pieces smoothed by the ${kernel.name} kernel has the values and slopes of float64, for huge x too`, async () => {
    const failures: string[] = [];
    for (const activation of piecewise()) {
      for (const width of WIDTHS) {
        const smooth = mollify(activation, { kernel, width, method: "closed form" }) as Smoothed<string>;
        const derivatives = (x: Tensor): Tensor[] => [smooth(x), grad((at: Tensor) => sum(smooth(at)))(x)];
        const points = pointsOf(smooth, width);
        const exact = interpret(derivatives(tensor(points)));
        const outputs = await compile(derivatives, { runtime })(tensor(points));
        const jumps = activation.facts.kind === "pointwise" && activation.facts.kinks.some(({ order }) => order === 0);
        for (const [order, output] of outputs.entries()) {
          const got = await output.data();
          points.forEach((x, i) => {
            const should = exact[order][i];
            const scale = Math.max(Math.abs(should), order === 0 ? width : jumps ? 1 / width : 1, Math.min(1, Math.abs(x)));
            const error = Math.abs(got[i] - should) / scale / 2 ** -23;
            const same = Object.is(got[i], should) || Math.fround(should) === got[i] || error <= LIMIT;
            if (!same)
              failures.push(`${activation.name}, width ${width}, order ${order} at ${x}: ${got[i]}, not ${should}: ${error} ulp`);
          });
        }
      }
    }
    assert.deepEqual(failures, []);
  });
}

test("with a learned slope nothing cancels either, where the flatter line is on the right", async () => {
  for (const kernel of [gaussian, logistic]) {
    const smooth = mollify((x, { slope }) => minimum(x, mul(slope, x)), { kernel, width: 0.5, parameters: { slope: 0.01 } });
    const points = [-1e6, -30, -2, 0.5, 30, 1e4, 1e6];
    const f = (x: Tensor, slope: Tensor): Tensor => smooth.record.apply(x, { slope, width: 0.5 });
    const [x, slope] = [tensor(points), tensor(0.01)];
    const exact = interpret([f(x, slope)])[0];
    const got = await (await compile(f, { runtime })(x, slope)).data();
    points.forEach((at, i) => {
      const error = Math.abs(got[i] - exact[i]) / Math.max(Math.abs(exact[i]), 0.5) / 2 ** -23;
      assert.ok(error <= 8, `${kernel.name} at ${at}: ${got[i]}, not ${exact[i]}: ${error} ulp`);
    });
  }
});

test("lines and parabolas that go on to both sides, each with a slope of its own", async () => {
  const functions: ((x: Tensor) => Tensor)[] = [
    (x) => add(mul(minimum(x, 0), -0.3), mul(square(maximum(x, 0)), 0.8)),
    (x) => add(clip(x, -1, 2), add(mul(minimum(x, -1), 0.2), mul(maximum(x, 2), 0.5))),
    (x) => add(square(minimum(x, 1)), mul(maximum(x, 1), -3)),
  ];
  const points = [-1e6, -12, -1.3, -0.9, 0, 0.4, 1.1, 2.2, 9, 1e6];
  for (const kernel of [gaussian, logistic, box]) {
    for (const f of functions) {
      const smooth = mollify(f, { kernel, width: 0.5 });
      const exact = interpret([smooth(tensor(points))])[0];
      const got = await (await compile((x: Tensor) => smooth(x), { runtime })(tensor(points))).data();
      points.forEach((at, i) => {
        const error = Math.abs(got[i] - exact[i]) / Math.max(Math.abs(exact[i]), 0.5) / 2 ** -23;
        assert.ok(error <= 8, `${smooth.title} at ${at}: ${got[i]}, not ${exact[i]}: ${error} ulp`);
      });
    }
  }
});
