import type { Look } from "../derived.js";
import { meanOf } from "../loss-course.js";
import { percent, shown, symptom } from "./symptom.js";

const CORRELATION = -0.3;
const CHECKS = 30;
const AMPLITUDE = 0.1;
const TURNS = 0.5;

export const oscillation = symptom({
  name: "oscillation",
  code: "S11",
  what: "The loss jumps up and down in place of coming down.",
  looks:
    "Steps overshoot: one loss is high, the next low; or means of many steps still turn again and again by more than a tenth.",
  threshold:
    "Losses of successive steps with correlation below −0.3 around their trend; or more than half of 30 means that turn by more than 10 % of the level.",
  causes: ["highLearningRate", "smallBatch", "unscaledInputs"],
  source: "AUTOTRAINER (Zhang et al. 2021, ICSE); BTTackler (Pei et al. 2024, KDD)",
  confirms: "withLoss",
  find(look) {
    const { correlation, swing } = alternation(look);
    const { turns, amplitude } = turning(look);
    if (correlation < CORRELATION && swing > AMPLITUDE) {
      const evidence = `Losses of successive steps alternate around their trend: correlation ${shown(correlation)}, deviation ${percent(swing)} of the level.`;
      return [
        {
          critical: swing > 2 * AMPLITUDE,
          measured: { name: "correlation of successive losses", value: correlation, limit: CORRELATION },
          evidence,
        },
      ];
    }
    if (turns <= TURNS || amplitude <= AMPLITUDE) return [];
    const evidence = `Means over ${percent(1 / CHECKS)} of the training turn up and down ${percent(turns)} of the time, by ${percent(amplitude)} of the level.`;
    return [
      { critical: amplitude > 3 * AMPLITUDE, measured: { name: "turns of the loss", value: turns, limit: TURNS }, evidence },
    ];
  },
});

/** Losses after the first fifth, of which the beginning has a trend of its own. */
const settled = ({ history, course }: Look): number[] => {
  const end = course.lostAt ?? history.steps.length;
  return history.steps.slice(Math.floor(end / 5), end).map(({ loss }) => loss);
};

/** Below a twentieth of what a constant prediction costs, wobbling is of no account. */
const levelOf = ({ course }: Look, losses: readonly number[]): number => Math.max(meanOf(losses), 0.05 * course.reference);

/** Lag-1 correlation of losses around the mean of their neighbours, and their deviation over the level. */
export function alternation(look: Look): { correlation: number; swing: number } {
  const losses = settled(look);
  if (losses.length < 20) return { correlation: 0, swing: 0 };
  const around = losses.map((loss, i) => loss - meanOf(losses.slice(Math.max(0, i - 5), i + 6)));
  const power = meanOf(around.map((value) => value ** 2));
  const lagged = meanOf(around.slice(1).map((value, i) => value * around[i]));
  return { correlation: power > 0 ? lagged / power : 0, swing: Math.sqrt(power) / levelOf(look, losses) };
}

/** How often the means of stretches turn by more than the limit, and by how much they change in the median. */
export function turning(look: Look): { turns: number; amplitude: number } {
  const losses = settled(look);
  const span = Math.floor(losses.length / CHECKS);
  if (span < 1) return { turns: 0, amplitude: 0 };
  const means = Array.from({ length: CHECKS }, (_, i) => meanOf(losses.slice(i * span, (i + 1) * span)));
  const changes = means.slice(1).map((mean, i) => (mean - means[i]) / levelOf(look, losses));
  const turned = changes
    .slice(1)
    .filter((change, i) => change * changes[i] < 0 && Math.min(Math.abs(change), Math.abs(changes[i])) > AMPLITUDE / 2);
  return { turns: turned.length / (changes.length - 1), amplitude: meanOf(changes.map(Math.abs)) };
}
