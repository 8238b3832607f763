import type { Command } from "commander";
import type { Terminal } from "./terminal.js";

/** Exit codes: what a script can tell apart. */
export const exitCodes = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;

/** A command: its place in the help, its options, its work. */
export interface CommandRecord {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Adds description, arguments, options and examples. */
  describe(command: Command): Command;
  /** Does the work; returns the exit code. What goes wrong is thrown. */
  run(command: Command, terminal: Terminal): Promise<number>;
}

/** Commands under one name: `softgrad activations list`, `softgrad activations show …`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  describe(command: Command): Command;
  readonly commands: readonly CommandRecord[];
}

/** The last part of a help text. */
export const examples = (lines: readonly (readonly [command: string, meaning: string])[]): string => {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, meaning]) => `  ${command.padEnd(width)}   ${meaning}`).join("\n")}`;
};
