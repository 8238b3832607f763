import { customJvp, vmap } from "../../diff/index.js";
import { fault } from "../../ir/fault.js";
import { formatShape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor } from "../../ops/create.js";
import { add, div, mul, sub, sum, type TensorLike } from "../../ops/index.js";
import { movedBy, type PerturbationOptions, perturbationOf } from "./perturbation.js";
import { perturbed } from "./perturbed.js";
import { widthOf } from "./rows.js";

/** Finds the y of a set for which ⟨y, θ⟩ is largest, in the shape of θ: `hardmax` for one-hot vectors, ranks for permutations. */
export type Solver = (theta: Tensor) => Tensor;

/**
 * E argmax_y ⟨y, θ + σZ⟩: the expected solution of a linear program whose scores are uncertain, with its Jacobian by the score
 * function. Between the corners of the set where a single solution would jump from one to the next.
 */
export const perturbedArgmax = (solve: Solver, options: PerturbationOptions): ((theta: TensorLike) => Tensor) =>
  perturbed((theta) => sameShape("perturbedArgmax", solve(theta), theta), options);

/** The solution, which must have one number per score. */
function sameShape(name: string, solution: Tensor, theta: Tensor): Tensor {
  if (solution.shape.join() === theta.shape.join()) return solution;
  const [expected, got] = [theta, solution].map(({ shape }) => formatShape(shape));
  throw fault(name, "the solution has another shape than the scores", { expected, got });
}

/**
 * E max_y ⟨y, θ + σZ⟩, whose gradient is the expected solution {@link perturbedArgmax}: no score is needed for it, since how the
 * solution changes does not matter to first order. Its own derivative is that of the expected solution.
 */
export function perturbedMax(solve: Solver, options: PerturbationOptions): (theta: TensorLike) => Tensor {
  const name = "perturbedMax";
  return (theta) => {
    const source = asTensor(theta);
    const perturbation = perturbationOf(name, source.shape, options);
    const solved = vmap((at: Tensor) => sameShape(name, solve(at), at));
    const estimate: (at: Tensor, sigma: Tensor) => Tensor = customJvp(
      (at: Tensor, sigma: Tensor) => {
        const points = movedBy(perturbation, at, sigma);
        return mul(sum(mul(points, solved(points))), 1 / perturbation.samples);
      },
      ([at, sigma], [tangent, sigmaTangent]) => {
        const expected = perturbedArgmax(solve, { ...options, sigma })(at);
        // Twice the scores and twice the noise make twice the maximum: what θ does not account for is due to σ.
        const inSigma = div(sub(estimate(at, sigma), sum(mul(expected, at))), sigma);
        return add(sum(mul(expected, tangent)), mul(inSigma, sigmaTangent));
      },
    );
    return estimate(source, widthOf(name, options.sigma));
  };
}

/**
 * The Fenchel–Young loss of scores θ for a wanted solution y: E max ⟨·, θ + σZ⟩ − ⟨y, θ⟩, up to a constant in y. Convex in θ, and its
 * gradient is what is expected less what is wanted: {@link perturbedArgmax}(θ) − y. Learns scores from solutions alone.
 */
export function fenchelYoung(solve: Solver, options: PerturbationOptions): (theta: TensorLike, wanted: TensorLike) => Tensor {
  const largest = perturbedMax(solve, options);
  return (theta, wanted) => {
    const [scores, solution] = [asTensor(theta), asTensor(wanted)];
    return sub(largest(scores), sum(mul(sameShape("fenchelYoung", solution, scores), scores)));
  };
}
