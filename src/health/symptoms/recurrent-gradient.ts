import { type Look, medianIn } from "../derived.js";
import { shown, symptom } from "./symptom.js";

const SMALL = 1e-3;
const LARGE = 1e3;

export const recurrentGradient = symptom({
  name: "recurrent gradient",
  code: "S13",
  what: "A recurrent layer's gradient vanishes or explodes on its way back in time.",
  looks: "‖∂L/∂h_t‖ over t is a straight line on a logarithmic scale: what came early has no influence, or all of it.",
  threshold: "‖∂L/∂h_1‖ ÷ ‖∂L/∂h_T‖ below 1e-3 or above 1e3; alarm at 1e-5 and 1e5.",
  causes: ["recurrentVanishing", "recurrentExploding"],
  source: "Bengio et al. 1994; Pascanu et al. 2013, arXiv:1211.5063",
  confirms: "withLoss",
  find(look) {
    const [first] = [...timeRatios(look)].sort((one, other) => Math.abs(Math.log(other.ratio)) - Math.abs(Math.log(one.ratio)));
    if (first === undefined || (first.ratio >= SMALL && first.ratio <= LARGE)) return [];
    const { path, ratio, steps } = first;
    const evidence = `Over ${steps} steps of time the gradient of layer ${path} changes by a factor of ${shown(ratio)}.`;
    const measured = { name: "‖∂L/∂h_1‖ ÷ ‖∂L/∂h_T‖", value: ratio, limit: ratio < 1 ? SMALL : LARGE };
    return [{ critical: ratio < 1e-5 || ratio > 1e5, layer: path, measured, evidence }];
  },
});

/** First over last gradient in time of every recurrent layer: the median over readings. */
export function timeRatios({
  frames,
  history,
}: Look): { readonly path: string; readonly ratio: number; readonly steps: number }[] {
  return history.layers.flatMap(({ path }, i) => {
    const steps = frames[0]?.layers[i].overTime?.length ?? 0;
    // Where a loss reads all steps of time, each gets a gradient of its own and the ratio only says less.
    const ratio = medianIn(frames, ({ layers }) => {
      const times = layers[i].overTime ?? [];
      return times[0] / Math.max(times[times.length - 1], 1e-300);
    });
    return steps < 2 || !(ratio >= 0) ? [] : [{ path, ratio: Math.max(ratio, 1e-300), steps }];
  });
}
