/**
 * Compile a function: Newton's method on Rosenbrock's valley, value, gradient and Hessian in one compiled graph.
 *
 *     npx tsx examples/compile-a-function.ts
 */
import { compile, hessian, mul, slice, square, stack, sub, type Tensor, tensor, valueAndGrad } from "softgrad";

/** (1 − x)² + 100 (y − x²)²: a long bent valley with its lowest point, 0, at (1, 1). */
function valley(point: Tensor): Tensor {
  const [x, y] = [slice(point, 0), slice(point, 1)];
  return square(sub(1, x)).add(mul(100, square(sub(y, square(x)))));
}

/** One Newton step: p − H⁻¹ g, with the inverse of a 2 × 2 matrix written out. */
function newton(point: Tensor): { next: Tensor; height: Tensor } {
  const { value, gradient } = valueAndGrad(valley)(point);
  const curvature = hessian(valley)(point);
  const [a, b, c, d] = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([row, column]) => slice(curvature, row, column)); // biome-ignore format: one line
  const [g, h] = [slice(gradient, 0), slice(gradient, 1)];
  const determinant = sub(mul(a, d), mul(b, c));
  const step = stack([sub(mul(d, g), mul(b, h)), sub(mul(a, h), mul(c, g))]).div(determinant);
  return { next: sub(point, step), height: value };
}

// Traced, differentiated and lowered at the first call; later calls with the same shapes run the same session.
const step = compile(newton);

let point = tensor([-1.2, 1]);
for (let count = 0; count <= 6; count++) {
  const { next, height } = await step(point);
  console.log(`step ${count}  at ${JSON.stringify(await point.value())}  height ${await height.item()}`);
  point = next;
}
