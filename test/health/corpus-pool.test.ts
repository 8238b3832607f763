import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { performAll } from "../../bench/health/measure/pool.js";
import type { Result, Task } from "../../bench/health/measure/result.js";

/** A program that does what the name of its task says. */
const program = `
process.on("message", ({ task }) => {
  if (task.case === "ends") process.exit(3);
  if (task.case === "throws") process.send({ problem: "Error: as it was told" });
  if (task.case === "works") process.send({ result: JSON.stringify({ kind: "examination", case: "works", score: "#NaN" }) });
});
`;

test("a task that throws, ends its process or hangs is a failure, and the others are done", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "softgrad-pool-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "child.mjs");
  writeFileSync(file, program);
  const tasks = ["works", "throws", "works", "ends", "hangs", "works"].map((name, seed): Task => ({ case: name, part: "tuned", recipe: "r", seed })); // biome-ignore format: one line
  const results: Result[] = [];
  await performAll(tasks, {
    workers: 1,
    minutes: 0.2,
    fresh: false,
    program: pathToFileURL(file),
    onResult: (result, done) => {
      results.push(result);
      assert.equal(done, results.length);
    },
  });
  assert.deepEqual(
    results.map((result) => (result.kind === "failure" ? `${result.case}, ${result.task}` : result.case)),
    ["works", "throws, seed 1", "works", "ends, seed 3", "hangs, seed 4", "works"],
  );
  const messages = results.flatMap((result) => (result.kind === "failure" ? [result.message] : []));
  assert.deepEqual(messages, ["Error: as it was told", "the process ended: 3", "not done after 0.2 minutes"]);
  assert.ok(results[0].kind === "examination" && Number.isNaN(results[0].score));
});
