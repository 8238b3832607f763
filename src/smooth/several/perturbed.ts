import { customJvp, vmap } from "../../diff/index.js";
import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor } from "../../ops/create.js";
import { div, mean, mul, reshape, sub, type TensorLike } from "../../ops/index.js";
import { alongSamples, movedBy, type PerturbationOptions, perturbationOf, slopeWeights } from "./perturbation.js";
import { widthOf } from "./rows.js";

const SAMPLES = { axes: 0 } as const;

/** `f` for every sample, without a derivative of its own. */
function opaque(name: string, f: (x: Tensor) => Tensor): (points: Tensor) => Tensor {
  return customJvp(
    (points: Tensor) => vmap(f)(points),
    () => {
      throw fault(name, "second derivatives are not estimated", {
        fix: "smooth by a closed form, with mollify or a smooth maximum, where curvature is needed",
      });
    },
  );
}

/**
 * E f(x + σZ), estimated by sampling, for any f of tensors: with steps, sorts, or whatever has no useful slope. Differentiable in x
 * and σ by the score function: ∇E f(x + σZ) = E[(f(x + σZ) − f(x)) ν′(Z)] / σ, which asks nothing of f but its values. The
 * estimates of value and slope have no bias; that of the value has the variance of f over the noise, divided by the samples.
 *
 * f takes x as a whole; for every member of a batch use `vmap`, which gives all of them the same noise. For noise and functions
 * with a closed form (see `mollify`, `gaussianMaximum`, `logSumExp`) that is exact and cheaper.
 */
export function perturbed(f: (x: Tensor) => Tensor, options: PerturbationOptions): (x: TensorLike) => Tensor {
  const name = "perturbed";
  const evaluate = opaque(name, f);
  return (x) => {
    const source = asTensor(x);
    const perturbation = perturbationOf(name, source.shape, options);
    const estimate = customJvp(
      (at: Tensor, sigma: Tensor) => mean(vmap(f)(movedBy(perturbation, at, sigma)), SAMPLES),
      ([at, sigma], [tangent, sigmaTangent]) => {
        const values = evaluate(movedBy(perturbation, at, sigma));
        const centred = perturbation.controlVariate ? sub(values, evaluateOnce(evaluate, at)) : values;
        const weights = slopeWeights(perturbation, tangent, sigmaTangent);
        return div(mean(mul(centred, alongSamples(weights, values)), SAMPLES), sigma);
      },
    );
    return estimate(source, widthOf(name, options.sigma));
  };
}

/** f(x) as a sample of one. */
const evaluateOnce = (evaluate: (points: Tensor) => Tensor, x: Tensor): Tensor => evaluate(reshape(x, [1, ...x.shape]));
