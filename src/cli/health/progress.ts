import { clearLine, cursorTo } from "node:readline";
import type { TreatmentProgress } from "../../health/treat.js";
import type { Terminal } from "../terminal.js";

/** Tells how a treatment goes on. */
export interface ProgressTeller {
  show(progress: TreatmentProgress): void;
  /** Takes away what is only for the moment. */
  stop(): void;
}

const words: Readonly<Record<TreatmentProgress["stage"], string>> = {
  diagnosis: "looking",
  search: "trying",
  proof: "proving",
};

/** One line that changes for who watches, a line for each step in a log, nothing for a program. */
export function progressFor({ out, screen }: Terminal, json: boolean): ProgressTeller {
  if (json) return { show: () => undefined, stop: () => undefined };
  if (screen === null) return { show: ({ stage, text }) => out(`${words[stage]}: ${text}`), stop: () => undefined };
  const clear = (): void => {
    clearLine(screen, 0);
    cursorTo(screen, 0);
  };
  return {
    show({ stage, text }) {
      clear();
      screen.write(`${words[stage]}: ${text}`.slice(0, Math.max(20, screen.columns - 1)));
    },
    stop: clear,
  };
}
