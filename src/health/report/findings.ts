import { escapeMarkup } from "../../plot/escape.js";
import { section } from "../../plot/report/parts.js";
import type { Diagnosis, Finding } from "../diagnosis.js";
import type { Examined } from "../treatment.js";
import { sinceStep, trainings, type Vocabulary } from "./words.js";

/** What was found, the gravest first, what was tried out to know more, and why it happens. */
export function findingSections({ findings, causes }: Diagnosis, examined: readonly Examined[], words: Vocabulary): string {
  const found =
    findings.length === 0
      ? "<p>Nothing. Signals, gradients, updates and the loss are all as they should be.</p>"
      : `<ul class="findings">${findings.map((finding) => findingItem(finding, words)).join("\n")}</ul>`;
  const parts = [section("What was found", found)];
  if (examined.length > 0) {
    const items = examined.map(({ question, answer, cost }) => {
      const price = cost === 0 ? "" : ` <span class="where">${escapeMarkup(trainings(cost))}</span>`;
      return `<li><b>${escapeMarkup(question)}</b>${price}<p>${escapeMarkup(answer)}</p></li>`;
    });
    parts.push(section("What was tried out to know more", `<ol class="causes">${items.join("\n")}</ol>`));
  }
  if (causes.length > 0) {
    const items = causes.map(({ cause, weight, layer, argument }) => {
      const { title, meaning, advice = [] } = words.cause(cause);
      const where = layer === null ? "" : ` <span class="where">layer ${escapeMarkup(layer)}</span>`;
      const bar = `<span class="likely" title="weight ${weight.toFixed(2)}"><span style="width:${(100 * weight).toFixed(0)}%"></span></span>`;
      const helps = advice.length === 0 ? "" : `<p class="meaning">What helps: ${escapeMarkup(advice.join(" "))}</p>`;
      return `<li>${bar}<b>${escapeMarkup(title)}</b>${where}<p>${escapeMarkup(argument || meaning)}</p>${helps}</li>`;
    });
    parts.push(section("Why it happens, the likeliest first", `<ol class="causes">${items.join("\n")}</ol>`));
  }
  return parts.join("\n");
}

function findingItem({ symptom, severity, critical, layer, step, evidence }: Finding, words: Vocabulary): string {
  const { title, meaning } = words.symptom(symptom);
  const kind = severity === "note" ? "note" : critical ? "critical" : severity;
  const where = [layer === null ? "the whole network" : `layer ${layer}`, sinceStep(step)].join(", ");
  return (
    `<li class="${kind}"><span class="badge">${kind}</span><b>${escapeMarkup(title)}</b> ` +
    `<span class="where">${escapeMarkup(where)}</span><p>${escapeMarkup(evidence)}</p>` +
    `<p class="meaning">${escapeMarkup(meaning)}</p></li>`
  );
}
