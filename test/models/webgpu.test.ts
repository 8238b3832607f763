import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

// Chromium brings SwiftShader, a Vulkan driver in software. A driver of your own: set VK_ICD_FILENAMES.
const driver = [process.env.VK_ICD_FILENAMES, "/usr/lib/chromium/vk_swiftshader_icd.json"].find(
  (path) => path && existsSync(path),
);
const skip = driver === undefined ? "no software Vulkan driver: apt-get install chromium libvulkan1" : false;

test("training steps of every model run on WebGPU, no part of them on the CPU, and agree with the CPU", {
  skip,
}, () => {
  const child = fileURLToPath(new URL("./webgpu.child.ts", import.meta.url));
  const env = { ...process.env, VK_ICD_FILENAMES: driver };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", child], { env, encoding: "utf8" });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
});
