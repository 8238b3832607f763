import { SAU_WIDTH } from "./settings.js";
import { type Compared, furthestApart, type SettingRow, type TaskSummary } from "./summary.js";

const LEVEL = 0.05;

type Compare = SettingRow & { readonly gain: NonNullable<SettingRow["gain"]> };
const compared = ({ settings }: TaskSummary): Compare[] => settings.filter((row): row is Compare => row.gain !== null);

const better = ({ mean, corrected }: Compared, sign: 1 | -1): boolean => corrected < LEVEL && sign * mean > 0;
const points = ({ mean, half }: Compared): string => `${mean < 0 ? "−" : "+"}${Math.abs(100 * mean).toFixed(2)} ± ${(100 * half).toFixed(2)} points`; // biome-ignore format: one line
const listed = (titles: readonly string[]): string =>
  titles.length > 4 ? `${titles.slice(0, 4).join("; ")}; and ${titles.length - 4} more` : titles.join("; ");
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What the numbers allow to be said, in plain words: nothing in it is written by hand. */
export function conclusion(summaries: readonly TaskSummary[]): string {
  const rows = summaries.flatMap(compared);
  const gained = rows.filter(({ gain }) => better(gain.accuracy, 1)).length;
  const lost = rows.filter(({ gain }) => better(gain.accuracy, -1)).length;
  const verdict =
    gained + lost === 0
      ? `**None of ${rows.length} comparisons with ReLU differs in accuracy beyond chance after correction.**`
      : `**Of ${rows.length} comparisons with ReLU, ${gained} are better in accuracy after correction and ${lost} worse.**`;
  const resolution = (100 * median(rows.map(({ gain }) => gain.accuracy.half))).toFixed(2);
  return [
    `${verdict} The median interval of a difference is ± ${resolution} points: less than that would not be seen.`,
    "",
    ...summaries.map(ofTask),
    ...leakySentence(summaries),
  ].join("\n");
}

function ofTask(summary: TaskSummary): string {
  const rows = compared(summary);
  const titles = (quantity: "accuracy" | "loss", sign: 1 | -1): string[] =>
    rows.filter(({ gain }) => better(gain[quantity], sign)).map(({ setting }) => setting.title);
  const sides = [
    [titles("accuracy", 1), "better accuracy"],
    [titles("accuracy", -1), "worse accuracy"],
    [titles("loss", -1), "lower loss"],
    [titles("loss", 1), "higher loss"],
  ] as const;
  const found = sides.flatMap(([names, what]) => (names.length === 0 ? [] : [`${what} (${names.length}): ${listed(names)}`]));
  const best = rows.reduce((a, b) => (b.gain.accuracy.mean > a.gain.accuracy.mean ? b : a));
  const widths = summary.widths.filter(({ gain }) => gain.accuracy.corrected < LEVEL);
  return [
    `- **${summary.task.title}**, ${rows.length} against ReLU. `,
    found.length === 0
      ? "Nothing differs from ReLU after correction. "
      : `${capital(found.join(". "))}. `.replaceAll(". l", ". L"),
    `Highest mean accuracy: ${best.setting.title}, ${points(best.gain.accuracy)}${best.gain.accuracy.corrected < LEVEL ? "" : ", within chance"}. `,
    widths.length === 0
      ? "Averaged over kernels, no form and width differs in accuracy."
      : `Averaged over kernels: ${widths.map(({ form, width, gain }) => `${form} of width ${width}, ${points(gain.accuracy)}`).join("; ")}.`,
  ].join("");
}

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What a published smooth activation of tiny width adds to the leaky ReLU that it smooths. */
function leakySentence(summaries: readonly TaskSummary[]): string[] {
  const apart = summaries.flatMap(({ task }) => {
    const furthest = furthestApart(task, `mollify leaky-0.15 gaussian ${SAU_WIDTH}`, "leaky-0.15");
    return furthest === null ? [] : [`${(100 * furthest.accuracy).toFixed(2)} points and ${furthest.loss.toExponential(1)} in loss (${task.title.toLowerCase()}, ${furthest.seeds} seeds)`]; // biome-ignore format: one line
  });
  if (apart.length === 0) return [];
  return [
    `- **A leaky ReLU smoothed at the width of ${SAU_WIDTH}**, as SAU was published, differs from the leaky ReLU on no seed by more than ${apart.join(", and ")}: ` +
      "what it does otherwise than a ReLU it does by the slope below 0.",
  ];
}
