import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import test from "node:test";
import { run } from "../../src/cli/run.js";
import { duration, matrixText } from "../../src/cli/train/text.js";
import { quick, temporaryFolder } from "./support.js";

test("the confusion matrix stands in columns", () => {
  const matrix = { confusion: [[105, 0], [3, 7]], classNames: ["a", "a rather long name"] }; // biome-ignore format: one line
  assert.deepEqual(matrixText(matrix), [
    "confusion matrix: rows are true, columns predicted",
    "  true         │             a  a rather lo…",
    "  ─────────────┼────────────────────────────",
    "  a            │           105             ·",
    "  a rather lo… │             3             7",
  ]);
});

test("a matrix that no terminal has room for is left to the report", () => {
  const classNames = Array.from({ length: 100 }, (_, i) => `class ${i}`);
  const confusion = classNames.map(() => classNames.map(() => 0));
  assert.deepEqual(matrixText({ confusion, classNames }), ["confusion matrix of 100 classes: in the report"]);
});

test("names too long to stand above the columns are numbered", () => {
  const classNames = Array.from({ length: 12 }, (_, i) => `category ${i}`);
  const confusion = classNames.map((_, i) => classNames.map((_, j) => (i === j ? 1 : 0)));
  const [, header, , first] = matrixText({ confusion, classNames });
  assert.equal(header, `  true           │${classNames.map((_, i) => String(i).padStart(4)).join("")}`);
  assert.equal(first, `   0 category 0  │   1${"   ·".repeat(11)}`);
});

test("durations are told in units that fit", () => {
  const shown = [0, 0.04, 9.96, 59.4, 59.6, 75, 3599.6, 7384].map(duration);
  assert.deepEqual(shown, ["0.0 s", "0.0 s", "10.0 s", "59 s", "1 min 0 s", "1 min 15 s", "1 h 0 min", "2 h 3 min"]);
  assert.equal(duration(Number.NaN), "–");
});

test("on a terminal a bar shows the epoch, the loss and the rate, and makes room for the results", async (t) => {
  const screen = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  }) as unknown as NodeJS.WriteStream;
  let drawn = "";
  screen.on("data", (chunk: Buffer) => {
    drawn += chunk.toString();
  });
  const out: string[] = [];
  const code = await run(["train", ...quick, "--output", `${temporaryFolder(t)}/run`], {
    out: (text) => void out.push(text),
    err: assert.fail,
    screen,
    env: {},
    now: () => new Date(0),
    onInterrupt: () => () => undefined,
  });
  assert.equal(code, 0);
  assert.match(drawn, /[█░]+ \d+ % {3}epoch 3\/3 {3}loss \d\.\d{4} {3}test \d+\.\d % {3}[\d,]+ samples\/s/);
  assert.match(drawn, /100 %/);
  assert.doesNotMatch(out.join("\n"), /epoch 1\/3/);
  assert.match(out.join("\n"), /test accuracy/);
});
