import { grad, vmap } from "../../diff/index.js";
import { topologicalOrder } from "../../ir/order.js";
import type { Tensor } from "../../ir/tensor.js";
import { equal, mul, tensor, where } from "../../ops/index.js";
import type { Activation } from "../activation.js";
import type { PointwiseFacts } from "../facts.js";
import { frameworkNames, nameIn } from "../frameworks.js";
import { momentsOf } from "../moments.js";

/** The numbers that advice is made of, for layers with weights of variance gain² / fanIn and no biases. */
export interface Measures {
  readonly facts: PointwiseFacts;
  readonly gain: number;
  /** χ₁ = gain² E f′(gain·z)²: the factor on squared gradients from layer to layer, z standard normal. */
  readonly chi1: number;
  /** 1 / |log χ₁|: layers over which a gradient changes by the factor √e. */
  readonly depthScale: number;
  /** |E f(gain·z)| as a share of √E f(gain·z)²: how far outputs are off centre. */
  readonly offCentre: number;
  /** The share of inputs at which the slope is 0. */
  readonly dead: number;
  /** Whether mean 0 and variance 1 are kept with plain LeCun weights, of variance 1 / fanIn. */
  readonly selfNormalising: boolean;
  /** Operations in the graph of value and slope: what a cost is estimated from. */
  readonly operations: number;
  /** Libraries that have it, of those counted. */
  readonly libraries: number;
}

/** Null for functions of a row, and for those that cannot carry a gradient through hidden layers. */
export function measuresOf(activation: Activation): Measures | null {
  const { facts, gain, moments } = activation;
  const straight = facts.kind === "pointwise" && facts.curvature === 0 && facts.kinks.length === 0;
  if (facts.kind === "vector" || straight || facts.smoothness === "discontinuous" || facts.lipschitz === Infinity) return null;
  const f = (x: Tensor): Tensor => activation(x);
  const kinks = facts.kinks.map(({ at }) => at / gain);
  const slope = vmap(grad(f));
  const atGain = momentsOf((z) => f(mul(z, gain)), kinks);
  const slopes = momentsOf((z) => slope(mul(z, gain)), kinks);
  const dead = momentsOf((z) => where(equal(slope(mul(z, gain)), 0), 1, 0), kinks).mean;
  const chi1 = gain * gain * slopes.secondMoment;
  if (!(chi1 > 0 && Number.isFinite(chi1))) return null;
  const x = tensor([0.5]);
  return {
    facts,
    gain,
    chi1,
    depthScale: Math.abs(chi1 - 1) < 1e-9 ? Infinity : 1 / Math.abs(Math.log(chi1)),
    offCentre: Math.abs(atGain.mean) / Math.sqrt(atGain.secondMoment),
    dead,
    selfNormalising: moments !== null && Math.abs(moments.mean) < 1e-6 && Math.abs(moments.secondMoment - 1) < 1e-6,
    operations: topologicalOrder([f(x), slope(x)]).length,
    libraries: frameworkNames.filter((framework) => nameIn(activation.record, framework) !== null).length,
  };
}
