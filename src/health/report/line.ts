import type { Diagnosis } from "../diagnosis.js";
import { brief } from "../proof-text.js";
import type { Vocabulary } from "./words.js";

/** "health: healthy (at worst gradient ratio 0.4, 3 % of a layer's units dead)", for the end of another command. */
export function healthLine(
  diagnosis: Diagnosis,
  words: Vocabulary,
  numbers: { ratio: number | null; dead: number | null },
): string {
  const [finding] = diagnosis.findings.filter(({ severity }) => severity !== "note");
  const parts = [
    ...(numbers.ratio === null ? [] : [`gradient ratio ${brief(numbers.ratio)}`]),
    ...(numbers.dead === null ? [] : [`${Math.round(100 * numbers.dead)} % of a layer's units dead`]),
  ];
  const measured = parts.length === 0 ? "" : ` (at worst ${parts.join(", ")})`;
  if (diagnosis.verdict === "healthy" || finding === undefined) return `healthy${measured}`;
  const where = finding.layer === null ? "" : ` in layer ${finding.layer}`;
  return `${diagnosis.verdict}: ${words.symptom(finding.symptom).title.toLowerCase()}${where}${measured}`;
}
