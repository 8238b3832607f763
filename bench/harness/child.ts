// The process of one JavaScript contender: reads one JSON command a line, answers with one JSON line.
// node child.ts <contender module> <problem folder> <options as JSON>
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import type { Contender, Training } from "./contender.js";
import { readProblem } from "./data.js";

const [modulePath, folder, optionsText] = process.argv.slice(2) as [string, string, string];

try {
  const { contender } = (await import(pathToFileURL(modulePath).href)) as { contender: Contender };
  const start = performance.now();
  const training = await contender.prepare(readProblem(folder), JSON.parse(optionsText));
  answer({ version: contender.version(), prepareMs: performance.now() - start });
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
  return { ms, cpuMs: (user + system) / 1000, loss: await training.loss() };
}

function answer(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
