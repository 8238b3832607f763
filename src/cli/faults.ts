import type { CommanderError } from "commander";
import { distance } from "fastest-levenshtein";
import { Fault, fault } from "../ir/fault.js";
import { exitCodes } from "./command.js";
import type { Terminal } from "./terminal.js";

/**
 * Says on standard error what went wrong and returns the exit code. Faults of the library speak for themselves; anything else
 * is a mistake of the program's, and is said to be one. A stack only comes with SOFTGRAD_DEBUG=1.
 */
export function tellFault(
  error: unknown,
  { err, env }: Pick<Terminal, "err" | "env">,
  { json, code = exitCodes.failed }: { json: boolean; code?: number },
): number {
  const told = error instanceof Fault ? error : unforeseen(error);
  if (json) err(JSON.stringify({ error: { where: told.where, problem: told.problem, ...told.details, code } }));
  else err(told.message);
  if (env.SOFTGRAD_DEBUG === "1") err(String(error instanceof Error ? error.stack : error));
  return code;
}

function unforeseen(error: unknown): Fault {
  const got = error instanceof Error ? error.message : String(error);
  const { path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (path !== undefined && syscall !== undefined) return fault(path, `the system refuses to ${syscall}`, { got });
  return fault("softgrad", "something went wrong that should not", {
    got,
    fix: "set SOFTGRAD_DEBUG=1 to see where, and report it",
  });
}

/** What the parser of arguments has to say, in the library's words. */
export function misuse(error: CommanderError, args: readonly string[]): Fault {
  const [problem, ...more] = error.message.replace(/^error: /, "").split("\n");
  const hint = /\(Did you mean (.+)\?\)/.exec(more.join(" "))?.[1];
  const command = args.find((arg) => !arg.startsWith("-"));
  const known = error.code !== "commander.unknownCommand" && command !== undefined;
  const help = known ? `softgrad ${command} --help lists what there is` : "softgrad --help lists what there is";
  return fault(known ? `softgrad ${command}` : "softgrad", problem.replace(/\.$/, ""), {
    fix: hint === undefined ? help : `did you mean ${hint}? ${help}`,
  });
}

/** The known name that is typed most like the given one; null when none is alike. */
export function nearest(name: string, known: readonly string[]): string | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, "");
  const ranked = known.map((candidate) => ({ candidate, edits: distance(plain(candidate), plain(name)) }));
  const [best] = ranked.sort((a, b) => a.edits - b.edits);
  // Beyond a third of its letters a name is another name.
  return best !== undefined && best.edits <= Math.max(1, Math.ceil(name.length / 3)) ? best.candidate : null;
}

/** The fault for a name that is not among those known. */
export function unknownName(where: string, what: string, name: string, known: readonly string[]): Fault {
  const hint = nearest(name, known);
  return fault(where, `there is no ${what} "${name}"`, {
    expected: known.join(", "),
    ...(hint !== null && { fix: `did you mean ${hint}?` }),
  });
}
