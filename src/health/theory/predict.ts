import { type Measured, valueIfKnown } from "../../activations/measure/report.js";
import { type ActivationTheory, identityTheory } from "./moments.js";

/** A layer as it starts. */
export interface StartingLayer {
  /** σ_w: sd(W)·√fanIn. */
  readonly spread: number;
  /** σ_b: sd of the biases. Default 0. */
  readonly biasSpread?: number;
  /** Null: the pre-activation is the output. */
  readonly activation: ActivationTheory | null;
  /** A norm between the weights and the activation, which leaves second moment 1. */
  readonly norm: "none" | "batch" | "layer";
  /** Whether its input is added to its output, x + F(x). Default false. */
  readonly residual?: boolean;
}

/** What theory expects of it. */
export interface PredictedLayer {
  /** Second moments of the pre-activation (behind the norm) and of the output. */
  readonly preActivation: number;
  readonly power: number;
  /** E φ′². */
  readonly gate: number;
  /**
   * χ: the factor on ‖δ‖² from this layer's pre-activations to the previous layer's outputs and, in a chain of equal layers, to its
   * pre-activations: σ_w² E φ′² without a norm, E φ′² ÷ the power that the norm divides out with one; 1 + χ_F past a branch F.
   */
  readonly factor: number;
}

/** The start of a whole network. */
export interface PredictedStart {
  readonly layers: readonly PredictedLayer[];
  /** ‖δ_first‖ ÷ ‖δ_last‖. */
  readonly deltaRatio: number;
  /** Root mean square of the last hidden output ÷ that of the first. */
  readonly activationRatio: number;
}

/**
 * Second moments forward and squared signals backward through layers with random weights of many units: q ← σ_w² E φ(√q z)² + σ_b²
 * and ‖δ_l‖² = σ_w,l+1² E φ_l′² ‖δ_l+1‖² (Poole et al. 2016, Schoenholz et al. 2017). Widths do not appear: with variances by
 * fan-in the length of δ over the whole tensor does not depend on them. A batch norm also takes away the mean that samples share, so
 * that of relus gradients grow by π/(π−1) per layer (Yang et al. 2019, arXiv:1902.08129). Where a layer's input x is added to its
 * output F, whose weights are independent of x, moments add, E(x + F)² = q + 2 E x E F + q_F, and so do the two ways back:
 * χ = 1 + χ_F (Yang and Schoenholz 2017, arXiv:1712.08969). Not established when an activation is not.
 */
export function predictStart(layers: readonly StartingLayer[], inputPower: number): Measured<PredictedStart> {
  const predicted: PredictedLayer[] = [];
  let [power, variance, meanBefore] = [inputPower, inputPower, 0];
  let logDelta = 0;
  for (const { spread, biasSpread = 0, activation, norm, residual = false } of layers) {
    const raw = spread ** 2 * power + biasSpread ** 2;
    const preActivation = norm === "none" ? raw : 1;
    const moments = (activation ?? identityTheory).moments(preActivation);
    if (!moments.established) return moments;
    // What the norm divides ‖∂L/∂(Wh)‖² by, so that the spread of the weights cancels.
    const divided = norm === "none" ? 1 : spread ** 2 * (norm === "batch" ? variance : power) + Number.MIN_VALUE;
    const passed = spread ** 2 / divided;
    const before = predicted.at(-1);
    const { mean, gate } = moments.value;
    // δ before ÷ δ here is gate before × what comes back through this layer ÷ gate here; in a chain the gate here cancels.
    const back = residual ? (1 + passed * gate) / gate : passed;
    if (before !== undefined) logDelta += Math.log(back * before.gate) / 2;
    const chained = norm === "none" ? spread ** 2 * gate : gate / noise(norm, moments.value);
    predicted.push({ preActivation, power: moments.value.power, gate, factor: residual ? 1 + passed * gate : chained });
    power = moments.value.power + (residual ? power + 2 * meanBefore * mean : 0);
    meanBefore = mean + (residual ? meanBefore : 0);
    variance = Math.max(power - meanBefore ** 2, 0);
  }
  const hidden = predicted.slice(0, -1);
  const [first, last] = [hidden.at(0), hidden.at(-1)];
  const activationRatio = first === undefined || last === undefined ? 1 : Math.sqrt(last.power / first.power);
  return { established: true, value: { layers: predicted, deltaRatio: Math.exp(logDelta), activationRatio } };
}

/** What is left of a second moment for a norm to divide by. */
const noise = (norm: "batch" | "layer", { power, mean }: { readonly power: number; readonly mean: number }): number =>
  norm === "batch" ? Math.max(power - mean ** 2, Number.MIN_VALUE) : power;

/** σ_w² E φ′² of a layer that gets second moment q: by how much it changes ‖δ‖². Null where that is not established. */
export function layerFactor(theory: ActivationTheory, spread: number, q: number): number | null {
  const moments = valueIfKnown(theory.moments(q));
  return moments === null ? null : spread ** 2 * moments.gate;
}

/** The same with the spread that keeps a second moment of 1: what the activation itself does to gradients, whatever its weights. */
export function bestFactor(theory: ActivationTheory): number | null {
  const gain = valueIfKnown(theory.gain);
  if (gain === null) return null;
  // With E φ(gain·z)² = 1 the pre-activation has second moment gain²; where no gain does that, 1 is the fixed point.
  const before = valueIfKnown(theory.moments(gain ** 2));
  const keeps = before !== null && Math.abs(before.power - 1) < 0.02;
  return layerFactor(theory, gain, keeps ? gain ** 2 : 1);
}
