import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { chromium, type Page } from "playwright-core";

const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const executablePath = places.find((place) => place !== undefined && existsSync(place)) ?? null;

/** For the `skip` option of a test: false where a browser is found, else why the test cannot run. */
export const withoutBrowser: false | string =
  executablePath === null &&
  "no Chromium found: apt-get install chromium, or name its program in the environment variable CHROMIUM";

const withoutGraphics: readonly string[] = ["--disable-gpu"];

/** Flags with which Chromium computes WebGPU in software; where it cannot, pages find no adapter. */
export const softwareWebgpu: readonly string[] = [
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
];

/** Serves a folder, opens a blank headless page on it, and hands the page over; closes both in the end. */
export async function withPage<T>(
  folder: string,
  use: (page: Page, url: string) => Promise<T>,
  graphics = withoutGraphics,
): Promise<T> {
  const server = await serve(folder);
  const browser = await chromium.launch({
    executablePath: executablePath ?? "",
    args: ["--headless", "--no-sandbox", "--no-first-run", "--disable-background-networking", ...graphics],
  });
  try {
    return await use(await browser.newPage(), server.url);
  } finally {
    await browser.close();
    await server.close();
  }
}

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** The plainest web server: files and their types, none of the headers of cross-origin isolation. */
async function serve(folder: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    readFile(file).then(
      (body) => response.writeHead(200, { "content-type": mediaTypes[extname(file)] ?? "application/octet-stream" }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.closeAllConnections();
      server.close(() => closed());
    });
  return { url: `http://127.0.0.1:${port}/`, close };
}
