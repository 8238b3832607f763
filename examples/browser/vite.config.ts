/** Takes softgrad from the source of this repository. A project that has installed the package needs no such file to build. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^#platform\/(.*)\.js$/, replacement: `${root}src/run/platform/web/$1.ts` },
      { find: /^softgrad$/, replacement: `${root}src/index.ts` },
      { find: /^softgrad\/(.*)$/, replacement: `${root}src/$1/index.ts` },
    ],
  },
  // The development server must leave the WebAssembly runtime beside its .wasm file.
  optimizeDeps: { exclude: ["onnxruntime-web"] },
  server: { fs: { allow: [root] } },
  build: { target: "es2022" },
  worker: { format: "es" },
});
