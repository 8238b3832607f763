import type { Measurement, RoundPlan } from "../harness/rounds.js";
import { figure, median } from "../own/section.js";
import type { ModelCase } from "./cases.js";

export interface Measured {
  readonly model: ModelCase;
  /** softgrad's first. */
  readonly measurements: readonly Measurement[];
  /** Who could not take part, and why. */
  readonly leftOut: readonly string[];
}

/** A step of TensorFlow.js over ours, at least; the compiling of BERT, in ms, and the memory over PyTorch's, at most. */
const [TENSORFLOW, COMPILE_MS, MEMORY] = [0.1, 2000, 1.3];

export function modelsPage(
  measured: readonly Measured[],
  { machine, threads, plan, load }: { machine: string; threads: number; plan: RoundPlan; load: string },
): string {
  const intro =
    "# Speed of models\n\nWritten by `npm run bench:models -- --python PATH --docs`: one training step, AdamW, everything included. " +
    `${machine}; ${threads} threads each (TensorFlow.js has one in Node); ${plan.rounds} interleaved rounds of at least ${plan.leastMs} ms, medians; ${load} at the ` +
    "end. Both sides train networks of the same number of parameters on batches of noise. “Ready” is from the first line of the model to the end of the " +
    "first step, compiling included; memory is the largest resident set of the process.\n";
  return `${[intro, summary(measured), ...measured.map(section)].join("\n")}`;
}

const stepMs = (measurement: Measurement): number => median(measurement.stepMs);
const of = (measurements: readonly Measurement[], name: string) => measurements.find((each) => each.name.startsWith(name));

function ratio(measurements: readonly Measurement[], name: string): number {
  const [ours, other] = [measurements[0], of(measurements, name)];
  return ours === undefined || other === undefined ? Number.NaN : stepMs(ours) / stepMs(other);
}

function memory(measurements: readonly Measurement[]): number {
  const [ours, torch] = [measurements[0], of(measurements, "PyTorch")];
  return ours === undefined || torch === undefined ? Number.NaN : ours.peakMb / torch.peakMb;
}

const verdict = (value: number, limit: number | null): string =>
  limit === null || Number.isNaN(value) ? "" : value <= limit ? "held" : "not reached";

function summary(measured: readonly Measured[]): string {
  const rows = measured.map(({ model, measurements }) => {
    const [torch, tensorflow, space] = [ratio(measurements, "PyTorch"), ratio(measurements, "TensorFlow"), memory(measurements)];
    const cells = [
      model.name,
      figure(torch),
      model.limit === null ? "" : String(model.limit),
      verdict(torch, model.limit),
      figure(tensorflow),
      verdict(tensorflow, TENSORFLOW),
      figure(space),
      verdict(space, MEMORY),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const bert = measured.find(({ model }) => model.name === "bert")?.measurements[0];
  const compiled =
    bert === undefined
      ? []
      : [
          "",
          `Step of BERT ready after ${bert.prepareMs.toFixed(0)} ms, at most ${COMPILE_MS}: ${verdict(bert.prepareMs, COMPILE_MS)}.`,
        ];
  return [
    `| model | ÷ PyTorch | at most | | ÷ TensorFlow.js, at most ${TENSORFLOW} | | memory ÷ PyTorch's, at most ${MEMORY} | |`,
    "|---|---|---|---|---|---|---|---|",
    ...rows,
    ...compiled,
    "",
  ].join("\n");
}

function section({ model, measurements, leftOut }: Measured): string {
  return [
    `## ${model.title}`,
    "",
    "| | ms a step | spread | ready after, ms | memory, MB |",
    "|---|---|---|---|---|",
    ...measurements.map(({ name, version, stepMs: times, prepareMs, peakMb }) => {
      const sorted = [...times].sort((a, b) => a - b);
      const spread = `${figure(sorted[0]!)} – ${figure(sorted.at(-1)!)}`;
      return `| ${name} ${version} | ${figure(median(times))} | ${spread} | ${prepareMs.toFixed(0)} | ${peakMb.toFixed(0)} |`;
    }),
    "",
    ...leftOut.map((line) => `Left out: ${line}.`),
    ...(leftOut.length > 0 ? [""] : []),
  ].join("\n");
}
