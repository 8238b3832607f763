import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { programsOf } from "../../tools/docs/programs.js";

const pages = ["README.md", "CONTRIBUTING.md", ...readdirSync("docs").map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith(".md"),
);
const programs = pages.flatMap((path) => programsOf(path, readFileSync(path, "utf8")));
const nameOf = (place: string): string => `${place.replace(/[^\w]+/g, "-")}.ts`;

/** A project of a reader, with the pages' programs as its files and this repository's source as its softgrad. */
const folder = mkdtempSync(join(tmpdir(), "softgrad-docs-"));
after(() => rmSync(folder, { recursive: true, force: true }));
const paths = {
  softgrad: [resolve("src/index.ts")],
  "softgrad/*": [resolve("src/*/index.ts")],
  "#platform/*": [resolve("src/run/platform/node/*")],
};
const options = {
  noEmit: true,
  rootDir: "/",
  typeRoots: [resolve("node_modules/@types")],
  allowImportingTsExtensions: true,
  paths,
};
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({ extends: resolve("tsconfig.json"), compilerOptions: options, include: ["*.ts"] }),
);
writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
for (const { place, text } of programs) writeFileSync(join(folder, nameOf(place)), text);

async function run(args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(folder, "tsconfig.json") };
  try {
    return (await promisify(execFile)(process.execPath, args, { cwd, env, timeout: 120_000 })).stdout;
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout: string; stderr: string };
    throw new Error(`${stdout}${stderr}`, { cause });
  }
}

test("the TypeScript in the documentation compiles", async () => {
  assert.ok(programs.length > 5);
  await run([resolve("node_modules/typescript/bin/tsc"), "-p", "."], folder);
});

for (const { place, run: runs } of programs) {
  if (!runs) continue;
  test(`the program at ${place} runs, and comes to what its page says`, async () => {
    const own = join(folder, `at-${nameOf(place)}`);
    mkdirSync(own);
    await run(["--import", import.meta.resolve("tsx"), join(folder, nameOf(place))], own);
  });
}
