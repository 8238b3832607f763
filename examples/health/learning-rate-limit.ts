/**
 * The learning rate above which gradient descent must diverge, computed before the first step: 2 ÷ the largest eigenvalue of the Hessian.
 * The program is one that was published as broken: a x² + b x + c is fitted to x² at 0, 1, 2 and 3 by the sum of squares, with rate 0.01.
 *
 *     npx tsx examples/health/learning-rate-limit.ts [folder]
 */
import { compile, hessian, matmul, square, sub, sum, type Tensor, tensor, valueAndGrad } from "softgrad";
import { depthChart } from "softgrad/plot";
import { keep, short } from "./shared/show.js";
import { singularValues } from "./shared/singular-values.js";

const xs = [0, 1, 2, 3];
const features = tensor(xs.map((x) => [x * x, x, 1]));
const targets = tensor(xs.map((x) => [x * x]));
const loss = (w: Tensor): Tensor => sum(square(sub(matmul(features, w), targets)));

// A loss of squares of a linear model bends the same everywhere.
const bends = (await hessian(loss)(tensor([[0], [0], [0]]))
  .reshape([3, 3])
  .value()) as number[][];
const [steepest, , flattest] = singularValues(bends);
const limit = 2 / steepest;
console.log(
  `eigenvalues of the Hessian from ${short(flattest)} to ${steepest.toFixed(2)}: rates above ${limit.toFixed(6)} diverge`,
);

const step = compile((w: Tensor, rate: Tensor) => {
  const { value, gradient } = valueAndGrad(loss)(w);
  return { value, next: sub(w, gradient.mul(rate)) };
});
const steps = 120;
const curves: { name: string; values: number[] }[] = [];
for (const rate of [0.003, 0.0085, limit, 0.01]) {
  let w = tensor([[0], [0], [0]]);
  const values: number[] = [];
  for (let i = 0; i < steps; i++) {
    const { value, next } = await step(w, tensor(rate));
    values.push((await value.value()) as number);
    w = next;
  }
  const last = values[steps - 1];
  const outcome = last < values[0] / 100 ? "converges" : last > values[0] ? "diverges" : "swings";
  console.log(`rate ${rate.toFixed(6)} = ${(rate / limit).toFixed(2)} × the limit: loss ${short(values[0])} → ${short(last)} after ${steps} steps, ${outcome}`); // biome-ignore format: one line
  curves.push({
    name: `${short(rate)}: ${(rate / limit).toFixed(2)} × the limit`,
    values: values.map((value) => Math.min(value, 1e4)),
  });
}
console.log(
  "Below the limit the steepest direction shrinks in every step, above it grows: no patience helps. The ratio of the largest to the " +
    `smallest eigenvalue, ${short(steepest / flattest)}, says how slow the flattest direction is then.`,
);
keep(
  "learning-rate-limit",
  depthChart([{ label: "sum of squares, cut at 10 000", scale: "log", curves }], {
    title: `Gradient descent below and above 2/λ = ${limit.toFixed(6)}`,
    along: { label: "step" },
    theme: "light",
  }),
);
