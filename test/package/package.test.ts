import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { build, createServer, type InlineConfig } from "vite";
import { withoutBrowser, withPage } from "../browser/chromium.js";
import { type Consumer, createConsumer } from "./consumer.js";

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
  exports: Record<string, string | { types: string; default: string }>;
  bin: Record<string, string>;
};
const subpaths = Object.keys(manifest.exports).filter((key) => !key.endsWith(".json"));
const specifiers = subpaths.map((key) => key.replace(/^\./, "softgrad"));

const program = `
import { grad, mul, tensor } from "softgrad";
const slope = grad((x) => mul(x, x))(tensor(3));
console.log(String(await slope.value()));
`;

let consumer: Consumer;
before(async () => {
  consumer = await createConsumer();
});
after(() => consumer?.remove());

test("the tarball holds what its manifest names, and no sources", () => {
  const named = Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(target),
  );
  for (const path of [...named, ...Object.values(manifest.bin)])
    assert.ok(consumer.packed.includes(path.replace(/^\.\//, "")), `${path} is missing`);
  assert.ok(consumer.packed.includes("LICENSE"));
  assert.deepEqual(
    consumer.packed.filter((path) => /(?<!\.d)\.ts$/.test(path) || !/^(dist\/|LICENSE|README\.md|package\.json)/.test(path)),
    [],
  );
});

test("Node computes a gradient with the native runtime and ends by itself", async () => {
  consumer.write({ "program.mjs": program });
  const { stdout, stderr } = await consumer.run(process.execPath, "program.mjs");
  assert.equal(stdout.trim(), "6");
  assert.equal(stderr, "");
});

test("Node imports every entry", async () => {
  consumer.write({ "entries.mjs": specifiers.map((name) => `import "${name}";`).join("\n") });
  await consumer.run(process.execPath, "entries.mjs");
});

test("the installed command explains itself", async () => {
  const { stdout } = await consumer.run("npx", "--no-install", "softgrad", "--help");
  assert.match(stdout, /softgrad train/);
});

for (const moduleResolution of ["nodenext", "bundler"]) {
  test(`a strict TypeScript project gets types with moduleResolution ${moduleResolution}`, async () => {
    const entries = specifiers.map((name, i) => `import * as entry${i} from "${name}";\nexport { entry${i} };`);
    const wrong = "// @ts-expect-error a tensor is not a text\ntensor(3) satisfies string;\n";
    const options = { strict: true, noEmit: true, target: "es2023", types: [], skipLibCheck: false, moduleResolution };
    consumer.write({
      "program.ts": `${entries.join("\n")}\n${program}\n${wrong}`,
      "tsconfig.json": JSON.stringify({
        compilerOptions: { ...options, module: moduleResolution === "bundler" ? "esnext" : "nodenext", lib: ["es2023", "dom"] },
        files: ["program.ts"],
      }),
    });
    await consumer.run(process.execPath, resolve("node_modules/typescript/bin/tsc"), "-p", "tsconfig.json");
  });
}

const page = {
  "index.html":
    '<!doctype html><link rel="icon" href="data:,"><title>computing</title><script type="module" src="./page.js"></script>',
  "page.js": program.replace("console.log", "document.title = "),
};

/** What the page wrote as its title, or what went wrong in it. */
async function readTitle(folder: string, address?: string): Promise<string> {
  return withPage(folder, async (tab, url) => {
    const errors: string[] = [];
    tab.on("pageerror", (error) => errors.push(error.message));
    await tab.goto(address ?? url);
    await tab.waitForFunction("document.title !== 'computing'", undefined, { timeout: 30_000 }).catch(() => {});
    return [await tab.title(), ...errors].join("\n");
  });
}

test("a page built by Vite, without any setting, computes a gradient on a plain static server", {
  skip: withoutBrowser,
}, async () => {
  consumer.write(page);
  const config: InlineConfig = {
    root: consumer.folder,
    configFile: false,
    logLevel: "error",
    build: { reportCompressedSize: false },
  };
  await build(config);
  assert.equal(await readTitle(join(consumer.folder, "dist")), "6");
});

test("a page on Vite's development server computes a gradient with the one documented setting", {
  skip: withoutBrowser,
}, async () => {
  consumer.write(page);
  const server = await createServer({
    root: consumer.folder,
    configFile: false,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0 },
    optimizeDeps: { exclude: ["softgrad"], include: ["softgrad > papaparse"] },
  });
  try {
    await server.listen();
    assert.equal(await readTitle(consumer.folder, server.resolvedUrls?.local[0]), "6");
  } finally {
    await server.close();
  }
});

test("without the native runtime, Node computes the same with WebAssembly and says so once", async () => {
  rmSync(join(consumer.folder, "node_modules/onnxruntime-node"), { recursive: true });
  const { stdout, stderr } = await consumer.run(process.execPath, "program.mjs");
  assert.equal(stdout.trim(), "6");
  assert.equal(stderr.match(/^softgrad: /gm)?.length, 1, stderr);
  assert.match(stderr, /npm install onnxruntime-node/);
});
