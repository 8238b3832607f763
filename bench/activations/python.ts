import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** PyTorch in a process of its own, asked line by line. */
export interface Peer {
  ask<T>(request: object): Promise<T>;
  close(): void;
}

/** `functions`: a program that lists other functions than those of the catalogue. */
export function startPeer(python: string, threads: number, functions?: string): Peer {
  const script = fileURLToPath(new URL("peer.py", import.meta.url));
  const child = spawn(python, [script, String(threads), ...(functions === undefined ? [] : [functions])], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let ended = false;
  child.on("error", () => {
    ended = true;
  });
  return {
    async ask<T>(request: object): Promise<T> {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await lines.next();
      if (done || ended) throw new Error(`${python} ended\n  fix       pass --python PATH of a python that has torch`);
      return JSON.parse(value as string) as T;
    },
    close: () => void child.stdin.end(),
  };
}
