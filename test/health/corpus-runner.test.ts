import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import type { Case } from "../../bench/health/corpus/case.js";
import type { Cure, Examination, Failure, Task } from "../../bench/health/measure/result.js";
import { addResult, latest, missing, readResults } from "../../bench/health/measure/store.js";
import { namedLayer, summarise } from "../../bench/health/measure/summary.js";

const faulty = (name: string, layers: readonly string[] | null = ["0"]): Case =>
  ({ kind: "faulty", name, symptoms: ["vanishing gradient"], causes: ["smallStart"], layers, goal: 0.9 }) as unknown as Case;
const control = (name: string): Case => ({ kind: "control", name, goal: 0.9 }) as unknown as Case;

const examination = (of: string, part: Examination["part"], seed: number, given: Partial<Examination> = {}): Examination => ({
  kind: "examination",
  case: of,
  part,
  recipe: "r",
  seconds: 1,
  seed,
  score: 0.5,
  reference: 0.9,
  steps: 200,
  verdict: "ill",
  findings: [{ symptom: "vanishing gradient", severity: "confirmed", critical: true, layer: "0" }],
  causes: [{ cause: "smallStart", layer: "0", weight: 1 }],
  decidedAt: 20,
  rivals: { "a rival": true },
  ...given,
});

const cure = (of: string, after: readonly number[], given: Partial<Cure> = {}): Cure => ({
  kind: "cure",
  case: of,
  part: "tuned",
  recipe: "r",
  seconds: 1,
  remedies: ["he"],
  verdict: "proved",
  pairs: after.map((score, seed) => ({ seed, before: 0.5, after: score })),
  reference: 0.9,
  cost: { search: 1.5, proof: 7 },
  ...given,
});

test("shares count trainings, causes count among those that were found, and layers where there is one", () => {
  const cases = [faulty("a"), faulty("b", null), control("c")];
  const { tuned, held, both, controls, detections } = summarise(cases, [
    examination("a", "tuned", 0),
    examination("a", "tuned", 1, { verdict: "healthy", findings: [], causes: [], rivals: { "a rival": false } }),
    examination("a", "tuned", 2, { verdict: "risk" }),
    examination("b", "held", 0, { causes: [{ cause: "tooDeep", layer: "4", weight: 1 }, { cause: "smallStart", layer: null, weight: 0.5 }] }), // biome-ignore format: one line
    examination("c", "tuned", 0, { verdict: "healthy" }),
    examination("c", "held", 1, { verdict: "ill" }),
  ]);
  assert.deepEqual([tuned.recall.hits, tuned.recall.count, tuned.suspected.hits], [1, 3, 2]);
  assert.deepEqual([both.recall.hits, both.recall.count, both.cases], [2, 4, 2]);
  assert.deepEqual([held.firstCause.hits, held.secondCause.hits, held.layer.count], [0, 1, 0]);
  assert.deepEqual([tuned.firstCause.hits, tuned.layer.hits], [1, 1]);
  assert.deepEqual([controls.both.falsePositives.hits, controls.both.falsePositives.count, controls.both.cases], [1, 2, 1]);
  assert.deepEqual([controls.tuned.falsePositives.hits, controls.held.falsePositives.hits], [0, 1]);
  // Found where it failed, missed where it failed, and a risk where it failed.
  assert.deepEqual([tuned.agreement.hits, tuned.agreement.count], [1, 3]);
  assert.deepEqual([tuned.time.medianStep, tuned.time.medianShare], [20, 0.1]);
  assert.deepEqual(
    detections.map(({ name, recall, falsePositives }) => [name, recall.hits, falsePositives.hits]),
    [["softgrad", 2, 1], ["a rival", 3, 2]], // biome-ignore format: one line
  );
});

test("recovered is within five points of the repaired program, and what has no remedy keeps its score", () => {
  const cases = [faulty("a"), faulty("b"), faulty("d")];
  const { both } = summarise(cases, [
    cure("a", [0.86, 0.84, 0.95]),
    cure("b", [0.5, 0.5, 0.5], { remedies: null, verdict: null, cost: { search: 4, proof: 0 } }),
    cure("d", [0.3, 0.9, Number.NaN], { verdict: "improved", cost: { search: 2, proof: 8 } }),
  ]);
  assert.deepEqual([both.recovery.hits, both.recovery.count, both.recoveryBefore.hits], [3, 9, 0]);
  assert.deepEqual([both.worse.hits, both.proved.hits, both.proved.count], [2, 1, 3]);
  assert.deepEqual(both.search, { median: 2, most: 4 });
});

test("nothing run yet gives no shares and no lines", () => {
  const { both, lines, detections } = summarise([faulty("a")], []);
  assert.equal(both.recall.count, 0);
  assert.ok(Number.isNaN(both.search.median));
  assert.deepEqual([lines.length, detections.length], [0, 1]);
});

test("a diagnosis points at the layer of its first cause, or else at that of its gravest finding", () => {
  assert.equal(namedLayer(examination("a", "tuned", 0)), "0");
  assert.equal(namedLayer(examination("a", "tuned", 0, { causes: [{ cause: "x", layer: null, weight: 1 }] })), "0");
  assert.equal(namedLayer(examination("a", "tuned", 0, { causes: [], findings: [] })), null);
});

test("results survive the file, with what is no number, and what failed or has changed is done again", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "softgrad-corpus-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "results", "corpus.jsonl");
  assert.deepEqual(readResults(file), []);
  const failure: Failure = { kind: "failure", case: "b", part: "tuned", recipe: "r", seconds: 1, task: "cure", message: "m" };
  const broken = examination("a", "tuned", 1, { score: Number.NaN, decidedAt: Infinity });
  for (const row of [examination("a", "tuned", 0), broken, failure, cure("c", [0.9])]) addResult(file, row);
  appendFileSync(file, '{"kind":"examination","case":"a","se');
  const rows = readResults(file);
  assert.deepEqual(rows[1], broken);
  assert.equal(rows.length, 4);
  const task = (name: string, seed: number | null, recipe = "r"): Task => ({ case: name, part: "tuned", recipe, seed });
  const tasks = [task("a", 0), task("a", 0, "new"), task("a", 2), task("b", null), task("c", null)];
  assert.deepEqual(missing(tasks, rows), [tasks[1], tasks[2], tasks[3]]);
});

test("what was run again counts as it came out last", () => {
  const rows = latest([examination("a", "tuned", 0, { verdict: "healthy" }), examination("a", "tuned", 0)]);
  assert.deepEqual(
    rows.map((row) => row.kind === "examination" && row.verdict),
    ["ill"],
  );
});
