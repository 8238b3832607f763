import { fault } from "../ir/fault.js";
import type { EarlyStopping } from "./fit-options.js";
import { requireCount } from "./require.js";

/** Counts the epochs since the best one. What it has seen stands among the trainer's notes, so a restored run goes on with it. */
export interface ValidationWatch {
  /** Whether patience has run out already. */
  exhausted(): boolean;
  /** Takes in the numbers of one more epoch and says whether to stop. */
  stops(validation: Readonly<Record<string, number>> | null): boolean;
}

interface Seen {
  readonly monitor: string;
  /** The best value so far; null before the first. */
  readonly best: number | null;
  /** Epochs since. */
  readonly waited: number;
}

const NOTE = "early stopping";

export function watchValidation(notes: Map<string, string>, options: EarlyStopping, hasValidation: boolean): ValidationWatch {
  const { patience, monitor = "loss", better = monitor === "loss" ? "smaller" : "larger", minChange = 0 } = options;
  requireCount("patience", patience);
  if (!hasValidation) throw fault("fit", "early stopping needs data to test on", { fix: "pass validation" });
  let { best, waited } = readNote(notes.get(NOTE), monitor);
  return {
    exhausted: () => waited >= patience,
    stops(validation) {
      const value = validation?.[monitor];
      if (value === undefined) {
        throw fault("fit", `there is no number "${monitor}" to watch`, {
          expected: Object.keys(validation ?? {}).join(", "),
          got: monitor,
        });
      }
      // NaN is never better.
      const improves = best === null ? !Number.isNaN(value) : (better === "smaller" ? best - value : value - best) > minChange;
      if (improves) best = value;
      waited = improves ? 0 : waited + 1;
      notes.set(NOTE, JSON.stringify({ monitor, best, waited } satisfies Seen));
      return waited >= patience;
    },
  };
}

/** What was seen of the same number before, or nothing. */
function readNote(text: string | undefined, monitor: string): Seen {
  const seen = text === undefined ? null : (JSON.parse(text) as Seen);
  return seen?.monitor === monitor ? seen : { monitor, best: null, waited: 0 };
}
