/**
 * Fails on a file that has outgrown its idea, and on a subpath that has become too heavy for a page.
 * A budget rises only in a commit of its own that says why.
 */
import { fileURLToPath } from "node:url";
import { measureBundles } from "./bundles.js";
import { readSources, report, type SourceFile } from "./source.js";

/** Lines that a file of each folder may have. */
const linesPerFile: Readonly<Record<string, number>> = { src: 300, test: 400, tools: 300, bench: 300, examples: 150 };

/** Kilobytes (1000 bytes), minified and gzipped, that a page pays for each entry; packages from outside are not counted. */
export const bundleKilobytes: Readonly<Record<string, number>> = {
  index: 124,
  activations: 77,
  advice: 85,
  data: 30,
  explain: 55,
  health: 185,
  interop: 30,
  models: 110,
  nn: 89,
  optim: 30,
  plot: 85,
  smooth: 140,
  train: 75,
};

/** Every file that is longer than its folder allows, a line each. */
export function checkLines(sources: readonly SourceFile[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const limit = linesPerFile[path.split("/")[0] as string] ?? 0;
    const lines = text.replace(/\n$/, "").split("\n").length;
    return lines > limit ? [`${path}: ${lines} lines, the budget is ${limit}; split it by idea`] : [];
  });
}

/** Every entry that is heavier than its budget, has none, or cannot be bundled for a browser, a line each. */
export function checkBundles(measured: Readonly<Record<string, number | Error>>, budgets = bundleKilobytes): string[] {
  return Object.entries(measured).flatMap(([entry, size]) => {
    if (size instanceof Error) return [`softgrad/${entry}: no browser can load it: ${size.message}`];
    const limit = budgets[entry];
    if (limit === undefined) return [`softgrad/${entry}: has no bundle budget in tools/check/budgets.ts`];
    return size > limit ? [`softgrad/${entry}: ${size.toFixed(1)} kB, the budget is ${limit} kB`] : [];
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sources = readSources(".", Object.keys(linesPerFile));
  const bundles = await measureBundles(".");
  const sizes = Object.entries(bundles).map(([entry, size]) => `${entry} ${typeof size === "number" ? size.toFixed(1) : "?"}`);
  report(
    "budgets",
    [...checkLines(sources), ...checkBundles(bundles)],
    `${sources.length} files; kB per entry: ${sizes.join(", ")}`,
  );
}
