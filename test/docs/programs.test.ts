import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { programsOf } from "../../tools/docs/programs.js";

const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync("docs").map((name) => `docs/${name}`)];
const programs = pages
  .filter((path) => path.endsWith(".md"))
  .flatMap((path) => programsOf(path, readFileSync(path, "utf8")))
  .map((program) => ({ ...program, file: `${program.place.replace(/[^\w]+/g, "-")}.ts` }));
const runnable = programs.filter(({ run }) => run);

/** A project of a reader, with the pages' programs as its files and this repository's source as its softgrad. */
const folder = mkdtempSync(join(tmpdir(), "softgrad-docs-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): string => join(folder, name);
const paths = {
  softgrad: [resolve("src/index.ts")],
  "softgrad/*": [resolve("src/*/index.ts")],
  "#platform/*": [resolve("src/run/platform/node/*")],
};
const compilerOptions = { noEmit: true, rootDir: "/", typeRoots: [resolve("node_modules/@types")], paths };
writeFileSync(
  inFolder("tsconfig.json"),
  JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions, include: ["*.ts"] }),
);
writeFileSync(inFolder("package.json"), JSON.stringify({ type: "module" }));
symlinkSync(resolve("node_modules"), inFolder("node_modules"));
for (const { file, text } of programs) writeFileSync(inFolder(file), text);

// All in one process, one after the other: starting one for each takes longer than the programs.
const runner = `
import { writeFileSync } from "node:fs";
const problems: Record<string, string | null> = {};
for (const file of ${JSON.stringify(runnable.map(({ file }) => file))}) {
  problems[file] = await import("./" + file).then(() => null, (error: Error) => error.stack ?? String(error));
}
writeFileSync("problems.json", JSON.stringify(problems));
`;
writeFileSync(inFolder("runner.mts"), runner);

async function execute(...args: readonly string[]): Promise<void> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: inFolder("tsconfig.json") };
  try {
    await promisify(execFile)(process.execPath, args, { cwd: folder, env, timeout: 300_000 });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${stdout}${stderr}`, { cause });
  }
}

test("the TypeScript in the documentation compiles", async () => {
  assert.ok(programs.length > 5);
  await execute(resolve("node_modules/typescript/bin/tsc"), "-p", ".");
});

test("the programs of the documentation run, and come to what their pages say", async (t) => {
  await execute("--import", import.meta.resolve("tsx"), "runner.mts");
  const problems = JSON.parse(readFileSync(inFolder("problems.json"), "utf8")) as Record<string, string | null>;
  for (const { place, file } of runnable) await t.test(place, () => assert.equal(problems[file], null));
});
