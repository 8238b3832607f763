/**
 * Runs the tests: `node --import tsx tools/run-tests.ts [--full] [part of a path …]`.
 *
 * Node 20's own test runner takes no globs, so the files are found here. Without `--full` the slow tiers
 * (folders in `slow`) are left out, unless a part of a path on the command line names them.
 * With CI=true a skipped test counts as a failure: there, everything that can be skipped must be installed.
 */
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { relative, sep } from "node:path";
import { run } from "node:test";

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** One event of node:test, as far as it is read here. */
interface Outcome {
  name: string;
  nesting: number;
  file?: string;
  skip?: string | boolean;
  details: { duration_ms: number; type?: string; error?: Error };
}

/** Far above what any file needs: it ends a test that hangs. */
const fileTimeoutMs = 600_000;

const slow = ["browser", "package", "long"];

const args = process.argv.slice(2);
const full = args.includes("--full");
const wanted = args.filter((arg) => !arg.startsWith("--"));
const strict = process.env.CI === "true";

const files = findTests("test").filter((file) => isSelected(file));
if (files.length === 0) {
  console.error(`run-tests: no test file matches ${wanted.join(", ") || "test/**/*.test.ts"}`);
  process.exit(1);
}
const tally = await runAll(files);
const failed = tally.failed + (strict ? tally.skipped : 0);
console.log(`${tally.passed} passed, ${failed} failed${tally.skipped > 0 ? `, ${tally.skipped} skipped` : ""}`);
process.exit(failed > 0 || tally.passed === 0 ? 1 : 0);

function findTests(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${folder}/${name.split(sep).join("/")}`)
    .sort();
}

function isSelected(file: string): boolean {
  if (wanted.length > 0) return wanted.some((part) => file.includes(part.split(sep).join("/")));
  return full || !slow.includes(file.split("/")[1] ?? "");
}

async function runAll(paths: string[]): Promise<Tally> {
  const total: Tally = { passed: 0, failed: 0, skipped: 0 };
  let current = { file: "", passed: 0, failed: 0, skipped: 0, durationMs: 0 };
  const concurrency = Math.min(2, availableParallelism());
  for await (const event of run({ files: paths, concurrency, timeout: fileTimeoutMs })) {
    if (event.type === "test:stderr" || event.type === "test:stdout") process.stdout.write(event.data.message);
    if (event.type !== "test:pass" && event.type !== "test:fail") continue;
    const outcome = event.data as Outcome;
    const kind = classify(event.type, outcome);
    if (kind === null) continue;
    const file = relative(process.cwd(), outcome.file ?? outcome.name);
    // Events of one file come together, in the order of the list.
    if (file !== current.file) {
      printFile(current);
      current = { file, passed: 0, failed: 0, skipped: 0, durationMs: 0 };
    }
    if (kind === "failed") console.log(describeFailure(file, outcome));
    if (kind === "skipped") console.log(`skipped  ${file}: ${outcome.name} (${String(outcome.skip)})`);
    total[kind] += 1;
    current[kind] += 1;
    if (outcome.nesting === 0) current.durationMs += outcome.details.duration_ms;
  }
  printFile(current);
  return total;
}

function printFile({ file, passed, failed, durationMs }: Tally & { file: string; durationMs: number }): void {
  if (file === "") return;
  const verdict = failed > 0 ? "FAILED" : "ok    ";
  console.log(`${verdict}   ${file}  ${passed}/${passed + failed}  ${(durationMs / 1000).toFixed(1)} s`);
}

/** What an event counts as; null for suites and for tests whose failure is only that of a test inside them. */
function classify(type: "test:pass" | "test:fail", outcome: Outcome): keyof Tally | null {
  if (outcome.skip !== undefined && outcome.skip !== false) return "skipped";
  if (type === "test:fail") return isEcho(outcome.details.error) ? null : "failed";
  return outcome.details.type === "suite" ? null : "passed";
}

/** The failure of a parent says only that a child failed, and the child has been told already. */
function isEcho(error: Error | undefined): boolean {
  return (error as { failureType?: string } | undefined)?.failureType === "subtestsFailed";
}

function describeFailure(file: string, outcome: Outcome): string {
  const { error } = outcome.details;
  const cause = error?.cause instanceof Error ? error.cause : error;
  const text = cause?.stack ?? String(error?.cause ?? error);
  return `\nFAILED   ${file}: ${outcome.name}\n${text.replace(/^/gm, "  ")}\n`;
}
