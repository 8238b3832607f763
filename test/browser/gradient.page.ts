import assert from "node:assert/strict";
import { test } from "node:test";
import { grad, hessian, mul, type Tensor, tensor, valueAndGrad } from "softgrad";

test("the gradient of x² at 3 is 6", async () => {
  assert.equal(await grad((x: Tensor) => mul(x, x))(tensor(3)).value(), 6);
});

// 1 / (exp(−(wx + b)) + 1) at x = 1, w = 0, b = 0: both derivatives are σ′(0) = 1/4.
test("the derivatives of a sigmoid neuron at 0 are a quarter", async () => {
  const neuron = ([w, b]: [Tensor, Tensor]): Tensor => w.mul(1).add(b).neg().exp().add(1).reciprocal();
  const { value, gradient } = valueAndGrad(neuron)([tensor(0), tensor(0)]);
  assert.equal(await value.value(), 0.5);
  assert.equal(await gradient[0].value(), 0.25);
  assert.equal(await gradient[1].value(), 0.25);
});

test("derivatives nest: the Hessian of Σ x³ is 6x on the diagonal", async () => {
  const cubes = (x: Tensor): Tensor => x.mul(x).mul(x).sum();
  assert.deepEqual(await hessian(cubes)(tensor([1, 2])).value(), [
    [6, 0],
    [0, 12],
  ]);
});
