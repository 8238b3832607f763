import type { Graph } from "../../ir/graph.js";
import type { Tensor } from "../../ir/tensor.js";
import { parameter } from "../../ops/create.js";
import { add, clip, div, exp, expm1, mul, neg, relu } from "../../ops/index.js";
import { tailSigmoid, tailSigmoidSlope } from "../../ops/tail-sigmoid.js";
import { alternatingWeights } from "./alternating.js";
import { sharedDecay } from "./mean-decay.js";
import { type TiltedForm, tilted } from "./tilted.js";
import type { Shape } from "./tilted-numbers.js";
import { quadratureForm } from "./tilted-quadrature.js";

const shape: Shape = { density: (u) => tailSigmoidSlope(u), decay: 1, radius: Infinity, spread: Math.PI };

/** Beyond it everything is as it is there, and finite. */
const FURTHEST = 1e9;

/** As many terms as float32 shows. */
const TERMS = 10;

/**
 * E₀ in float32, at the price of ten exponentials. With u = e^(−z) right of 0, where d is 0, and u = 1 at a distance d left of it,
 *
 *     E₀ = (e^(−sd) − 1) − s·e^(−sd) Σ (−1)ᵏ⁻¹ uᵏ/(s + k) + s Σ (−1)ᵏ⁻¹ ∫₀ᵈ e^(−sv) e^(−k(d − v)) dv,  k ≥ 1
 *
 * from the geometric series of the distribution function, integrated by parts: every part is of the size of s.
 */
function singleExcess(z: Tensor, rate: Tensor): Tensor {
  const held = clip(z, -FURTHEST, FURTHEST);
  const [left, right] = [relu(neg(held)), relu(held)];
  const fall = neg(mul(rate, left));
  const parts = alternatingWeights(TERMS).map((weight, index) => {
    const k = index + 1;
    return {
      beyond: div(mul(exp(mul(right, -k)), weight), add(rate, k)),
      between: mul(sharedDecay(rate, k, left), weight),
    };
  });
  const beyond = parts.map((part) => part.beyond).reduce((sum, term) => add(sum, term));
  const between = parts.map((part) => part.between).reduce((sum, term) => add(sum, term));
  return add(expm1(fall), mul(rate, add(between, neg(mul(exp(fall), beyond)))));
}

function singleGraph(excess: boolean): Graph {
  const [z, rate] = [parameter([], "float32"), parameter([], "float32")];
  const value = singleExcess(z, rate);
  return { parameters: [z, rate], outputs: [excess ? value : add(value, tailSigmoid(neg(z)))] };
}

function form(excess: boolean): TiltedForm {
  const byQuadrature = quadratureForm(shape, excess);
  return {
    value: byQuadrature.value,
    lower: (onnx, order, z, rate) =>
      order === 0 && onnx.precision === "default"
        ? onnx.inline(singleGraph(excess), [z, rate])[0]
        : byQuadrature.lower(onnx, order, z, rate),
  };
}

export const logisticTilted = tilted({
  name: "logistic",
  title: "logistic",
  density: shape.density,
  decay: 1,
  momentsBelow: Infinity,
  whole: form(false),
  excess: form(true),
});
