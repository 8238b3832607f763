import type { Graph } from "../../ir/graph.js";
import type { Tensor } from "../../ir/tensor.js";
import { parameter } from "../../ops/create.js";
import { abs, add, clip, div, exp, expm1, mul, neg, relu, sub } from "../../ops/index.js";
import { sharedDecay } from "./mean-decay.js";
import { type TiltedForm, tilted } from "./tilted.js";
import type { Shape } from "./tilted-numbers.js";
import { quadratureForm } from "./tilted-quadrature.js";

/** ½ e^(−|u|). */
export const laplaceDensity = (u: Tensor): Tensor => mul(exp(neg(abs(u))), 0.5);

const shape: Shape = { density: laplaceDensity, decay: 1, radius: Infinity, kinks: [0] };

/** Beyond it everything is as it is there, and finite. */
const FURTHEST = 1e9;

/**
 * Of order 0, in exponentials: with d left of 0 and J = ∫₀ᵈ e^(−sv) e^(v − d) dv,
 *
 *     2L₀ = J + e^(−sd)/(1 + s)        2E₀ = (e^(−sd) − 1) + s·J + (e^(−sd) − 1 − s)/(1 + s)
 *
 * and right of 0 what these are at 0 times e^(−z).
 */
function closedForm(excess: boolean): Graph {
  const [z, rate] = [parameter([], "float32"), parameter([], "float32")];
  const held = clip(z, -FURTHEST, FURTHEST);
  const left = relu(neg(held));
  const share = div(exp(neg(relu(held))), add(rate, 1));
  const between = sharedDecay(rate, 1, left);
  const exponent = neg(mul(rate, left));
  const fall = expm1(exponent);
  const double = excess
    ? add(add(fall, mul(rate, between)), mul(sub(fall, rate), share))
    : add(between, mul(exp(exponent), share));
  return { parameters: [z, rate], outputs: [mul(double, 0.5)] };
}

function form(excess: boolean): TiltedForm {
  const byQuadrature = quadratureForm(shape, excess);
  return {
    value: byQuadrature.value,
    lower: (onnx, order, z, rate) =>
      order === 0 ? onnx.inline(closedForm(excess), [z, rate])[0] : byQuadrature.lower(onnx, order, z, rate),
  };
}

export const laplaceTilted = tilted({
  name: "laplace",
  title: "Laplace",
  density: laplaceDensity,
  decay: 1,
  momentsBelow: Infinity,
  whole: form(false),
  excess: form(true),
});
