import { shown, symptom } from "./symptom.js";

export const curvature = symptom({
  name: "curvature",
  code: "S15",
  what: "Steps are longer than the curvature along them allows.",
  looks:
    "λ = ⟨g, Hg⟩ ÷ ‖g‖² times the learning rate is above 2: on a parabola of that curvature the step ends higher than it began. Trainings that go well hover near 2, so it counts only where the loss oscillates or diverges.",
  threshold: "Learning rate × λ above 2, or 2 (1 + μ) with momentum μ; alarm at twice that; asked for by a probe.",
  causes: ["highLearningRate", "unscaledInputs"],
  source: "Cohen et al. 2021, arXiv:2103.00065",
  confirms: "never",
  find({ probes, history, subject }) {
    const { curvature: seen } = probes ?? {};
    if (seen === undefined) return [];
    const rate = history.steps[seen.step]?.learningRate ?? subject.optimizer.learningRate;
    const value = rate * seen.value;
    const limit = steepestBorne(subject.optimizer.momentum);
    if (!(value > limit)) return [];
    const evidence = `Along the gradient the curvature is ${shown(seen.value)}: learning rates above ${shown(limit / seen.value)} diverge, and this one is ${shown(rate)}.`;
    return [
      { critical: value > 2 * limit, step: seen.step, measured: { name: "learning rate × curvature", value, limit }, evidence },
    ];
  },
});

/** Learning rate × curvature up to which descent with momentum μ comes down on a parabola: 2 (1 + μ), of the heavy ball (Polyak 1964). */
export const steepestBorne = (momentum = 0): number => 2 * (1 + momentum);
