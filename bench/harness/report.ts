import type { Workload } from "../workloads.js";
import type { Measurement, RoundPlan } from "./rounds.js";

export interface Result {
  readonly workload: Workload;
  readonly measurements: readonly Measurement[];
  readonly load: string;
}

export interface Report {
  readonly machine: string;
  readonly threads: number;
  readonly plan: RoundPlan;
  readonly results: readonly Result[];
}

/** The results as a page: a table a workload, ratios of the first contender's median to each other's. */
export function markdown({ machine, threads, plan, results }: Report): string {
  const pages = results.map(({ workload, measurements, load }) => {
    const ours = measurements[0]!;
    const rows = measurements.map(({ name, version, stepMs, prepareMs }) => {
      const { median, low, high, least } = summary(stepMs);
      const ratio = summary(ours.stepMs).median / median;
      return `| ${name} ${version} | ${figure(median)} | ${figure(low)} – ${figure(high)} | ${figure(least)} | ${figure(ratio)} | ${prepareMs.toFixed(0)} |`;
    });
    return [
      `## ${workload.title}`,
      "",
      `| | ms a step, median | quartiles | least | ${ours.name}'s ÷ this | ready after, ms |`,
      "|---|---|---|---|---|---|",
      ...rows,
      "",
      `${load}.`,
      "",
    ].join("\n");
  });
  const intro =
    `# Benchmarks\n\nWritten by \`npm run bench -- --docs\`. ${machine}; ${threads} threads each (TensorFlow.js has one in Node); ` +
    `${plan.rounds} interleaved rounds of at least ${plan.leastMs} ms. Every contender starts from the same weights, sees the same ` +
    "batches and reports the same losses in the first five steps.\n";
  return `${[intro, ...pages].join("\n")}`;
}

function summary(values: readonly number[]) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { median: at(0.5), low: at(0.25), high: at(0.75), least: sorted[0]! };
}

const figure = (value: number) => value.toPrecision(3);
