import type { Plan } from "./plan/plan.js";
import type { Pair, Proof } from "./treatment.js";

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const scores = (pairs: readonly Pair[], side: "before" | "after"): number => mean(pairs.map((pair) => pair[side].score));

/** What a score is called, by what is learned. */
export const scoreName = (task: Plan["task"]): string => (task === "numbers" ? "explained share" : "accuracy");

/** 0.4770 as ".477", 1 as "1.000": shares are read by their decimals. */
export function share(value: number): string {
  if (!Number.isFinite(value)) return "no number";
  if (Math.abs(value) >= 100) return value.toExponential(1);
  const text = value.toFixed(3).replace("-", "−");
  return text.replace(/^(−?)0\./, "$1.");
}

/** Two digits, with an exponent where it is shorter: 6e-4, 0.63, 24. */
export function brief(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "no number" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text =
    size < 0.01 || size >= 1e5
      ? value.toExponential(1).replace(".0e", "e").replace("e+", "e")
      : String(Number(value.toPrecision(2)));
  return text;
}

/** "R_δ 6e-4 → 0.6 (predicted 0.7); accuracy .477 → .840 (3/3 seeds; placebo .477); reverting restores .477; cost …". */
export function summaryOf(proof: Omit<Proof, "summary">, task: Plan["task"]): string {
  const { mechanism, pairs, better, placebos, ablation, reverted, cost, fresh } = proof;
  const changes = mechanism.map(({ symptom, measure, before, after, predicted }) => {
    if (measure === symptom) return `${symptom} ${after === 0 ? "gone" : "still there"}`;
    const expected = predicted === null ? "" : ` (predicted ${brief(predicted)})`;
    return `${measure} ${brief(before)} → ${brief(after)}${expected}`;
  });
  const placebo = placebos.length === 0 ? "" : `; placebo ${placebos.map(({ score }) => share(score)).join(" and ")}`;
  const outcome =
    `${scoreName(task)} ${share(scores(pairs, "before"))} → ${share(scores(pairs, "after"))} ` +
    `(${better}/${pairs.length} seeds${placebo})`;
  const parts = ablation.map(({ title, score }) => `only ${title} ${share(score)}`);
  const back =
    placebos.length === 0
      ? []
      : [`reverting restores ${share(reverted.score)}${reverted.identical ? "" : ", but not bit for bit"}`];
  const harm = fresh.length === 0 ? [] : [`new: ${fresh.join(", ")}`];
  const sign = cost.parameters < 0 ? "−" : "+";
  const price = `cost ${sign}${Math.abs(cost.parameters).toLocaleString("en-US")} parameters, ${cost.time.toFixed(2)}× per step`;
  return [...changes, outcome, ...parts, ...back, ...harm, price].join("; ");
}
