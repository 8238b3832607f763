import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { createHost } from "../../src/run/create.js";
import type { Host, Plan } from "../../src/run/host.js";
import { faultOf } from "./conformance.js";
import { accumulate, f, floats, op, plan } from "./support.js";

/** A chain of eight 1024 × 1024 matrix products made of one number: some hundred milliseconds of work. */
const long: Plan = plan(
  [f("x", [1, 1])],
  [f("y")],
  [
    op("Expand x size -> a0"),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map((index) => op(`MatMul a${index} a0 -> a${index + 1}`)),
    op("ReduceMax a8 -> y", { keepdims: { kind: "int", value: 0 } }),
  ],
  [{ name: "size", type: "int64", shape: [2], data: [1024, 1024] }],
);

async function ticksDuring(host: Host): Promise<number> {
  const session = await host.load(long);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1).unref();
  const result = session.run([floats(1)]);
  await new Promise((resolve) => setTimeout(resolve, 1));
  ticks = 0;
  assert.deepEqual(await result, [floats(2 ** 80)]);
  clearInterval(timer);
  await host.close();
  return ticks;
}

test("timers go on while a model runs in the worker thread", async () => {
  assert.ok((await ticksDuring(await createHost({ runtime: "native", threads: 1 }))) >= 5);
});

test("timers get their turn between calls that run in the calling thread", async () => {
  const host = await createHost({ runtime: "native", worker: false });
  const session = await host.load(accumulate);
  const state = await host.createState([{ dtype: "float32", shape: [2], data: floats(0, 0) }]);
  let ticked = false;
  setTimeout(() => {
    ticked = true;
  }, 1);
  let calls = 0;
  for (; !ticked && calls < 1e6; calls++) await session.run([floats(1, 1)], state);
  assert.ok(ticked, `not in ${calls} calls`);
  await host.close();
});

/** Runs a program that imports createHost and the plans of these tests; its working directory is the repository. */
function run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const imports = `import { createHost } from ${at("../../src/run/create.ts")}; import * as support from ${at("./support.ts")};`;
  const all = ["--import", "tsx", ...args, "--input-type=module", "--eval", imports + program];
  return spawnSync(process.execPath, all, { encoding: "utf8", timeout: 120_000 });
}

const step = `
  const session = await host.load(support.accumulate);
  const state = await host.createState([{ dtype: "float32", shape: [2], data: support.floats(1, 2) }]);
  const [y] = await session.run([support.floats(1, 1)], state);
  console.log(host.name, String(y));`;

test("a process with an idle host ends by itself, and one that waits for an answer does not", () => {
  const { status, stdout, stderr } = run(`const host = await createHost({ runtime: "native" }); ${step}`);
  assert.deepEqual([status, stdout], [0, "native cpu, worker thread 1,2\n"], stderr);
});

test("a process may leave in the middle of a call", () => {
  const program = `const host = await createHost(); ${step} session.run([support.floats(1, 1)], state); process.exit(3);`;
  const { status, stderr } = run(program);
  assert.equal(status, 3, stderr);
});

test("without the native package the WebAssembly runtime is used, which is said once", () => {
  const hook = `export const resolve = (name, context, next) => {
    if (name.startsWith("onnxruntime-node")) throw new Error("Cannot find package 'onnxruntime-node'");
    return next(name, context);
  };`;
  const register = `import { register } from "node:module"; register("data:text/javascript," + ${JSON.stringify(encodeURIComponent(hook))});`;
  const program = `const host = await createHost({ threads: 1 }); ${step}`;
  const { status, stdout, stderr } = run(program, "--import", `data:text/javascript,${encodeURIComponent(register)}`);
  assert.deepEqual([status, stdout], [0, "wasm 1,2\n"], stderr);
  assert.match(stderr, /WebAssembly runtime is used.*\n.*onnxruntime-node cannot be loaded/);
  assert.equal(stderr.match(/WebAssembly runtime/g)!.length, 1);
});

test("a provider that was asked for by name is never replaced by another", async () => {
  assert.match((await faultOf(createHost({ provider: "cuda", runtime: "wasm" }))).problem, /"cuda" has no WebAssembly build/);
  assert.match((await faultOf(createHost({ provider: "webgpu", runtime: "wasm" }))).problem, /no WebGPU here/);
  const notices: string[] = [];
  const host = await createHost({ provider: "cuda", notify: (message) => notices.push(message) }).catch(
    (error: unknown) => error,
  );
  if (host instanceof Error) assert.match(host.message, /cannot run a model here[\s\S]*CUDA/);
  else await (host as Host).close();
});
