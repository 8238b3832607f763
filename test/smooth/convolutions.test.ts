import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { type Activation, findActivation } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import "../../src/methods.js";
import { sum, tensor } from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { findKernel, type Kernel, kernels, mollify } from "../../src/smooth/index.js";

interface Case {
  readonly activation: string;
  readonly kernel: string;
  readonly width: number;
  readonly points: readonly number[];
  readonly values: readonly (readonly [value: number, first: number, second: number])[];
}
const { cases } = JSON.parse(readFileSync(new URL("../golden/convolutions.json", import.meta.url), "utf8")) as {
  cases: readonly Case[];
};

const runtimes = {
  default: onnxRuntime({ worker: false }),
  precise: onnxRuntime({ worker: false, precision: "precise" }),
};
after(() => Promise.all(Object.values(runtimes).map((runtime) => runtime.close())));

const UNIT = 2 ** -23;

/** Largest error in units of float32, by order, of max(|value|, width or slope of the scale, min(1, |x|)), or of the value. */
const LIMITS = { default: 8, precise: 8 } as const;

for (const { name } of kernels) {
  const own = cases.filter(({ kernel }) => kernel === name);

  test(`convolutions with the ${name} kernel agree with quadrature in 40 digits, tails and two derivatives included`, () => {
    assert.ok(own.length >= 4, "there are too few");
    for (const one of own) {
      const outputs = interpret(derivatives(one)(tensor([...one.points])));
      one.values.forEach((row, i) =>
        row.forEach((expected, order) => {
          const got = outputs[order][i];
          const close = one.activation === "elu" ? 1e-10 : 1e-12;
          const rounding = 1e-15 * one.width ** -order;
          assert.ok(Math.abs(got - expected) <= close * Math.abs(expected) + rounding * 0.1, tell(one, i, order, got, expected));
        }),
      );
    }
  });

  test(`in float32 they are right at the scale of the function, and the precise ones to the last digits: ${name}`, async () => {
    for (const one of own.filter(({ activation }) => activation !== "elu")) {
      const x = tensor([...one.points]);
      for (const precision of ["default", "precise"] as const) {
        const outputs = await compile(derivatives(one), { runtime: runtimes[precision] })(x);
        for (const [order, output] of outputs.entries()) {
          (await output.data()).forEach((got, i) => {
            const expected = one.values[i][order];
            const size =
              precision === "precise"
                ? Math.abs(expected)
                : Math.max(Math.abs(expected), scaleOf(one, order), Math.min(1, Math.abs(one.points[i])));
            if (size < 2 ** -126) return;
            assert.ok(
              Math.abs(got - expected) <= LIMITS[precision] * UNIT * size,
              `${precision}: ${tell(one, i, order, got, expected)}`,
            );
          });
        }
      }
    }
  });
}

/** What a derivative is measured by: the width, then 1, then 1/width; of a function that jumps, that of the slope of the jump. */
function scaleOf({ activation, width }: Case, order: number): number {
  const { facts } = findActivation(activation) as Activation;
  const jumps = facts.kind === "pointwise" && facts.kinks.some((kink) => kink.order === 0);
  return order === 0 ? width : width ** -(order - (jumps ? 0 : 1));
}

function derivatives({ activation, kernel, width }: Case): (x: Tensor) => Tensor[] {
  const smooth = mollify(findActivation(activation) as Activation<never>, { kernel: findKernel(kernel) as Kernel, width });
  const slope = (x: Tensor): Tensor => grad((y: Tensor) => sum(smooth(y)))(x);
  return (x) => [smooth(x), slope(x), grad((y: Tensor) => sum(slope(y)))(x)];
}

const tell = ({ activation, width, points }: Case, i: number, order: number, got: number, expected: number): string =>
  `${activation}, width ${width}, derivative ${order} at ${points[i]}: ${got}, not ${expected}`;
