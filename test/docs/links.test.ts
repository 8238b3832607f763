import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { anchors, codeBlocks, links } from "../../tools/docs/markdown.js";

const skipped = ["node_modules", "dist", "runs"];
const pages = readdirSync(".", { withFileTypes: true })
  .filter((entry) => !entry.name.startsWith(".") && !skipped.includes(entry.name))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(entry.name, { recursive: true, encoding: "utf8" }).map((name) => join(entry.name, name))
      : [entry.name],
  )
  .filter((path) => path.endsWith(".md") && !path.includes("node_modules"));
const textOf = new Map(pages.map((path) => [path, readFileSync(path, "utf8")]));

for (const path of pages) {
  test(`${path}: every link leads somewhere`, () => {
    const dead = links(textOf.get(path) ?? "").flatMap(({ target, line }) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [file, anchor] = target.split("#");
      const goal = file === "" ? path : normalize(join(dirname(path), decodeURIComponent(file)));
      if (!existsSync(goal)) return [`line ${line}: ${target}: there is no ${goal}`];
      if (anchor === undefined || !goal.endsWith(".md")) return [];
      return anchors(readFileSync(goal, "utf8")).has(anchor) ? [] : [`line ${line}: ${target}: there is no such heading`];
    });
    assert.deepEqual(dead, []);
  });
}

test("commands in the documentation name scripts, examples and files that exist", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const known = new Set(["ci", "install", ...Object.keys(scripts)]);
  const wrong = pages.flatMap((path) =>
    codeBlocks(textOf.get(path) ?? "")
      .filter(({ info }) => info === "sh")
      .flatMap(({ text, line }) => text.split("\n").map((command, i) => ({ command, place: `${path}:${line + i}` })))
      .flatMap(({ command, place }) => {
        const [, script] = /^npm (?:run )?([\w:-]+)/.exec(command) ?? [];
        const [, file] = /(?:npx tsx|node --import tsx) (\S+\.ts)/.exec(command) ?? [];
        const missing = (script !== undefined && !known.has(script)) || (file !== undefined && !existsSync(file));
        return missing ? [`${place}: ${command}`] : [];
      }),
  );
  assert.deepEqual(wrong, []);
});
