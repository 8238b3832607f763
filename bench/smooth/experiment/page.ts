import { mkdirSync, writeFileSync } from "node:fs";
import { conclusion } from "./conclusion.js";
import { accuracyFigure } from "./figure.js";
import { kernels } from "./settings.js";
import type { Estimate } from "./statistics.js";
import { type Compared, type SettingRow, summarise, type TaskSummary } from "./summary.js";
import { BATCH, LEARNING_RATE, tasks } from "./tasks.js";

/** Writes the page and its picture from the results that are there, and says where. */
export function writeReport(docs: string): string[] {
  const summaries = tasks.flatMap((task) => summarise(task) ?? []);
  if (summaries.length === 0) throw new Error("there are no results to report yet");
  const [page, picture] = [`${docs}does-smoothing-help.md`, `${docs}images/does-smoothing-help.svg`];
  mkdirSync(`${docs}images`, { recursive: true });
  writeFileSync(picture, accuracyFigure(summaries));
  writeFileSync(page, pageOf(summaries));
  return [page, picture];
}

const line = (...cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
const signed = (value: number, digits: number): string => {
  const shown = Math.abs(value).toFixed(digits);
  return Number(shown) === 0 ? shown : `${value < 0 ? "−" : "+"}${shown}`;
};
const percent = ({ mean, half }: Estimate): string => `${(100 * mean).toFixed(2)} ± ${(100 * half).toFixed(2)}`;
const plain = ({ mean, half }: Estimate): string => `${mean.toFixed(4)} ± ${half.toFixed(4)}`;
const probability = ({ corrected }: Compared): string => {
  const shown = corrected < 0.001 ? "< 0.001" : corrected.toFixed(3);
  return corrected < 0.05 ? `**${shown}**` : shown;
};
const gainCells = (gain: SettingRow["gain"]): string[] =>
  gain === null
    ? ["", "", "", ""]
    : [
        `${signed(100 * gain.accuracy.mean, 2)} ± ${(100 * gain.accuracy.half).toFixed(2)}`,
        probability(gain.accuracy),
        `${signed(gain.loss.mean, 4)} ± ${gain.loss.half.toFixed(4)}`,
        probability(gain.loss),
      ];

function taskSection({ task, settings, widths, seeds, trainings, seconds }: TaskSummary): string {
  return [
    `## ${task.title}`,
    "",
    `${task.how} ${task.epochs} epochs; ${seeds} seeds, ${trainings} trainings, ${Math.round(seconds / 60)} minutes.`,
    "",
    `Averaged over kernels, less ReLU; p corrected for the ${widths.length} rows:`,
    "",
    line("form", "width", "accuracy, points", "p", "loss", "p"),
    "|---|---|---|---|---|---|",
    ...widths.map(({ form, width, gain }) => line(form, String(width), ...gainCells(gain))),
    "",
    `Every setting, less ReLU; p corrected for the ${settings.length - 1} rows:`,
    "",
    line("activation", "test accuracy, %", "test loss", "accuracy, points", "p", "loss", "p"),
    "|---|---|---|---|---|---|---|",
    ...settings.map(({ setting, accuracy, loss, gain }) =>
      line(setting.title, percent(accuracy), plain(loss), ...gainCells(gain)),
    ),
    "",
  ].join("\n");
}

function pageOf(summaries: readonly TaskSummary[]): string {
  const missing = tasks.filter((task) => !summaries.some((summary) => summary.task === task));
  const trainings = summaries.reduce((sum, one) => sum + one.trainings, 0);
  const deviations = Object.values(kernels).map(({ kernel, deviation }) => `${kernel.title} ${deviation.toFixed(2)}`);
  return `# Does smoothing help?

Written by \`npm run bench:smoothing\` from ${trainings} trainings, whose results stand line by line in \`bench/smooth/results/\`.${
    missing.length === 0 ? "" : ` Not run, or not yet with every setting: ${missing.map(({ title }) => title).join("; ")}.`
  }

## What came out

${conclusion(summaries)}

![Test accuracy against width](images/does-smoothing-help.svg)

## What was done

- ReLU was replaced, everywhere in a network, by its convolution with a kernel (mollify) or by x times a smooth step (gate), and by
  other activations. The gate of width 1 is GELU for the Gaussian and SiLU for the logistic kernel: those rows must agree.
- A seed fixes the initial weights (those for a ReLU, whatever stands in its place), the order of the rows and, for the digits, the
  split. So every difference to ReLU is taken seed by seed. PReLU learns one slope a layer, which starts at 0.25.
- Batches of ${BATCH}, Adam with a learning rate of ${LEARNING_RATE} for all; no weight decay, no schedule, no augmentation; loss and accuracy after the
  last epoch, not the best. The rate was tuned for none of them, and nothing was chosen by what came out.
- Widths are in units of the input of the activation. Kernels of one width are not equally wide: standard deviations at width 1
  are ${deviations.join(", ")}.
- Values are means ± half a 95 % interval by Student's t over seeds. p is of a paired t-test, corrected by Holm's method for all rows of
  its column of its table; below 0.05 it is bold. It is not corrected for the number of tables: at this level one column in twenty
  would show something by chance alone. With so few seeds small differences stay unseen.
- All but the first task were planned with five seeds. They were raised to ten after the digits' first results had been seen, the same for all
  settings; a task counts the seeds that all of its settings have.
- On MNIST all seeds share one split, so its intervals leave out the luck of the split. The splits of the digits overlap, which makes
  theirs somewhat too narrow.
- Weights are drawn for a ReLU and nothing is tuned, so what starts far from a ReLU is at a disadvantage: a convolution of width w is
  above 0 at 0 by about 0.4 w, and fully connected networks have nothing that takes such a shift away again.

${summaries.map(taskSection).join("\n")}`;
}
