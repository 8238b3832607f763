import { existsSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

/**
 * How a bundler must be told to bundle the source for a browser: the web half of the platform, packages from outside left as
 * imports. The built package says the same with the conditions of its `imports`.
 */
export function browserBuild(root: string): BuildOptions {
  return {
    absWorkingDir: resolve(root),
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2023",
    alias: { "#platform": resolve(root, "src/run/platform/web") },
    logLevel: "silent",
  };
}

/** Minified and gzipped kilobytes of each entry that the manifest exports, or why it cannot be bundled for a browser. */
export async function measureBundles(root: string): Promise<Record<string, number | Error>> {
  const measured: Record<string, number | Error> = {};
  for (const [name, path] of entriesOf(root)) measured[name] = await measure(root, path);
  return measured;
}

/** "./nn" of the manifest, which is dist/nn/index.js, as ["nn", "src/nn/index.ts"]; "." is "index". Those whose source exists. */
function entriesOf(root: string): [name: string, path: string][] {
  const manifest = JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { exports: Record<string, { default?: string }> };
  return Object.entries(manifest.exports).flatMap(([key, target]): [string, string][] => {
    const path = target.default?.replace(/^\.\/dist\/(.*)\.js$/, "src/$1.ts") ?? "";
    return existsSync(`${root}/${path}`) && path !== "" ? [[key === "." ? "index" : key.slice(2), path]] : [];
  });
}

async function measure(root: string, path: string): Promise<number | Error> {
  try {
    // Split, so that what is imported when it is needed makes chunks of its own.
    const options = { minify: true, write: false, splitting: true, metafile: true, outdir: "dist" } as const;
    const { metafile, outputFiles } = await build({ ...browserBuild(root), ...options, entryPoints: [path], plugins: [outside] });
    const texts = new Map(outputFiles.map((file) => [relative(resolve(root), file.path).replaceAll("\\", "/"), file.contents]));
    const [entry] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === path) ?? [];
    return loadedWith(entry ?? "", metafile).reduce((bytes, chunk) => bytes + gzipSync(texts.get(chunk) ?? "").length, 0) / 1000;
  } catch (error) {
    return error as Error;
  }
}

/** The chunk and those that it imports at once. */
function loadedWith(entry: string, { outputs }: Metafile): string[] {
  const chunks = new Set([entry]);
  for (const chunk of chunks) {
    for (const { path, kind } of outputs[chunk]?.imports ?? [])
      if (kind === "import-statement" && path in outputs) chunks.add(path);
  }
  return [...chunks];
}

/** Leaves packages from outside as imports; a module of Node is none that a browser could have. */
const outside: Plugin = {
  name: "outside",
  setup(bundler) {
    bundler.onResolve({ filter: /^[a-z@]/i }, ({ path, kind, importer }) => {
      if (kind === "entry-point") return null;
      return path.startsWith("node:") ? { errors: [{ text: `${importer} imports ${path}` }] } : { path, external: true };
    });
  },
};
