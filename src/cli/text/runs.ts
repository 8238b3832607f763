import { existsSync } from "node:fs";
import { fault } from "../../ir/fault.js";
import { type RunFile, runFolder } from "../train/run-folder.js";

export const TEXT_RUN = "softgrad text run 1";

/** What config.json of a finished run says. */
export interface TextRunConfig {
  readonly format: string;
  /** The command that made it. */
  readonly model: string;
  readonly file: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly shape: Readonly<Record<string, unknown>>;
}

/** A finished run to be used. */
export interface TextRun {
  readonly shape: Readonly<Record<string, unknown>>;
  bytes(file: RunFile): Promise<Uint8Array>;
  text(file: RunFile): Promise<string>;
  lines(file: RunFile): Promise<string[]>;
  pathOf(file: RunFile): string;
}

/** Opens the folder that `softgrad text <model>` left. */
export async function openRun(path: string, model: string): Promise<TextRun> {
  const folder = runFolder(path);
  if (!folder.has("config")) {
    throw fault(path, "there is no finished run in it", {
      got: existsSync(path) ? "a folder without config.json" : "nothing there",
      fix: `make one: softgrad text ${model} FILE`,
    });
  }
  const text = async (file: RunFile): Promise<string> => new TextDecoder().decode(await folder.read(file));
  const config = parsed(await text("config"), folder.pathOf("config"));
  if (config.format !== TEXT_RUN || config.model !== model) {
    throw fault(path, "this is the run of another command", {
      expected: `softgrad text ${model}`,
      got: config.format === TEXT_RUN ? `softgrad text ${config.model}` : String(config.format ?? "no format"),
    });
  }
  return {
    shape: config.shape,
    pathOf: folder.pathOf,
    bytes: folder.read,
    text,
    lines: async (file) => (await text(file)).trimEnd().split("\n"),
  };
}

function parsed(text: string, where: string): TextRunConfig {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as TextRunConfig;
  } catch (error) {
    throw fault(where, "the file is not JSON", { got: text.slice(0, 60) }, error);
  }
  throw fault(where, "the file holds no JSON object", { got: text.slice(0, 60) });
}
