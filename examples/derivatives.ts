/**
 * Derivatives: of any function written with operations, to any order, in both directions, over batches, with rules of your own.
 *
 *     npx tsx examples/derivatives.ts
 */
import { customJvp, div, exp, grad, hessian, jacobian, jvp, log, mul, sin, sum, type Tensor, tensor, vmap } from "softgrad";

const show = async (what: string, result: Tensor): Promise<void> => {
  console.log(what.padEnd(34), JSON.stringify(await result.value()));
};

// One number in, one number out: derivatives of derivatives. Nothing is computed until a value is asked for.
const cube = (x: Tensor): Tensor => x.mul(x).mul(x);
await show("x³ at 2", cube(tensor(2)));
await show("its slope, 3x²", grad(cube)(2));
await show("its second derivative, 6x", grad(grad(cube))(2));
await show("its third, 6", grad(grad(grad(cube)))(2));
await show("its fourth, 0", grad(grad(grad(grad(cube))))(2));

// Many numbers in, one out.
const f = (x: Tensor): Tensor => sum(mul(sin(x), exp(x)));
const point = tensor([0, 1, 2]);
await show("gradient of Σ sin(x) eˣ", grad(f)(point));
await show("its Hessian, row by row", hessian(f)(point));

// Forward mode: the slope in one direction, in one pass. Reverse mode would need one pass per output.
const { value, tangent } = jvp((x: Tensor) => mul(x, x), [point], [tensor([1, 0, 1])]);
await show("x² at (0 1 2)", value);
await show("how it moves in direction (1 0 1)", tangent);
await show("Jacobian of x²", jacobian((x) => mul(x, x))(point));

// A function of one sample becomes a function of a batch; here, a gradient per row.
const energy = (x: Tensor): Tensor => div(sum(mul(x, x)), 2);
await show("a gradient for each row", vmap(grad(energy))(tensor([[1, 2], [3, 4], [5, 6]]))); // biome-ignore format: one line

// At 1000, eˣ overflows, and the slope of log(1 + eˣ) becomes ∞ / ∞. A rule of one's own says what the slope is: 1 / (1 + e⁻ˣ).
const naive = (x: Tensor): Tensor => log(exp(x).add(1));
const ruled = customJvp(naive, ([x], [t]) => div(t, exp(x.neg()).add(1)));
await show("slope of log(1 + eˣ) at 1000", grad(naive)(1000));
await show("the same with its rule", grad(ruled)(1000));
await show("slope of the rule itself, at 0", grad(grad(ruled))(0));
