import { shown, symptom } from "./symptom.js";

export const curvature = symptom({
  name: "curvature",
  code: "S15",
  what: "Steps are longer than the curvature along them allows.",
  looks:
    "λ = ⟨g, Hg⟩ ÷ ‖g‖² times the learning rate is above 2: on a parabola of that curvature the step ends higher than it began. Trainings that go well hover near 2, so it counts only where the loss oscillates or diverges.",
  threshold: "Learning rate × λ above 2, alarm above 4; asked for by a probe.",
  causes: ["highLearningRate", "unscaledInputs"],
  source: "Cohen et al. 2021, arXiv:2103.00065",
  confirms: "never",
  find({ probes, history, subject }) {
    const { curvature: seen } = probes ?? {};
    if (seen === undefined) return [];
    const rate = history.steps[seen.step]?.learningRate ?? subject.optimizer.learningRate;
    const value = rate * seen.value;
    if (!(value > 2)) return [];
    const evidence = `Along the gradient the curvature is ${shown(seen.value)}: learning rates above ${shown(2 / seen.value)} diverge, and this one is ${shown(rate)}.`;
    return [{ critical: value > 4, step: seen.step, measured: { name: "learning rate × curvature", value, limit: 2 }, evidence }];
  },
});
