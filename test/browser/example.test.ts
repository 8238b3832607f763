import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { build, createServer } from "vite";
import { withoutBrowser, withPage } from "./chromium.js";

const root = resolve("examples/browser");

/** Waits until the example has trained, and looks at what it shows. */
async function checkPage(page: Page, url: string): Promise<void> {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(url);
  await page.waitForFunction("document.body.dataset.state === 'done'", undefined, { timeout: 90_000 }).catch(() => {});
  assert.deepEqual(errors, []);
  const status = await page.textContent("#status");
  assert.ok(Number(/test accuracy ([\d.]+)/.exec(status ?? "")?.[1]) > 94, status ?? "nothing");
  assert.equal(await page.locator("#digits canvas").count(), 24);
}

test("the example page, built, learns to read digits", { skip: withoutBrowser }, async (t) => {
  const outDir = mkdtempSync(join(tmpdir(), "softgrad-example-page-"));
  t.after(() => rmSync(outDir, { recursive: true, force: true }));
  await build({ root, base: "./", logLevel: "error", build: { outDir, emptyOutDir: true, reportCompressedSize: false } });
  await withPage(outDir, checkPage);
});

test("the example page on the development server does so too", { skip: withoutBrowser }, async () => {
  const server = await createServer({ root, logLevel: "error", server: { host: "127.0.0.1", port: 0 } });
  try {
    await server.listen();
    await withPage(root, (page) => checkPage(page, server.resolvedUrls?.local[0] ?? ""));
  } finally {
    await server.close();
  }
});
