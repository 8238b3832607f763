/**
 * A cure that is proved: softgrad diagnoses eight layers of five sigmoids, races remedies, and then tries to refute the winner. It is
 * trained in pairs of seeds, taken out again, tried in parts, and compared with changes that should do nothing. Takes a minute.
 *
 *     npx tsx examples/health/placebo.ts [folder]
 */
import { data, random } from "softgrad";
import { type Plan, treat } from "softgrad/health";
import { keep, short } from "./shared/show.js";
import { strips } from "./shared/strips.js";

/** Two rings, the inner one with 0.8 of the radius, and noise. */
const count = 1000;
const angles = (await random.uniform(random.key(1), [count], { low: 0, high: 2 * Math.PI }).value()) as number[];
const noise = (await random.normal(random.key(2), [count, 2], { std: 0.1 }).value()) as number[][];
const points = angles.map((angle, i) => {
  const radius = i % 2 === 0 ? 1 : 0.8;
  return [radius * Math.cos(angle) + noise[i][0], radius * Math.sin(angle) + noise[i][1]];
});
const rings = data.fromArrays({ features: points, targets: points.map((_, i) => [i % 2]) });
const parts = rings.split({ train: 0.7, test: 0.3 }, { key: random.key(3) });

const layer = { kind: "dense", units: 5, activation: "sigmoid", init: "heUniform" } as const;
const plan: Plan = {
  title: "eight layers of five sigmoids",
  task: "binary",
  input: [2],
  blocks: Array.from({ length: 8 }, () => layer),
  head: { units: 1, activation: "none", init: "glorotUniform" },
  loss: "binaryCrossEntropy",
  optimizer: { name: "adam", learningRate: 1e-3 },
  data: { inputs: "none", targets: "none" },
  batchSize: 128,
  steps: 800,
};

const { diagnosis, verified, recommended, cost } = await treat(plan, parts);
const [cause] = diagnosis.causes;
console.log(
  `diagnosis at step ${diagnosis.decidedAt}: ${diagnosis.verdict}, ${diagnosis.findings[0].symptom}, because of ${cause.cause}`,
);
const chosen = verified[recommended ?? 0];
const { proof } = chosen;
const percent = (score: number): string => `${(100 * score).toFixed(1)} %`;
const rows: { name: string; scores: number[] }[] = [
  { name: "as it was", scores: proof.pairs.map(({ before }) => before.score) },
  { name: chosen.title, scores: proof.pairs.map(({ after }) => after.score) },
  { name: "taken out again", scores: [proof.reverted.score] },
  ...proof.ablation.map(({ title, score }) => ({ name: `only ${title}`, scores: [score] })),
  ...proof.placebos.map(({ title, score }) => ({ name: `placebo: ${title}`, scores: [score] })),
];
for (const { name, scores } of rows) console.log(`${name.padEnd(58)} ${scores.map(percent).join("  ")}`);
for (const { measure, before, after, share } of proof.mechanism) {
  console.log(`${measure}: ${short(before)} → ${short(after)}, in its band in ${Math.round(100 * share)} % of the readings`);
}
console.log(`taken out again, ${proof.reverted.identical ? "every bit is as before" : "it is not the same as before"}`);
console.log(`search ${short(cost.search)} trainings, proof ${short(cost.proof)}; verdict: ${proof.verdict}. ${proof.summary}`);

keep(
  "placebo",
  strips(
    rows.map((row, i) => ({ ...row, marked: i === 1 })),
    { title: "One cure, and everything tried to refute it", label: "right answers on test data, a dot for each training" },
  ),
);
