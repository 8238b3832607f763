import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A project of somebody else, in a folder of its own, with the packed package installed. */
export interface Consumer {
  readonly folder: string;
  /** Paths in the tarball. */
  readonly packed: readonly string[];
  write(files: Readonly<Record<string, string>>): void;
  /** Runs a program in the folder; its failure carries what it printed. */
  run(program: string, ...args: string[]): Promise<{ stdout: string; stderr: string }>;
  remove(): void;
}

/** Builds and packs the package as for a release, and installs it where nothing of this repository can be reached by accident. */
export async function createConsumer(): Promise<Consumer> {
  const folder = mkdtempSync(join(tmpdir(), "softgrad-consumer-"));
  const consumer: Consumer = {
    folder,
    packed: [],
    write: (files) => {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    },
    run: (program, ...args) => execute(program, args, folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  await execute("npm", ["run", "build"], process.cwd());
  const { stdout } = await execute("npm", ["pack", "--json", "--pack-destination", folder], process.cwd());
  const report = JSON.parse(stdout) as Record<string, PackReport> | PackReport[];
  const [pack] = Object.values(report) as [PackReport];
  consumer.write({ "package.json": JSON.stringify({ name: "consumer", private: true, type: "module" }) });
  await execute(
    "npm",
    ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", `./${pack.filename}`],
    folder,
  );
  return { ...consumer, packed: pack.files.map((file) => file.path) };
}

interface PackReport {
  filename: string;
  files: { path: string }[];
}

/** Long enough for a slow network; what hangs fails. */
const timeoutMs = 180_000;

async function execute(program: string, args: string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  try {
    return await promisify(execFile)(program, args, { cwd, timeout: timeoutMs, maxBuffer: 1 << 26 });
  } catch (cause) {
    const { stdout, stderr, killed } = cause as { stdout: string; stderr: string; killed: boolean };
    throw new Error(`${program} ${args.join(" ")}${killed ? ` did not end in ${timeoutMs} ms` : ""}\n${stdout}\n${stderr}`, {
      cause,
    });
  }
}
