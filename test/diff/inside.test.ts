import assert from "node:assert/strict";
import { test } from "node:test";
import { grad, valueAndGradWithAux } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { identity } from "../../src/ops/identity.js";
import { add, exp, matmul, mul, relu, sin, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

const x = tensor([[0.5, -1.5, 2]]);
const weight = tensor([[0.3, -0.2], [0.7, 0.9], [-0.4, 0.6]]); // biome-ignore format: a matrix
const numbers = (value: Tensor | null): number[] => Array.from(interpret([value as Tensor])[0]);

test("gradients of values on the way are those of what comes after them", () => {
  const after = (z: Tensor): Tensor => sum(exp(relu(z)));
  const seen: Tensor[] = [];
  const both = valueAndGradWithAux((w: Tensor) => {
    const z = matmul(x, w);
    const h = relu(z);
    seen.push(z, h);
    return { value: sum(exp(h)), aux: null, inside: [z, h] };
  });
  const { gradient, cotangents } = both(weight);
  assert.deepEqual(numbers(cotangents[0]), numbers(grad(after)(seen[0])));
  assert.deepEqual(numbers(cotangents[1]), numbers(exp(seen[1])));
  assert.deepEqual(numbers(gradient), numbers(grad((w: Tensor) => after(matmul(x, w)))(weight)));
});

test("asking for them changes no node of the gradient", () => {
  const f = (w: Tensor) => sin(matmul(x, w));
  const plain = valueAndGradWithAux((w: Tensor) => ({ value: sum(mul(f(w), f(w))), aux: null }));
  const asked = valueAndGradWithAux((w: Tensor) => {
    const z = identity(matmul(x, w));
    return { value: sum(mul(sin(z), sin(z))), aux: null, inside: [z] };
  });
  assert.deepEqual(numbers(asked(weight).gradient), numbers(plain(weight).gradient));
});

test("a value that nothing differentiated makes begins a gradient of its own, and passes it on to those behind it", () => {
  const { cotangents, gradient } = valueAndGradWithAux((w: Tensor) => {
    const first = mul(x, 2);
    const second = sin(first);
    return { value: sum(matmul(second, w)), aux: null, inside: [first, second] };
  })(weight);
  const rows = [0.3 - 0.2, 0.7 + 0.9, -0.4 + 0.6];
  const near = (actual: number[], expected: number[]): void =>
    actual.forEach((value, i) => void assert.ok(Math.abs(value - expected[i]) < 1e-7, `${actual}`));
  near(numbers(cotangents[1]), rows);
  near(
    numbers(cotangents[0]),
    rows.map((row, i) => row * Math.cos(2 * [0.5, -1.5, 2][i])),
  );
  near(
    numbers(gradient),
    [0.5, -1.5, 2].flatMap((value) => [Math.sin(2 * value), Math.sin(2 * value)]),
  );
});

test("a node of its own keeps a value apart from one with the same tangent, and what the loss does not read has no gradient", () => {
  const { cotangents } = valueAndGradWithAux((w: Tensor) => {
    const before = matmul(x, w);
    // The tangent of w + 1 is that of w itself.
    const shifted = identity(add(before, 1));
    const unread = identity(mul(before, 3));
    return { value: sum(add(mul(before, 5), mul(shifted, 7))), aux: null, inside: [shifted, unread] };
  })(weight);
  assert.deepEqual(numbers(cotangents[0]), [7, 7]);
  assert.equal(cotangents[1], null);
});
