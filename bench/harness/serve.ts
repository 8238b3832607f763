import { createInterface } from "node:readline";
import type { Training } from "./contender.js";

/** What a child says of itself once it is ready. */
export interface Ready {
  readonly version: string;
  readonly training: Training;
  /** Numbers that are trained, where they are counted. */
  readonly parameters?: number;
}

/** The process of one JavaScript contender: says when it is ready, then reads one JSON command a line and answers with one JSON line. */
export async function serve(prepare: () => Promise<Ready>): Promise<never> {
  try {
    const start = performance.now();
    const { training, ...about } = await prepare();
    answer({ ...about, prepareMs: performance.now() - start });
    for await (const line of createInterface({ input: process.stdin })) {
      const command = JSON.parse(line) as { losses: number } | { steps: number };
      answer("losses" in command ? await losses(training, command.losses) : await timed(training, command.steps));
    }
    await training.dispose();
    process.exit(0);
  } catch (cause) {
    answer({ error: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) });
    process.exit(1);
  }
}

/** The loss of each of the next steps. */
async function losses(training: Training, count: number) {
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    await training.step();
    values.push(await training.loss());
  }
  return { losses: values };
}

/** Wall-clock and processor time of `steps` steps. */
async function timed(training: Training, steps: number) {
  const cpu = process.cpuUsage();
  const start = performance.now();
  if (training.stepMany) await training.stepMany(steps);
  else {
    for (let i = 0; i < steps; i++) {
      const pending = training.step();
      if (pending) await pending;
    }
  }
  await training.settle?.();
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  return { ms, cpuMs: (user + system) / 1000, peakMb, loss: await training.loss() };
}

function answer(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
