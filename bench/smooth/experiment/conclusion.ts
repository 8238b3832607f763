import { SAU_WIDTH } from "./settings.js";
import { type Compared, furthestApart, type SettingRow, type TaskSummary } from "./summary.js";

const LEVEL = 0.05;

type Compare = SettingRow & { readonly gain: NonNullable<SettingRow["gain"]> };
const compared = ({ settings }: TaskSummary): Compare[] => settings.filter((row): row is Compare => row.gain !== null);

const differs = ({ mean, corrected }: Compared, sign: 1 | -1): boolean => corrected < LEVEL && sign * mean > 0;
const points = ({ mean, half }: Compared): string => `${mean < 0 ? "−" : "+"}${Math.abs(100 * mean).toFixed(2)} ± ${(100 * half).toFixed(2)} points`; // biome-ignore format: one line
const listed = (titles: readonly string[]): string =>
  titles.length > 4 ? `${titles.slice(0, 4).join("; ")}; and ${titles.length - 4} more` : titles.join("; ");
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What the numbers allow to be said, in plain words: nothing in it is written by hand. */
export function conclusion(summaries: readonly TaskSummary[]): string {
  const rows = summaries.flatMap(compared);
  const count = (quantity: "accuracy" | "loss", sign: 1 | -1): number =>
    rows.filter(({ gain }) => differs(gain[quantity], sign)).length;
  const [better, worse] = [count("accuracy", 1), count("accuracy", -1)];
  const verdict =
    better + worse === 0
      ? `**None of ${rows.length} comparisons with ReLU shows a difference in accuracy after correction.**`
      : `**Of ${rows.length} comparisons with ReLU, ${better} show a better accuracy after correction and ${worse} a worse one.**`;
  const losses = `The test loss is lower in ${count("loss", -1)} and higher in ${count("loss", 1)}.`;
  const resolution = (100 * median(rows.map(({ gain }) => gain.accuracy.half))).toFixed(2);
  return [
    `${verdict} ${losses} The median interval of a difference in accuracy is ± ${resolution} points: less than that would not be seen.`,
    "",
    ...summaries.map(ofTask),
    ...leakySentence(summaries),
  ].join("\n");
}

function ofTask(summary: TaskSummary): string {
  const rows = compared(summary);
  const found = sides.flatMap(({ quantity, sign, what }) => {
    const titles = rows.filter(({ gain }) => differs(gain[quantity], sign)).map(({ setting }) => setting.title);
    return titles.length === 0 ? [] : [`${what} (${titles.length}): ${listed(titles)}.`];
  });
  const best = rows.reduce((a, b) => (b.gain.accuracy.mean > a.gain.accuracy.mean ? b : a));
  return [
    `- **${summary.task.title}**, ${rows.length} comparisons.`,
    ...(found.length === 0 ? ["Nothing differs from ReLU after correction."] : found),
    `Highest mean accuracy: ${best.setting.title}, ${points(best.gain.accuracy)}${best.gain.accuracy.corrected < LEVEL ? "" : ", within chance"}.`,
    `Averaged over kernels: ${overKernels(summary)}.`,
  ].join(" ");
}

const sides = [
  { quantity: "accuracy", sign: 1, what: "Better accuracy" },
  { quantity: "accuracy", sign: -1, what: "Worse accuracy" },
  { quantity: "loss", sign: -1, what: "Lower loss" },
  { quantity: "loss", sign: 1, what: "Higher loss" },
] as const;

function overKernels({ widths }: TaskSummary): string {
  const found = sides.flatMap(({ quantity, sign, what }) => {
    const those = widths.filter(({ gain }) => differs(gain[quantity], sign));
    return those.length === 0
      ? []
      : [`${what.toLowerCase()} for ${those.map(({ form, width }) => `${form} ${width}`).join(", ")}`];
  });
  return found.length === 0 ? "no form and width differs" : found.join("; ");
}
/** What a published smooth activation of tiny width adds to the leaky ReLU that it smooths. */
function leakySentence(summaries: readonly TaskSummary[]): string[] {
  const apart = summaries.flatMap(({ task }) => {
    const furthest = furthestApart(task, `mollify leaky-0.15 gaussian ${SAU_WIDTH}`, "leaky-0.15");
    return furthest === null ? [] : [`${(100 * furthest.accuracy).toFixed(2)} points and ${furthest.loss.toExponential(1)} in loss (${task.title}, ${furthest.seeds} seeds)`]; // biome-ignore format: one line
  });
  if (apart.length === 0) return [];
  return [
    `- **A leaky ReLU smoothed at the width of ${SAU_WIDTH}**, as SAU was published, differs from the leaky ReLU on no seed by more than ${apart.join(", and ")}: ` +
      "what it does otherwise than a ReLU it does by the slope below 0.",
  ];
}
