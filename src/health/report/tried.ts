import { escapeMarkup } from "../../plot/escape.js";
import { section, table } from "../../plot/report/parts.js";
import { brief, scoreName, share } from "../proof-text.js";
import type { Control, Verified } from "../treatment.js";
import type { ShownTreatment } from "./shown.js";
import { trainings, verdictWords } from "./words.js";

/** Everything that was tried, with its numbers and what it came to. */
export function triedSections(treatment: ShownTreatment): string {
  if (treatment.trials.length === 0) return "";
  return [...treatment.verified.map((one, i) => verifiedSection(one, i === treatment.recommended, treatment)), searchSection(treatment)].join("\n"); // biome-ignore format: one line
}

function verifiedSection({ title, proof }: Verified, recommended: boolean, { plan }: ShownTreatment): string {
  const name = scoreName(plan.task);
  const rows = proof.pairs.map(({ seed, before, after }) => [
    `seed ${seed}`,
    share(before.score),
    share(after.score),
    brief(before.rho),
    brief(after.rho),
  ]);
  const pairs = table(["paired trainings", `${name} before`, "after", "ρ before", "ρ after"], rows, { numbers: [1, 2, 3, 4] });
  const mechanism = table(
    ["what was measured", "before", "after", "predicted", "healthy", "in that band"],
    proof.mechanism.map(({ measure, before, after, predicted, band, share: inBand }) => [
      measure,
      brief(before),
      brief(after),
      predicted === null ? "–" : brief(predicted),
      `${brief(band[0])} to ${brief(band[1])}`,
      `${(100 * inBand).toFixed(0)} %`,
    ]),
    { numbers: [1, 2, 3, 4, 5] },
  );
  const controls = controlRows(treatmentControls(proof.placebos, "placebo"), treatmentControls(proof.ablation, "only a part"), [
    [
      "taken out again",
      proof.reverted.identical ? "the same to the bit" : "not the same to the bit",
      share(proof.reverted.score),
      "",
    ],
  ]);
  const verdict = `<p><span class="verdict ${kindOf(proof.verdict)}">${proof.verdict}</span> ${escapeMarkup(verdictWords[proof.verdict])}.</p>`;
  const summary = `<p>${escapeMarkup(proof.summary)}.</p>`;
  const shown = [pairs, ...(proof.mechanism.length > 0 ? [mechanism] : []), ...(proof.placebos.length > 0 ? [controls] : [])];
  return section(`${recommended ? "Recommended" : "Also tried"}: ${title}`, `${verdict}${summary}<div class="stack">${shown.join("\n")}</div>`); // biome-ignore format: one line
}

const kindOf = (verdict: string): string => verdict.replace(" ", "-");

const treatmentControls = (controls: readonly Control[], kind: string): string[][] =>
  controls.map(({ title, score, rho }) => [kind, title, share(score), brief(rho)]);

const controlRows = (...rows: readonly string[][][]): string =>
  table(["control", "what", "score", "ρ"], rows.flat(), { numbers: [2, 3] });

function searchSection({ trials, cost, plan, before }: ShownTreatment): string {
  const rows = trials.map(({ title, round, steps, rho, score, kept, because }) => [
    round === 1 ? title : `${title} (second round)`,
    steps.toLocaleString("en-US"),
    brief(rho),
    share(score),
    `${because}${kept ? "" : ": dropped"}`,
  ]);
  const intro =
    `Candidates were dropped by their first steps, raced over a tenth and three tenths of the ${plan.steps.toLocaleString("en-US")} ` +
    "steps, and the best was trained to the end. ρ is the loss over that of a constant answer: 1 has learned nothing. " +
    `The search cost ${trainings(cost.search)}, the proof ${trainings(cost.proof)}; one takes ` +
    `${(before.milliseconds / 1000).toFixed(1)} s.`;
  return section(
    "Remedies tried",
    `<p>${escapeMarkup(intro)}</p>${table(["remedy", "steps", "ρ", scoreName(plan.task), "what decided"], rows, { numbers: [1, 2, 3] })}`,
  );
}
