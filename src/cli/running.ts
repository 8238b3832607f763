import type { Command } from "commander";
import { exitCodes } from "./command.js";
import type { Terminal } from "./terminal.js";
import { barReporter, jsonReporter, lineReporter, type Reporter } from "./train/reporters.js";

/** The reporter for who listens: a program, a person who watches, or a log. */
export function reporterFor(command: Command, terminal: Terminal): Reporter {
  if (command.opts<{ json?: boolean }>().json === true) return jsonReporter(terminal);
  return terminal.screen === null ? lineReporter(terminal) : barReporter(terminal, terminal.screen);
}

/** Work that Ctrl-C ends early, and its exit code. */
export async function withInterrupt(
  terminal: Terminal,
  work: (signal: AbortSignal) => Promise<"finished" | "interrupted">,
): Promise<number> {
  const controller = new AbortController();
  const ignore = terminal.onInterrupt(() => controller.abort());
  try {
    return (await work(controller.signal)) === "finished" ? exitCodes.done : exitCodes.interrupted;
  } finally {
    ignore();
  }
}

/** 20261120-165501, in local time: folders sort by it. */
export function stamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
}
