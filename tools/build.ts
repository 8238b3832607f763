/** Makes dist/ from src/: JavaScript, types and source maps by tsc; every other file of src/ as it is. */
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (status !== 0) process.exit(1);
cpSync("src", "dist", { recursive: true, filter: (path) => !path.endsWith(".ts") });

const commandLine = "dist/cli/main.js";
if (existsSync(commandLine)) chmodSync(commandLine, 0o755);
