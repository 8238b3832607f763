import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { TestContext } from "node:test";
import { run } from "../../src/cli/run.js";

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, with nobody watching. */
export async function softgrad(...args: string[]): Promise<Said> {
  const [out, err]: string[][] = [[], []];
  const code = await run(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    screen: null,
    env: {},
    now: () => new Date(2026, 0, 2, 3, 4, 5),
    onInterrupt: () => () => undefined,
  });
  return { code, out: out.join("\n"), err: err.join("\n") };
}

/** A command line in a process of its own. */
export function spawnSoftgrad(args: readonly string[], cwd = process.cwd()): ChildProcessByStdio<null, Readable, Readable> {
  const main = join(process.cwd(), "src/cli/main.ts");
  const loader = import.meta.resolve("tsx");
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(process.cwd(), "tsconfig.json") };
  const child = spawn(process.execPath, ["--import", loader, main, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  return child;
}

/** What a process said, once it has ended. */
export async function ended(
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<Said & { signal: NodeJS.Signals | null }> {
  let [out, err] = ["", ""];
  child.stdout.on("data", (text: string) => {
    out += text;
  });
  child.stderr.on("data", (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.once("close", (code, signal) => resolve({ code: code ?? -1, signal, out, err })));
}

/** An empty folder that is gone after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "softgrad-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Settings with which a run takes next to no time. */
export const quick = ["iris", "--layers", "8", "--epochs", "3"] as const;
