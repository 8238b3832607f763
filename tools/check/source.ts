import { readdirSync, readFileSync } from "node:fs";
import { sep } from "node:path";

/** A file of the project: its path from the root, with forward slashes, and its text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file of ours under the folders, sorted by path. A folder that is not there has none. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  return folders
    .flatMap((folder) => list(root, folder))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, "utf8") }));
}

function list(root: string, folder: string): string[] {
  try {
    return readdirSync(`${root}/${folder}`, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts") && !name.split(sep).includes("node_modules"))
      .map((name) => `${folder}/${name.split(sep).join("/")}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Prints what is wrong and ends the process with 1, or says in one line that all is well. */
export function report(name: string, problems: readonly string[], summary: string): void {
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? `${name}: ${summary}` : `${name}: ${problems.length} to mend`);
  if (problems.length > 0) process.exitCode = 1;
}
