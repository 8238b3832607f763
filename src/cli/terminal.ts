/** Everything of the world outside that a command touches besides files: an argument, so that tests can pass their own. */
export interface Terminal {
  /** Results: standard output. Ends the line. */
  out(text: string): void;
  /** What went wrong: standard error. Ends the line. */
  err(text: string): void;
  /** Where a progress bar can be drawn; null when nobody watches. */
  readonly screen: NodeJS.WriteStream | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** Calls back at the first Ctrl-C, in place of ending the process; a second one ends it. Returns how to stop listening. */
  onInterrupt(callback: () => void): () => void;
}

/** The terminal that this process was started in. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  // Who reads the output may stop early, as `head` does: there is nothing left to do then, and nothing to complain about.
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(0);
      throw error;
    });
  }
  return {
    out: (text) => void stdout.write(`${text}\n`),
    err: (text) => void stderr.write(`${text}\n`),
    screen: stdout.isTTY && stderr.isTTY ? stderr : null,
    env,
    now: () => new Date(),
    onInterrupt(callback) {
      process.once("SIGINT", callback);
      return () => void process.off("SIGINT", callback);
    },
  };
}
