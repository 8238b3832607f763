/**
 * Types that must hold, read by the type checker alone. What must not compile stands under `@ts-expect-error`, which fails
 * when it does.
 */
import {
  compile,
  customVjp,
  grad,
  hessian,
  jacobian,
  jvp,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
} from "../../src/index.js";

interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

interface Parameters {
  readonly layers: readonly Layer[];
  readonly scale: Tensor;
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(proof: Same<A, B>): boolean => proof;

declare const parameters: Parameters;
declare const x: Tensor;
declare const labels: Tensor;
declare const loss: (parameters: Parameters, x: Tensor, labels: Tensor) => Tensor;

/** A gradient has the type of its argument, and takes what the function takes. */
export function gradients(): void {
  const slopes = grad(loss)(parameters, x, labels);
  same<typeof slopes, Parameters>(true);
  const { value, gradient } = valueAndGrad(loss)(parameters, x, labels);
  same<typeof value, Tensor>(true);
  same<typeof gradient, Parameters>(true);
  const ofInput = grad(loss, { argument: 1 })(parameters, x, labels);
  same<typeof ofInput, Tensor>(true);
  // @ts-expect-error a gradient is a function of the same arguments
  grad(loss)(parameters, x);
  // @ts-expect-error only a function that returns a tensor has a gradient
  grad((weights: Parameters) => weights.layers);
  // @ts-expect-error there is no such leaf
  slopes.layers[0].gain;
}

/** A function of one tensor needs no annotation, and takes numbers. */
export function scalars(): void {
  const slope = grad((y) => y.mul(y))(3);
  same<typeof slope, Tensor>(true);
  const second = grad(grad((y: Tensor) => y.mul(y)));
  same<ReturnType<typeof second>, Tensor>(true);
}

/** Tangents are typed like arguments, tangents of results like results. */
export function directions(): void {
  const f = (p: Layer, scale: Tensor): { out: Tensor; parts: [Tensor, Tensor] } => ({ out: p.weight, parts: [p.bias, scale] });
  const layer: Layer = { weight: x, bias: x };
  const { value, tangent } = jvp(f, [layer, x], [layer, x]);
  same<typeof value, ReturnType<typeof f>>(true);
  same<typeof tangent, ReturnType<typeof f>>(true);
  const { pullback } = vjp(f, layer, x);
  same<ReturnType<typeof pullback>, [p: Layer, scale: Tensor]>(true);
  // @ts-expect-error one tangent per argument
  jvp(f, [layer, x], [layer]);
  // @ts-expect-error a cotangent is shaped like the result
  pullback({ out: x });
}

/** Jacobians and Hessians nest the arguments in the results. */
export function matrices(): void {
  const full = jacobian((p: Layer) => ({ out: p.weight }))({ weight: x, bias: x });
  same<typeof full, { out: Layer }>(true);
  const blocks = hessian((p: Layer) => p.weight)({ weight: x, bias: x });
  same<typeof blocks.weight.bias, Tensor>(true);
  const one = hessian((y) => y.sum())(x);
  same<typeof one, Tensor>(true);
}

/** Batched, compiled and custom functions keep the signature of what they are made of. */
export function wrapped(): void {
  const mapped = vmap((p: Layer, y: Tensor) => [p.weight, y] as const, { inAxes: [null, 0] });
  same<ArgumentsOf<typeof mapped>, [p: Layer, y: Tensor]>(true);
  const compiled = compile(loss);
  same<ReturnType<typeof compiled>, Promise<Tensor>>(true);
  // @ts-expect-error labels are missing
  compiled(parameters, x);
  customVjp(
    (p: Layer) => p.weight,
    ([p], cotangent) => [{ weight: cotangent, bias: p.bias }],
  );
  customVjp(
    (p: Layer) => p.weight,
    // @ts-expect-error a cotangent for the bias is missing
    (_, cotangent) => [{ weight: cotangent }],
  );
}

type ArgumentsOf<F> = F extends (...args: infer A) => unknown ? A : never;

/** Methods are typed like the operations they come from. */
export function methods(): void {
  const y = tensor([1, 2]).mul(2).add(x).sum({ axes: 0, keepAxes: true });
  same<typeof y, Tensor>(true);
  const parts = x.split(2);
  same<typeof parts, Tensor[]>(true);
  // @ts-expect-error there is no such option
  x.sum({ axis: 0 });
  // @ts-expect-error a tensor has no operation of this name
  x.frobnicate();
}
