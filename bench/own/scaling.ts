import { tower, type Workload } from "../workloads.js";
import { startTraining, steps, type Training } from "./network.js";
import { figure, median, type Section, timed } from "./section.js";

/** Milliseconds a step of each workload, all of them started first and then timed in turn. */
async function compare(workloads: readonly Workload[], rounds = 7): Promise<number[]> {
  const trainings: Training[] = [];
  for (const workload of workloads) trainings.push(await startTraining(workload));
  const times: number[][] = workloads.map(() => []);
  for (const training of trainings) await steps(training, 5);
  for (let round = 0; round < rounds; round++) {
    for (const [i, training] of trainings.entries()) times[i].push((await timed(() => steps(training, 30))).ms / 30);
  }
  for (const { runtime } of trainings) await runtime.close();
  return times.map(median);
}

/** Growth of the time per step against growth of the work, from the smallest entry to each. */
function section(name: string, what: string, sizes: readonly number[], times: readonly number[]): Section {
  const growth = sizes.map((size, i) => times[i] / times[0] / (size / sizes[0]));
  return {
    name,
    title: `Time per step against ${what}`,
    how: `784-${what === "depth" ? "depth" : "20"}×128-10 tanh, SGD, ${what === "depth" ? "batch 128" : "any batch"}; the entries take turns, medians of 7 rounds of 30 steps.`,
    header: [what, "ms a step", "growth ÷ linear growth"],
    rows: sizes.map((size, i) => [String(size), figure(times[i]), figure(growth[i])]),
    findings: [`no faster than linear (within 10 %): ${growth.every((value) => value <= 1.1) ? "yes" : "no"}`],
  };
}

export async function measureDepth(): Promise<Section> {
  const depths = [10, 20, 40, 80];
  return section("depth", "depth", depths, await compare(depths.map((depth) => tower(depth))));
}

export async function measureBatch(): Promise<Section> {
  const sizes = [64, 128, 256, 512, 1024];
  return section("batch", "batch size", sizes, await compare(sizes.map((batch) => tower(20, batch))));
}
