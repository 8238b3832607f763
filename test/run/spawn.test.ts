import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { spawnWorker } from "../../src/run/platform/node/spawn.js";

test("a worker thread starts from the source, reads its data, and imports modules by their built names", async () => {
  const worker = spawnWorker(new URL("./spawn.fixture.js", import.meta.url), { workerData: "seven" });
  const [message] = await once(worker, "message");
  assert.equal(message, "worker: was given seven");
  const [code] = await once(worker, "exit");
  assert.equal(code, 0);
});

test("an error in a worker thread reaches its owner", async () => {
  const worker = spawnWorker(new URL("./missing.js", import.meta.url));
  const [error] = await once(worker, "error");
  assert.match(String(error), /missing/);
});
