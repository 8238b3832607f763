import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build } from "vite";
import { withoutBrowser, withPage } from "./chromium.js";

/**
 * Runs the checks of a page module in headless Chromium, each as a test: `testInBrowser(new URL("./x.page.ts", import.meta.url))`.
 * The module exports `checks`, a record from a sentence to a function that throws when it does not hold. It is bundled from the
 * source with everything it imports, as a site that uses the library would be.
 */
export function testInBrowser(module: URL): void {
  const file = fileURLToPath(module);
  test(`in a browser: ${file.split(/[/\\]/).pop()}`, { skip: withoutBrowser }, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "softgrad-page-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    await bundle(file, folder);
    await withPage(join(folder, "dist"), async (page, url) => {
      for (const sentence of await loadChecks(page, url)) {
        await t.test(sentence, () => runCheck(page, sentence));
      }
    });
  });
}

async function bundle(file: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><link rel="icon" href="data:,"><title>loading</title><script type="module" src="./main.ts"></script>',
  );
  writeFileSync(join(folder, "main.ts"), `import { checks } from ${JSON.stringify(file)}; globalThis.checks = checks;`);
  await build({
    root: folder,
    configFile: false,
    logLevel: "warn",
    base: "./",
    resolve: {
      alias: [
        { find: /^#platform\/(.*)\.js$/, replacement: resolve("src/run/platform/web/$1.ts") },
        { find: /^softgrad$/, replacement: resolve("src/index.ts") },
        { find: /^softgrad\/(.*)$/, replacement: resolve("src/$1/index.ts") },
      ],
    },
    worker: { format: "es" },
    build: { target: "es2022", outDir: join(folder, "dist"), reportCompressedSize: false, minify: false },
  });
}

/** What the checks of the page are called; fails with what the page said when it did not load. */
async function loadChecks(page: Page, url: string): Promise<string[]> {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(url);
  try {
    await page.waitForFunction("globalThis.checks !== undefined", undefined, { timeout: 30_000 });
  } catch (cause) {
    throw new Error(`the page did not load:\n${complaints.join("\n") || "it said nothing"}`, { cause });
  }
  return page.evaluate<string[]>("Object.keys(globalThis.checks)");
}

async function runCheck(page: Page, sentence: string): Promise<void> {
  const key = JSON.stringify(sentence);
  const problem = await page.evaluate<string | null>(
    `(async () => { try { await globalThis.checks[${key}](); return null; } catch (error) { return error.stack ?? String(error); } })()`,
  );
  if (problem !== null) throw new Error(problem);
}
