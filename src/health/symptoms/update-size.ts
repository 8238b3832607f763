import { type Look, medianIn } from "../derived.js";
import { medianOf } from "../loss-course.js";
import { type Seen, shown, symptom } from "./symptom.js";

const LARGE = 0.1;
const VERY_LARGE = 1;
const SMALL = 1e-4;
const VERY_SMALL = 1e-5;

export const updateSize = symptom({
  name: "update size",
  code: "S9",
  what: "A step changes the weights by far more, or far less, than is useful.",
  looks:
    "‖ΔW‖ ÷ ‖W‖ of most trainings that go well is near 1e-3. Biases, scales of norms and weights that start at 0 do not count.",
  threshold: "The median over layers and readings above 0.1, alarm above 1; below 1e-4, alarm below 1e-5.",
  causes: ["highLearningRate", "lowLearningRate", "badEpsilon", "saturatingActivation", "smallStart"],
  source: "Karpathy, CS231n notes; Brock et al. 2021, arXiv:2102.06171",
  confirms: "withLoss",
  find(look) {
    const sizes = updatesPerLayer(look);
    const value = medianOf(sizes.map(({ size }) => size));
    if (value > LARGE) return [sizeSeen(look, sizes, value, LARGE, value > VERY_LARGE)];
    if (value < SMALL && value > 0) return [sizeSeen(look, sizes, value, SMALL, value < VERY_SMALL)];
    return [];
  },
});

interface Size {
  readonly path: string;
  readonly size: number;
}

/** The median of U of every trained layer, over readings at which the learning rate is not on its way up or down. */
export function updatesPerLayer({ frames, history }: Look): Size[] {
  const most = Math.max(...history.steps.map(({ learningRate }) => learningRate));
  const usual = frames.filter(({ step }) => (history.steps[step]?.learningRate ?? most) > 0.1 * most);
  return history.layers.flatMap(({ path, weight }, i) =>
    weight.trained ? [{ path, size: medianIn(usual, ({ updates }) => updates[i]) }] : [],
  );
}

function sizeSeen({ frames }: Look, sizes: readonly Size[], value: number, limit: number, critical: boolean): Seen {
  const far = (size: number): number => Math.abs(Math.log(size / 1e-3));
  const worst = sizes.filter(({ size }) => size > 0).reduce((most, one) => (far(one.size) > far(most.size) ? one : most));
  const evidence = `A step changes weights by ${shown(value)} of their size, where 1e-3 is usual; most unlike it is layer ${worst.path} with ${shown(worst.size)}.`;
  return { critical, step: frames[0]?.step ?? 0, measured: { name: "‖ΔW‖ ÷ ‖W‖", value, limit }, evidence };
}
