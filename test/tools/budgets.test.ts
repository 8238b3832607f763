import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { checkBundles, checkLines } from "../../tools/check/budgets.js";
import { measureBundles } from "../../tools/check/bundles.js";

const lines = (count: number): string => "x;\n".repeat(count);

test("a file of 300 lines fits its budget, one more does not", () => {
  assert.deepEqual(checkLines([{ path: "src/ops/a.ts", text: lines(300) }]), []);
  assert.deepEqual(checkLines([{ path: "src/ops/a.ts", text: lines(301) }]), [
    "src/ops/a.ts: 301 lines, the budget is 300; split it by idea",
  ]);
});

test("a heavy entry, one without a budget, and one that no browser can load are told", () => {
  assert.deepEqual(checkBundles({ nn: 9.9 }, { nn: 10 }), []);
  assert.deepEqual(checkBundles({ nn: 10.04 }, { nn: 10 }), ["softgrad/nn: 10.0 kB, the budget is 10 kB"]);
  assert.deepEqual(checkBundles({ toys: 1 }, { nn: 10 }), ["softgrad/toys: has no bundle budget in tools/check/budgets.ts"]);
  assert.deepEqual(checkBundles({ nn: new Error("node:fs") }, { nn: 10 }), ["softgrad/nn: no browser can load it: node:fs"]);
});

test("bundles take the web half, count neither outside packages nor what loads later, and refuse Node's modules", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "softgrad-bundles-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const bulk = Array.from({ length: 20_000 }, (_, i) => ((i * 2654435761) % 4294967296).toString(36)).join("");
  const entry = (name: string): object => ({ default: `./dist/${name}.js` });
  write(
    "package.json",
    JSON.stringify({ exports: { ".": entry("index"), "./nn": entry("nn/index"), "./optim": entry("optim/index") } }),
  );
  write("src/run/platform/node/half.ts", `import "node:fs"; export const half = "${bulk}";`);
  write("src/run/platform/web/half.ts", 'export const half = "web";');
  write(
    "src/index.ts",
    'import * as ort from "onnxruntime-web"; import { half } from "#platform/half.js"; console.log(half, ort);',
  );
  write("src/nn/index.ts", 'import { readFileSync } from "node:fs"; console.log(readFileSync);');
  write("src/optim/index.ts", `console.log("${bulk}");`);

  const { index, nn, optim } = await measureBundles(root);
  assert.ok(typeof index === "number" && index < 0.2, String(index));
  assert.match(String(nn), /node:fs/);
  assert.ok(typeof optim === "number" && optim > 50, String(optim));
});
