import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Starts a worker thread on a module of this package, named by its built name: `spawnWorker(new URL("./worker.js", import.meta.url))`.
 *
 * The built package starts it as it is. Run from the source, the module is TypeScript, and a worker thread inherits `--import tsx`
 * without the loader that it registers in the main thread: so the thread begins with two lines that register the loader and then
 * import the module.
 */
export function spawnWorker(module: URL, options?: WorkerOptions): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(module, options);
  const source = module.href.replace(/\.js$/, ".ts");
  const bootstrap = `import { register } from "${import.meta.resolve("tsx/esm/api")}"; register(); await import("${source}");`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(bootstrap)}`), options);
}
