import { escapeMarkup } from "../../plot/escape.js";
import { page } from "../../plot/report/page.js";
import { section } from "../../plot/report/parts.js";
import type { CodeLine } from "../plan/code-change.js";
import { scoreName, share } from "../proof-text.js";
import type { ActivationHistogram } from "../starting-activations.js";
import type { Remedy } from "../treatment.js";
import { findingSections } from "./findings.js";
import { pictureSections } from "./pictures.js";
import type { ShownTreatment } from "./shown.js";
import { healthStyle } from "./style.js";
import { triedSections } from "./tried.js";
import { inWords, trainings, type Vocabulary } from "./words.js";

export interface HealthReportOptions {
  readonly words: Vocabulary;
  /** The program as it is, line by line, with the lines of the remedy. */
  readonly change: readonly CodeLine[];
  /** Remedies to try by hand, where none was tried. */
  readonly advice?: readonly Remedy[];
  /** Loss of the best constant answer; null where it is not known. */
  readonly constantLoss: number | null;
  /** Activations before the first step, as described and with the remedy. */
  readonly starts?: readonly (readonly ActivationHistogram[])[];
  /** The last line: when, by what. */
  readonly footer: string;
}

/** A treatment as one HTML page that needs nothing else: no network, no scripts; light and dark as the reader's system is. */
export function healthReport(treatment: ShownTreatment, options: HealthReportOptions): string {
  const { words, change, advice = [], footer } = options;
  const body = [
    findingSections(treatment.diagnosis, treatment.examined, words),
    changeSection(change) + adviceSection(advice),
    pictureSections(treatment.before, treatment.after, options),
    triedSections(treatment),
  ].join("\n");
  const { title } = treatment.plan;
  const lead = inWords(treatment, words);
  return page({ title, kind: "gradient health", lead, facts: factList(treatment), body, style: healthStyle, footer });
}

function factList({ diagnosis, before, after, plan, verified, recommended, cost }: ShownTreatment): string {
  const proof = recommended === null ? null : verified[recommended].proof;
  const facts: readonly (readonly [label: string, value: string, note?: string])[] = [
    ["verdict", diagnosis.verdict, diagnosis.verdict === "healthy" ? "" : `could be told at step ${diagnosis.decidedAt}`],
    [scoreName(plan.task), share(before.score)],
    ...(after === null || proof === null
      ? []
      : ([["with the remedy", share(after.score)], ["which is", proof.verdict, `${proof.better} of ${proof.pairs.length} seeds`]] as const)), // biome-ignore format: one list
    ...(cost.search > 0 ? ([["search", trainings(cost.search), `and ${trainings(cost.proof)} to prove it`]] as const) : []),
  ];
  const items = facts.map(([label, value, note = ""], i) => {
    const below = note === "" ? "" : `<dd class="note">${escapeMarkup(note)}</dd>`;
    const kind = i === 0 ? ` class="first ${diagnosis.verdict}"` : "";
    return `<div${kind}><dt>${escapeMarkup(label)}</dt><dd>${escapeMarkup(value)}</dd>${below}</div>`;
  });
  return `<dl class="facts">${items.join("\n")}</dl>`;
}

/** What is worth trying, and why it works. */
function adviceSection(advice: readonly Remedy[]): string {
  if (advice.length === 0) return "";
  const items = advice.map(({ title, why, source }) => {
    return `<li><b>${escapeMarkup(title)}</b><p>${escapeMarkup(why)} <span class="where">${escapeMarkup(source)}</span></p></li>`;
  });
  return section("Worth trying, the likeliest first", `<ol class="causes">${items.join("\n")}</ol>`);
}

/** Lines around a change that tell where it is. */
const CONTEXT = 2;

/** What to write differently: changed lines with their neighbours; nothing where nothing changes. */
function changeSection(lines: readonly CodeLine[]): string {
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - CONTEXT), i + CONTEXT + 1).some(({ kind }) => kind !== "kept"));
  if (!near.includes(true)) return "";
  const signs = { kept: " ", removed: "−", added: "+" } as const;
  const shown = lines.flatMap(({ kind, line }, i) => {
    if (!near[i]) return near[i - 1] ? ['<span class="gap">⋯</span>'] : [];
    return [`<span class="${kind}">${signs[kind]} ${escapeMarkup(line)}</span>`];
  });
  return section("The code to change", `<pre class="change">${shown.join("")}</pre>`);
}
