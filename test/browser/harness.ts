import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build } from "vite";
import { withoutBrowser, withPage } from "./chromium.js";
import type { Registered } from "./shim/test.js";

/**
 * Runs a test file in headless Chromium, each of its tests as one here: `testInBrowser(new URL("./x.page.ts", import.meta.url))`.
 * The file is written with node:test and node:assert/strict, which the page has small stand-ins for, and is bundled from the
 * source with everything it imports, as a site that uses the library would be.
 */
export function testInBrowser(module: URL, graphics?: readonly string[]): void {
  const file = fileURLToPath(module);
  test(`in a browser: ${file.split(/[/\\]/).pop()}`, { skip: withoutBrowser }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "softgrad-page-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    await bundle(file, folder);
    await withPage(
      join(folder, "dist"),
      async (page, url) => {
        for (const [index, { name, skip }] of (await loadTests(page, url)).entries()) {
          await t.test(name, { skip }, () => runTest(page, index));
        }
      },
      graphics,
    );
  });
}

async function bundle(file: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><link rel="icon" href="data:,"><title>loading</title><script type="module" src="./main.ts"></script>',
  );
  const main = [`import { registered } from "${shim("test")}";`, `import "${file}";`, "globalThis.registered = registered;"];
  writeFileSync(join(folder, "main.ts"), main.join("\n"));
  await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    base: "./",
    resolve: {
      alias: [
        { find: "node:test", replacement: shim("test") },
        { find: "node:assert/strict", replacement: shim("assert") },
        { find: /^#platform\/(.*)\.js$/, replacement: resolve("src/run/platform/web/$1.ts") },
        { find: /^softgrad$/, replacement: resolve("src/index.ts") },
        { find: /^softgrad\/(.*)$/, replacement: resolve("src/$1/index.ts") },
      ],
    },
    worker: { format: "es" },
    build: { target: "es2022", outDir: join(folder, "dist"), reportCompressedSize: false, minify: false },
  });
}

const shim = (name: string): string => resolve(`test/browser/shim/${name}.ts`);

/** The tests that the page declares; fails with what the page said when it did not load. */
async function loadTests(page: Page, url: string): Promise<Pick<Registered, "name" | "skip">[]> {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(url);
  try {
    await page.waitForFunction("globalThis.registered !== undefined", undefined, { timeout: 30_000 });
  } catch (cause) {
    throw new Error(`the page did not load:\n${complaints.join("\n") || "it said nothing"}`, { cause });
  }
  return page.evaluate("registered.map(({ name, skip }) => ({ name, skip }))");
}

async function runTest(page: Page, index: number): Promise<void> {
  const problem = await page.evaluate<string | null>(
    `registered[${index}].run().then(() => null, (error) => error.stack ?? String(error))`,
  );
  if (problem !== null) throw new Error(problem);
}
