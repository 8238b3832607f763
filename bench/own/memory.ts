import { dot, gridY, line, text } from "@observablehq/plot";
import { chartSvg } from "../../src/plot/svg.js";
import { workloads } from "../workloads.js";
import { startTraining, steps } from "./network.js";
import { figure, type Section } from "./section.js";

const STEPS = 10_000;
const SAMPLES = 50;
const MEGABYTE = 2 ** 20;
/** Growth over the second half that still counts as flat. */
const FLAT_MEGABYTES = 16;

interface Sample {
  readonly step: number;
  readonly resident: number;
  readonly heap: number;
}

/** Resident set and heap over ten thousand steps. */
export async function measureMemory(): Promise<Section> {
  const [workload] = workloads;
  const training = await startTraining(workload);
  await steps(training, 200);
  const samples: Sample[] = [];
  for (let i = 0; i <= SAMPLES; i++) {
    if (i > 0) await steps(training, STEPS / SAMPLES);
    const { rss, heapUsed } = process.memoryUsage();
    samples.push({ step: (i * STEPS) / SAMPLES, resident: rss / MEGABYTE, heap: heapUsed / MEGABYTE });
  }
  await training.runtime.close();
  const half = samples.slice(SAMPLES / 2);
  const growth = (name: "resident" | "heap"): number => (samples.at(-1)?.[name] ?? 0) - half[0][name];
  const flat = growth("resident") < FLAT_MEGABYTES && growth("heap") < FLAT_MEGABYTES;
  return {
    name: "memory",
    title: `Memory over ${STEPS} steps: ${workload.title}`,
    how: "One process, the runtime in its worker thread; sampled without forcing a collection.",
    header: ["steps", "resident set, MB", "heap, MB"],
    rows: samples
      .filter((_, i) => i % 10 === 0)
      .map(({ step, resident, heap }) => [String(step), figure(resident), figure(heap)]),
    findings: [
      `growth over the second half: ${figure(growth("resident"))} MB resident, ${figure(growth("heap"))} MB heap`,
      `flat: ${flat ? "yes" : "no"}`,
    ],
    svg: memoryChart(samples),
  };
}

function memoryChart(samples: readonly Sample[]): string {
  const curves = (["resident", "heap"] as const).map((name) =>
    samples.map((sample) => ({ step: sample.step, megabytes: sample[name], name })),
  );
  return chartSvg("memory over steps", {
    width: 640,
    height: 300,
    marginLeft: 52,
    x: { label: "step →", labelAnchor: "right" },
    y: { label: "↑ MB", domain: [0, Math.max(...samples.map(({ resident }) => resident)) * 1.1] },
    marks: [
      gridY({ strokeOpacity: 0.12 }),
      ...curves.flatMap((curve) => [
        line(curve, { x: "step", y: "megabytes", strokeWidth: 1.8 }),
        dot(curve.slice(-1), { x: "step", y: "megabytes", r: 3 }),
        text(curve.slice(-1), { x: "step", y: "megabytes", text: "name", dy: -10, textAnchor: "end" }),
      ]),
    ],
  });
}
