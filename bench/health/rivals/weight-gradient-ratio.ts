import { alarms, firstLayer, isLost, lastLayer, type Rival } from "./rival.js";

export const weightGradientRatio: Rival = {
  name: "‖dW₁‖ ÷ ‖dW_L‖ in 0.1 … 10",
  source: "The rule of thumb of tutorials and of several tools: gradients of the first and the last weights are of one size",
  adapted: "Judged at the start: the median over the first twenty steps.",
  judge({ history }) {
    const ratios = history.readings
      .filter(({ step }) => step < 20)
      .map((reading) => firstLayer(reading).gradient / lastLayer(reading).gradient)
      .sort((a, b) => a - b);
    const ratio = ratios[Math.floor(ratios.length / 2)] ?? 1;
    return alarms({ "not a number": isLost(history), vanishing: ratio < 0.1, exploding: !(ratio <= 10) });
  },
};
