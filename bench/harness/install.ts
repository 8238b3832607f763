import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = new URL("../", import.meta.url);

/** Installs the packages of bench/ once, if one of those named is missing: they have a package of their own, so that the library does not carry them. */
export function installPeers(needed: readonly string[], say: (line: string) => void): void {
  if (needed.every((name) => existsSync(new URL(`node_modules/${name}/package.json`, folder)))) return;
  say("installing the peers (once, about 350 MB) into bench/node_modules");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: fileURLToPath(folder),
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error("the peers could not be installed\n  fix       run npm ci in bench/ and read what it says");
}
