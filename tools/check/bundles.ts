import { readdirSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { type BuildOptions, build, type Plugin } from "esbuild";

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

/** Minified and gzipped kilobytes of each public entry of src/, or why it cannot be bundled for a browser. */
export async function measureBundles(root: string): Promise<Record<string, number | Error>> {
  const measured: Record<string, number | Error> = {};
  for (const [name, path] of publicEntries(root)) measured[name] = await measure(root, path);
  return measured;
}

/** src/index.ts as "index" and src/<folder>/index.ts as "<folder>". Those that exist. */
function publicEntries(root: string): [name: string, path: string][] {
  const entries = readdirSync(`${root}/src`, { recursive: true, encoding: "utf8" }).map((path) => path.replaceAll("\\", "/"));
  return entries
    .flatMap((path): [string, string][] => {
      const match = /^(?:([^/]+)\/)?index\.ts$/.exec(path);
      return match === null || match[1] === "cli" ? [] : [[match[1] ?? "index", `src/${path}`]];
    })
    .sort();
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

async function measure(root: string, path: string): Promise<number | Error> {
  try {
    const result = await build({ ...browserBuild(root), entryPoints: [path], minify: true, write: false, plugins: [outside] });
    return gzipSync(result.outputFiles?.[0]?.contents ?? "").length / 1000;
  } catch (error) {
    return error as Error;
  }
}
