import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import "../../src/methods.js";
import { exp, expm1, greater, minimum, mul, relu, tensor, where } from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { findKernel, type Kernel } from "../../src/smooth/index.js";
import { mollify } from "../../src/smooth/mollify.js";
import { errorInUlp } from "../support/ulp.js";

/** Values computed with mpmath by tools/golden/exponential_pieces.py. */
interface Case {
  readonly function: keyof typeof functions;
  readonly kernel: string;
  readonly width: number;
  readonly points: readonly number[];
  /** The convolution, its slope and its curvature. */
  readonly orders: readonly (readonly number[])[];
}

type Pointwise = (x: Tensor) => Tensor;

const functions = {
  elu: (x) => where(greater(x, 0), x, expm1(minimum(x, 0))),
  selu: (x) => mul(where(greater(x, 0), x, mul(expm1(minimum(x, 0)), 1.6732632423543772)), 1.0507009873554805),
  mirrored: (x) => where(greater(x, 0), exp(mul(relu(x), -2)), 0),
  hump: (x) => where(greater(x, 0), 0, mul(x, exp(minimum(x, 0)))),
} satisfies Record<string, Pointwise>;

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL("../golden/exponential-pieces.json", import.meta.url), "utf8"),
).cases;

/** The convolution and two derivatives. */
function derivatives({ function: name, kernel, width }: Case): Pointwise[] {
  const f = mollify(functions[name] as Pointwise, { kernel: findKernel(kernel) as Kernel, width });
  const value: Pointwise = (x) => f(x);
  return [value, vmap(grad(value)), vmap(grad(grad(value)))];
}

/**
 * Not where a jump makes the curvature one of the kernel's own corners, which has none there; nor where a SELU's mean for normal
 * inputs is asked, which its constants make 0.
 */
const isAsked = ({ function: name, kernel, width, points, orders }: Case, order: number, i: number): boolean =>
  order < 2
    ? points[i] !== 0 || Math.abs(orders[order][i]) > 1e-15
    : name !== "mirrored" || kernel === "gaussian" || ![-1, 0, 1].includes(Math.round((points[i] / width) * 10) / 10);

for (const expected of cases) {
  const { function: name, kernel, width, points, orders } = expected;
  test(`${name} convolved with the ${kernel} kernel of width ${width} is right to 12 digits, with two derivatives`, () => {
    const x = tensor(Float64Array.from(points));
    const got = interpret(derivatives(expected).map((f) => f(x)));
    orders.forEach((row, order) => {
      row.forEach((should, i) => {
        if (!isAsked(expected, order, i)) return;
        const error = Math.abs(got[order][i] - should);
        assert.ok(
          error <= Math.max(1e-12 * Math.abs(should), 2 ** -1022),
          `order ${order} at ${points[i]}: ${got[order][i]}, not ${should}`,
        );
      });
    });
  });
}

const runtimes = {
  default: onnxRuntime({ worker: false, threads: 1 }),
  precise: onnxRuntime({ worker: false, threads: 1, precision: "precise" }),
};
after(() => Promise.all(Object.values(runtimes).map((runtime) => runtime.close())));

for (const [precision, runtime] of Object.entries(runtimes)) {
  test(`exponential pieces keep the ${precision} promise at every width, with two derivatives`, async () => {
    for (const expected of cases) {
      const { function: name, kernel, width, points, orders } = expected;
      const all = derivatives(expected);
      const both = (x: Tensor) => all.map((f) => f(x));
      const got = await Promise.all((await compile(both, { runtime })(tensor(Float32Array.from(points)))).map((y) => y.data()));
      orders.forEach((row, order) => {
        const largest = Math.max(...row.map(Math.abs));
        row.forEach((should, i) => {
          if (!isAsked(expected, order, i)) return;
          const near = order === 0 ? Math.max(width, Math.min(1, Math.abs(points[i]))) : Math.max(largest, Math.min(1, width));
          const error = errorInUlp(got[order][i], should, precision === "precise" ? should : Math.max(Math.abs(should), near));
          const where = `${name}, ${kernel}, width ${width}, order ${order} at ${points[i]}`;
          assert.ok(error <= 8, `${where}: ${got[order][i]}, not ${should}: ${error} ulp`);
        });
      });
    }
  });
}
