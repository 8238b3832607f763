import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { readFileBytes, writeFileAtomic } from "#platform/files.js";
import { fault } from "../../ir/fault.js";
import { type GivenSettings, readSettings, type TrainSettings } from "./settings.js";

/** The files of a run. The report is written last: where it is, the run is finished. */
const files = {
  config: "config.json",
  checkpoint: "checkpoint.safetensors",
  best: "best.safetensors",
  metrics: "metrics.jsonl",
  model: "model.onnx",
  parameters: "model.safetensors",
  vocabulary: "vocabulary.json",
  pieces: "vocab.txt",
  vectors: "vectors.txt",
  health: "health.json",
  healthReport: "health.html",
  report: "report.html",
} as const;

export type RunFile = keyof typeof files;

/** What config.json says: how to do the run again, and on which samples. */
export interface RunConfig {
  readonly format: string;
  readonly settings: TrainSettings;
  readonly fingerprint: string;
}

const FORMAT = "softgrad run 1";

/** The folder of a run. Every file in it is whole at every moment, except that the last line of metrics.jsonl may be cut short. */
export interface RunFolder {
  readonly path: string;
  pathOf(file: RunFile): string;
  has(file: RunFile): boolean;
  read(file: RunFile): Promise<Uint8Array>;
  write(file: RunFile, content: Uint8Array | string): Promise<void>;
  /** Adds a line at the end. */
  append(file: RunFile, line: string): Promise<void>;
  writeConfig(config: Omit<RunConfig, "format">): Promise<void>;
  /** Deletes the files of a run, and nothing else. */
  clear(): void;
}

export function runFolder(path: string): RunFolder {
  const pathOf = (file: RunFile): string => join(path, files[file]);
  return {
    path,
    pathOf,
    has: (file) => existsSync(pathOf(file)),
    read: (file) => readFileBytes(pathOf(file)),
    write: (file, content) => writeFileAtomic(pathOf(file), content),
    append: (file, line) => appendFile(pathOf(file), `${line}\n`),
    writeConfig: (config) => writeFileAtomic(pathOf("config"), `${JSON.stringify({ format: FORMAT, ...config }, null, 2)}\n`),
    clear: () => {
      if (!existsSync(path)) return;
      for (const name of Object.values(files)) rmSync(join(path, name), { force: true });
    },
  };
}

/** A folder for a new run: one that is not there yet, or empty, or may be cleared. */
export function newFolder(path: string, { force }: { force: boolean }): RunFolder {
  const folder = runFolder(path);
  if (!existsSync(path)) return folder;
  if (!statSync(path).isDirectory()) throw fault(path, "this is a file, not a folder", { fix: "choose another: --output DIR" });
  if (force || readdirSync(path).length === 0) return folder;
  if (folder.has("report")) {
    throw fault(path, "there is a finished run in this folder", {
      fix: "choose another by --output DIR, or replace it by --force",
    });
  }
  if (folder.has("config")) {
    throw fault(path, "there is a run in this folder that is not finished", {
      fix: `go on with it by --resume ${path}, or replace it by --force`,
    });
  }
  throw fault(path, "the folder is not empty", { fix: "choose another by --output DIR, or write into it by --force" });
}

/** The folder of a run that began, and how it was set. */
export async function existingRun(path: string): Promise<{ folder: RunFolder; config: RunConfig }> {
  const folder = runFolder(path);
  if (!folder.has("config")) {
    const got = existsSync(path) ? "a folder without config.json" : "nothing there";
    throw fault(path, "there is no run to go on with", { got, fix: "name the folder of a run, as --output did" });
  }
  const where = folder.pathOf("config");
  const text = new TextDecoder().decode(await folder.read("config"));
  const { format, settings, fingerprint } = parseObject(text, where);
  if (format !== FORMAT || typeof settings !== "object" || settings === null || typeof fingerprint !== "string") {
    throw fault(where, "this is not the configuration of a run", { expected: FORMAT, got: String(format ?? "no format") });
  }
  return { folder, config: { format: FORMAT, settings: readSettings(settings as GivenSettings), fingerprint } };
}

function parseObject(text: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw fault(where, "the file is not JSON", { got: text.slice(0, 60) }, error);
  }
  throw fault(where, "the file holds no JSON object", { got: text.slice(0, 60) });
}
