import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { nameOfTask, type Result, type Task } from "./result.js";
import { decode } from "./store.js";

export interface PoolOptions {
  readonly workers: number;
  /** Minutes after which a task is given up. */
  readonly minutes: number;
  /** Measures again what was measured before. */
  readonly fresh: boolean;
  /** The program that does a task. Default: the one that trains. */
  readonly program?: URL;
  readonly onResult: (result: Result, done: number) => void;
}

type Answer = { readonly result: string } | { readonly problem: string };

/** Does tasks in processes of their own, so that one that breaks or hangs takes only itself along. */
export async function performAll(
  tasks: readonly Task[],
  { workers, minutes, fresh, onResult, program = new URL("child.ts", import.meta.url) }: PoolOptions,
): Promise<void> {
  const queue = [...tasks];
  let done = 0;
  const work = async (): Promise<void> => {
    let child: ChildProcess | null = null;
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      child ??= fork(fileURLToPath(program), { execArgv: ["--import", import.meta.resolve("tsx")] });
      const started = performance.now();
      const answer = await ask(child, { task, fresh }, minutes);
      if (answer === null || "problem" in answer) {
        child.kill("SIGKILL");
        child = null;
      }
      onResult(resultOf(task, answer, minutes, (performance.now() - started) / 1000), ++done);
    }
    child?.kill();
  };
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work));
}

/** What a child answers; null where it does not. */
function ask(child: ChildProcess, message: { task: Task; fresh: boolean }, minutes: number): Promise<Answer | null> {
  return new Promise((resolve) => {
    const end = (answer: Answer | null): void => {
      clearTimeout(timer);
      child.off("message", end).off("exit", gone);
      resolve(answer);
    };
    const gone = (code: number | null, signal: string | null): void => end({ problem: `the process ended: ${signal ?? code}` });
    const timer = setTimeout(() => end(null), minutes * 60_000);
    child.on("message", end).on("exit", gone);
    child.send(message);
  });
}

function resultOf(task: Task, answer: Answer | null, minutes: number, seconds: number): Result {
  if (answer !== null && "result" in answer) return decode(answer.result) as Result;
  const message = answer === null ? `not done after ${minutes} minutes` : answer.problem;
  const { case: name, part, recipe } = task;
  return { kind: "failure", case: name, part, recipe, task: nameOfTask(task), message, seconds: Math.round(seconds) };
}
