import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/** Loads a package of bench/package.json. The caller says what it uses of it, so that types do not need the packages installed. */
export async function peer<Module>(name: string): Promise<{ module: Module; version: string }> {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  if (!existsSync(manifest)) throw new Error(`${name} is not installed: run npm ci in bench/`);
  const { version } = require(manifest.pathname) as { version: string };
  const loaded = (await import(pathToFileURL(require.resolve(name)).href)) as Module & { default?: Module };
  return { module: loaded.default ?? loaded, version };
}
