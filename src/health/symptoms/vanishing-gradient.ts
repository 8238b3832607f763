import { type Frame, type Look, medianIn, onset } from "../derived.js";
import { depthForTenfold } from "../theory/depth.js";
import { type Seen, shown, symptom } from "./symptom.js";

const WARN = 1e-2;
const CRITICAL = 1e-3;
const WARN_ADJACENT = 0.05;

export const vanishingGradient = symptom({
  name: "vanishing gradient",
  code: "S4",
  what: "The gradient gets smaller from layer to layer on its way back, so that the first layers learn nothing.",
  looks:
    "‖∂L/∂z‖ falls like a straight line on a logarithmic scale. The gradients of the weights need not show it: in networks of ReLUs they are of one size in every layer, however small the signal is.",
  threshold:
    "R_δ = ‖δ_first‖ ÷ ‖δ_last‖ below 1e-2, alarm below 1e-3; outputs that shrink by as much; one layer that keeps less than 0.05. Limits are widened by τ for narrow deep networks.",
  causes: ["saturatingActivation", "smallStart", "tooDeep", "deadUnits", "wrongHead"],
  source: "Hochreiter 1991; Glorot and Bengio 2010, AISTATS; Schoenholz et al. 2017, arXiv:1611.01232",
  confirms: "withLoss",
  find(look) {
    return [look.early, look.late].flatMap((frames) => fading(look, frames)).slice(0, 1);
  },
});

function fading(look: Look, frames: readonly Frame[]): Seen[] {
  const { tolerance, history } = look;
  const ratio = medianIn(frames, ({ deltaRatio }) => deltaRatio);
  const forward = medianIn(frames, ({ activationRatio }) => activationRatio);
  const backwards = ratio < WARN / tolerance;
  if (!backwards && !(forward < WARN / tolerance)) return [];
  const layer = backwards ? firstBehind(look, frames, WARN / tolerance) : firstFaded(look, frames, WARN / tolerance);
  const factor = medianIn(frames, (frame) => frame.factor);
  const perDecade = factor < 1 ? ` Every ${shown(depthForTenfold(factor))} layers it is 10 times smaller.` : "";
  const evidence = backwards
    ? `The gradient that reaches layer ${history.layers[0].path} is ${shown(ratio)} of that of the last layer.${perDecade}`
    : `The last hidden output is ${shown(forward)} of the first one's size.`;
  return [
    {
      critical: Math.min(backwards ? ratio : 1, forward || 1) < CRITICAL / tolerance,
      layer,
      step: onset(frames, (frame) => (backwards ? frame.deltaRatio : frame.activationRatio) < WARN / tolerance),
      measured: backwards
        ? { name: "R_δ", value: ratio, limit: WARN / tolerance }
        : { name: "R_act", value: forward, limit: WARN / tolerance },
      evidence,
    },
  ];
}

/** Going back from the loss: the layer that takes most of what is lost, or the first one where so much is lost. */
function firstBehind({ history, subject }: Look, frames: readonly Frame[], limit: number): string | null {
  const count = history.layers.length;
  const last = (frame: Frame): number => frame.layers[count - 1].delta;
  const steepest = history.layers
    .slice(0, -1)
    .map(({ path }, i) => ({ path, kept: medianIn(frames, ({ adjacent }) => adjacent[i]) }))
    .sort((one, other) => one.kept - other.kept)
    .at(0);
  if (steepest !== undefined && (subject.residual ?? "none") === "none" && steepest.kept < WARN_ADJACENT) return steepest.path;
  for (let i = count - 2; i >= 0; i--) {
    if (medianIn(frames, (frame) => frame.layers[i].delta / last(frame)) < limit) return history.layers[i].path;
  }
  return history.layers[0]?.path ?? null;
}

/** Going forward: the first hidden layer whose output is so much smaller than the first one's. */
function firstFaded({ history, hidden }: Look, frames: readonly Frame[], limit: number): string | null {
  const [start] = hidden;
  const faded = hidden.find((i) => medianIn(frames, ({ layers }) => Math.sqrt(layers[i].power / layers[start].power)) < limit);
  return history.layers[faded ?? 0]?.path ?? null;
}
