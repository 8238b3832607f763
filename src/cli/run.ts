import { createRequire } from "node:module";
import { Command, CommanderError } from "commander";
import { activationsCommand } from "./activations/command.js";
import { type CommandGroup, type CommandRecord, examples, exitCodes } from "./command.js";
import { explainCommand } from "./explain.js";
import { misuse, nearest, tellFault } from "./faults.js";
import { healthCommand } from "./health/command.js";
import { smoothCommand } from "./smooth/command.js";
import type { Terminal } from "./terminal.js";
import { textCommand } from "./text/command.js";
import { trainCommand } from "./train/command.js";

const commands: readonly (CommandRecord | CommandGroup)[] = [
  trainCommand,
  textCommand,
  healthCommand,
  explainCommand,
  activationsCommand,
  smoothCommand,
];

/** Runs one command line, `["train", "--epochs", "10"]`, and returns the exit code. Never throws: what goes wrong is told. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  // Known before the arguments are: also a mistake among them has to be told in the form that was asked for.
  const json = args.includes("--json");
  let code: number = exitCodes.done;
  const program = makeProgram(terminal, async (record, command) => {
    code = await record.run(command, terminal);
  });
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return tellFault(error, terminal, { json });
    return error.exitCode === 0 ? exitCodes.done : tellFault(misuse(error, args), terminal, { json, code: exitCodes.misused });
  }
}

function makeProgram(terminal: Terminal, act: Act): Command {
  const program = new Command("softgrad");
  settings(program, terminal)
    .version(version(), "-v, --version", "print the version")
    .description("Trains networks and explains gradients: deep learning in TypeScript, each training step one compiled graph.")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText(
      "after",
      `${examples([
        ["softgrad train", "train on handwritten digits, in a few seconds"],
        ["softgrad train iris --layers 16,16", "another data set, another network"],
        ["softgrad train houses.csv --target price", "your own data"],
        ["softgrad text characters book.txt", "a model that writes on"],
        ["softgrad health --demo deep-sigmoid", "what is wrong with a training, and a cure that is proved"],
        ['softgrad explain "exp(-w*x)" --at x=1,w=2', "a derivative, step by step"],
        ["softgrad activations show gelu", "what there is to know about an activation"],
        ['softgrad smooth "max(x, 0.1*x)"', "a smooth version of any function"],
      ])}\n\nEvery command takes --json, for scripts. "softgrad <command> --help" tells more.`,
    );
  for (const record of commands) add(program, record, terminal, act);
  return program;
}

type Act = (record: CommandRecord, command: Command) => Promise<void>;

function add(parent: Command, record: CommandRecord | CommandGroup, terminal: Terminal, act: Act): void {
  const command = record.describe(settings(parent.command(record.name), terminal).summary(record.summary));
  if ("commands" in record) {
    for (const inner of record.commands) add(command, inner, terminal, act);
    command
      .usage("<command> [options]")
      .argument("[command]")
      .helpCommand(false)
      .action((name?: string) => (name === undefined ? command.outputHelp() : unknownCommand(command, name, record)));
  } else {
    command.option("--json", "print JSON instead of text; errors too").action(() => act(record, command));
  }
}

/** In the form in which the parser tells of the commands of the program itself. */
function unknownCommand(command: Command, name: string, { commands: known }: CommandGroup): never {
  const hint = nearest(
    name,
    known.map(({ name: candidate }) => candidate),
  );
  const help = hint === null ? "" : `\n(Did you mean ${hint}?)`;
  return command.error(`error: unknown command '${name}'${help}`, { exitCode: exitCodes.misused });
}

/** What holds for the program and every command: one voice, no exit behind the caller's back. */
function settings(command: Command, terminal: Terminal): Command {
  return command
    .exitOverride()
    .helpOption("-h, --help", "print this help")
    .configureHelp({ sortOptions: false, helpWidth: 110 })
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: () => undefined, // Told in one place, by `run`.
    });
}

function version(): string {
  const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };
  return version;
}
