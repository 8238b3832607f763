import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A contender as the main program sees it: a child process to which commands are sent. */
export interface Remote {
  readonly name: string;
  readonly version: string;
  /** Time until the first step could be asked for, compiling included. */
  readonly prepareMs: number;
  /** Numbers that are trained; 0 where they are not counted. */
  readonly parameters: number;
  readonly stepsPerCall: number;
  losses(count: number): Promise<number[]>;
  time(steps: number): Promise<Timing>;
  close(): void;
}

export interface Timing {
  readonly ms: number;
  readonly cpuMs: number;
  readonly loss: number;
  /** Largest resident set of the process so far, where it is told. */
  readonly peakMb?: number;
}

export interface Launch {
  readonly name: string;
  /** A .ts module that exports `contender`, or a .py program, from contenders/. */
  readonly file: string;
  /** The .ts file is a program that speaks the protocol itself (harness/serve.ts). */
  readonly alone?: boolean;
  readonly python?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly threads: number;
}

/** Starts a contender on a problem folder and waits until it is ready. */
export async function launch(
  { name, file, alone = false, python, options = {}, threads }: Launch,
  folder: string,
): Promise<Remote> {
  const path = fileURLToPath(new URL(`../contenders/${file}`, import.meta.url));
  const child = fileURLToPath(new URL("child.ts", import.meta.url));
  const all = { threads: String(threads), ...options };
  const [program, args] = file.endsWith(".py")
    ? [python ?? "python3", [path, folder, JSON.stringify(all)]]
    : [process.execPath, ["--import", "tsx", ...(alone ? [path] : [child, path]), folder, JSON.stringify(all)]];
  const started = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: environment(threads) });
  const ask = conversation(name, started);
  const ready = (await ask(null)) as { version: string; prepareMs: number; parameters?: number };
  const { version, prepareMs, parameters = 0 } = ready;
  return {
    name,
    version,
    prepareMs,
    parameters,
    stepsPerCall: Number(options.steps ?? 1),
    losses: async (count) => ((await ask({ losses: count })) as { losses: number[] }).losses,
    time: async (steps) => (await ask({ steps })) as Timing,
    close: () => started.stdin?.end(),
  };
}

/** Libraries that ignore an option for the number of threads read it from the environment. */
function environment(threads: number): NodeJS.ProcessEnv {
  const count = String(threads);
  return {
    ...process.env,
    OMP_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    OPENBLAS_NUM_THREADS: count,
    XLA_FLAGS: `--xla_cpu_multi_thread_eigen=${threads > 1} intra_op_parallelism_threads=${count}`,
    JAX_PLATFORMS: "cpu",
    NPROC: count,
  };
}

/** Sends a command, if any, and resolves with the next line the child prints. */
function conversation(name: string, child: ChildProcess): (command: object | null) => Promise<unknown> {
  let complaints = "";
  child.stderr!.on("data", (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4000);
  });
  const waiting: { resolve(value: unknown): void; reject(cause: Error): void }[] = [];
  createInterface({ input: child.stdout! }).on("line", (line) => {
    if (!line.startsWith("{")) return; // Some libraries greet on standard output.
    const message = JSON.parse(line) as { error?: string };
    const next = waiting.shift();
    if (message.error === undefined) next?.resolve(message);
    else next?.reject(new Error(`${name}: ${message.error}`));
  });
  child.on("exit", (code) => {
    for (const next of waiting.splice(0)) next.reject(new Error(`${name}: ended with code ${code}\n${complaints}`));
  });
  child.on("error", (cause) => {
    for (const next of waiting.splice(0)) next.reject(new Error(`${name}: cannot start: ${cause.message}`));
  });
  return (command) =>
    new Promise((resolve, reject) => {
      waiting.push({ resolve, reject });
      if (command !== null) child.stdin!.write(`${JSON.stringify(command)}\n`);
    });
}
