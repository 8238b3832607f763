import assert from "node:assert/strict";
import { test } from "node:test";
import { checkArrows } from "../../tools/check/arrows.js";

/** Files of an imagined src/, as path → text. */
const check = (files: Record<string, string>): string[] =>
  checkArrows(Object.entries(files).map(([path, text]) => ({ path: `src/${path}`, text })));

const platform = { "run/platform/node/files.ts": 'import "node:fs";', "run/platform/web/files.ts": "export {};" };

test("imports that go forward, and within a folder, are welcome", () => {
  assert.deepEqual(
    check({
      "ir/tensor.ts": 'import type { DType } from "./dtype.js";',
      "ir/dtype.ts": "",
      "diff/grad.ts": 'import { mul } from "../ops/mul.js";\nexport { tensor } from "../ir/tensor.js";',
      "ops/mul.ts": "",
      "index.ts": 'export * from "./diff/grad.js";',
      "cli/main.ts": 'import "../index.js";\nimport { readFile } from "node:fs/promises";',
    }),
    [],
  );
});

test("an import that goes back is told with its file and line", () => {
  assert.deepEqual(
    check({ "ir/tensor.ts": '\nimport { fault } from "./fault.js";\nimport type { Grad } from "../diff/grad.js";' }),
    ["src/ir/tensor.ts:3: imports diff/grad.ts, but diff comes after ir"],
  );
});

test("re-exports, imports over many lines, bare and dynamic imports are seen", () => {
  const texts = [
    'export * from "../diff/grad.js";',
    'import {\n  grad,\n  jvp,\n} from "../diff/grad.js";',
    'import "../diff/grad.js";',
    'const later = await import("../diff/grad.js");',
  ];
  for (const text of texts) assert.equal(check({ "ops/a.ts": text }).length, 1, text);
});

test("an import in a comment is prose", () => {
  assert.deepEqual(check({ "ir/a.ts": '/**\n * import { grad } from "../diff/grad.js";\n */\n// import "../cli/main.js";' }), []);
});

test("nothing but the command line imports the index", () => {
  assert.deepEqual(check({ "nn/linear.ts": 'import { add } from "../index.js";', "index.ts": "" }), [
    "src/nn/linear.ts:1: imports index.ts, but . comes after nn",
  ]);
});

test("the ONNX encoding imports only ir", () => {
  const problems = check({
    "lower/onnx/encode.ts": 'import { fault } from "../../ir/fault.js";\nimport { plan } from "../plan.js";',
  });
  assert.deepEqual(problems, ["src/lower/onnx/encode.ts:2: imports lower/plan.ts, but lower/onnx imports only ir"]);
});

test("folders of one rank may not import each other in a circle", () => {
  assert.deepEqual(check({ "nn/a.ts": 'import "../activations/b.js";', "activations/b.ts": "" }), []);
  const circle = check({
    "nn/a.ts": 'import "../activations/b.js";',
    "activations/b.ts": 'import "../random/c.js";',
    "random/c.ts": 'import "../nn/a.js";',
  });
  assert.equal(circle.length, 1);
  assert.match(
    circle[0] ?? "",
    /nn → activations → random → nn \(src\/nn\/a\.ts:1, src\/activations\/b\.ts:1, src\/random\/c\.ts:1\)/,
  );
});

test("Node's modules stay where browsers do not look", () => {
  assert.deepEqual(check({ "train/save.ts": 'import { readFile } from "node:fs/promises";' }), [
    "src/train/save.ts:1: imports node:fs/promises, but browsers load this file",
  ]);
  assert.deepEqual(check({ "run/native.ts": 'const ort = await import("onnxruntime-node");' }), [
    "src/run/native.ts:1: imports onnxruntime-node, but browsers load this file",
  ]);
  assert.deepEqual(
    check({ "run/platform/node/native.ts": 'import "onnxruntime-node";', "data/node/read.ts": 'import "node:fs";' }),
    [],
  );
});

test("the node half is reached through #platform/, and both halves exist", () => {
  assert.deepEqual(check({ ...platform, "train/save.ts": 'import { write } from "#platform/files.js";' }), []);
  assert.deepEqual(check({ ...platform, "train/save.ts": 'import { write } from "../run/platform/node/files.js";' }), [
    "src/train/save.ts:1: imports run/platform/node/files.ts, which only Node can load; go through #platform/",
  ]);
  assert.deepEqual(check({ "run/platform/node/files.ts": "", "train/save.ts": 'import { write } from "#platform/files.js";' }), [
    "src/train/save.ts:1: imports #platform/files.js, but there is no src/run/platform/web/files.ts",
  ]);
});

test("a folder without a rank is told", () => {
  assert.deepEqual(check({ "utils/a.ts": "" }), ["src/utils/a.ts: folder utils has no rank in tools/check/arrows.ts"]);
});
