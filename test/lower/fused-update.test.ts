import assert from "node:assert/strict";
import { test } from "node:test";
import "../../src/methods.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { lower, simplify } from "../../src/lower/index.js";
import { parameter } from "../../src/ops/create.js";
import { add, matmul, mul, sub, tensor } from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";

const shapes = { w: [4, 3], x: [5, 4], g: [5, 3], rate: [] };
type Inputs = { [Name in keyof typeof shapes]: Tensor };
const placeholders = (): Inputs =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, parameter(shape, "float32")])) as Inputs;
const operatorsOf = (f: (inputs: Inputs) => Tensor[]): string[] => {
  const inputs = placeholders();
  return lower(simplify({ parameters: Object.values(inputs), outputs: f(inputs) })).nodes.map((node) => node.op);
};

const update = ({ w, x, g, rate }: Inputs): Tensor => sub(w, mul(matmul(x, g, { transposeA: true }), rate));

test("a weight moved along its own gradient is one product that starts from the weight", () => {
  assert.deepEqual(
    operatorsOf((inputs) => [update(inputs)]),
    ["Neg", "Mul", "Gemm"],
  );
});

test("a gradient that is needed elsewhere is computed once and the update left apart", () => {
  const operators = operatorsOf((inputs) => {
    const gradient = matmul(inputs.x, inputs.g, { transposeA: true });
    return [sub(inputs.w, mul(gradient, inputs.rate)), add(gradient, 1)];
  });
  assert.equal(operators.filter((operator) => operator === "Gemm").length, 1);
  assert.ok(operators.includes("Sub"));
});

test("the fused update has the value of the plain one, whichever factor is smaller", async () => {
  const runtime = onnxRuntime({ worker: false });
  for (const rows of [1, 5, 40]) {
    const draw = (shape: readonly number[], phase: number): Tensor =>
      tensor(
        Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 1.7 + phase)),
        { shape },
      );
    const inputs = { w: draw([4, 3], 0), x: draw([rows, 4], 1), g: draw([rows, 3], 2), rate: tensor(0.3) };
    const compiled = compile(update, { runtime });
    const data = await (await compiled(inputs)).data();
    const [exact] = interpret([update(inputs)]);
    data.forEach((value, i) => assert.ok(Math.abs(value - exact[i]) <= 1e-6 * rows, `${value} is not ${exact[i]}`));
  }
  await runtime.close();
});
