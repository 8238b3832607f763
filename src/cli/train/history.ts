import { fault } from "../../ir/fault.js";
import type { EpochReport } from "../../train/index.js";

/** What is remembered of an epoch: a line of metrics.jsonl, and part of the checkpoint after it. */
export interface EpochLine extends Omit<EpochReport, "validation"> {
  /** Loss and metrics on the data that were only measured. */
  readonly held: Readonly<Record<string, number>>;
  /** Which data these were. */
  readonly heldName: "test" | "validation";
}

/** Epoch with the least loss on the held data; the first of equals. */
export const bestEpoch = (history: readonly EpochLine[]): EpochLine | null =>
  history.reduce<EpochLine | null>((best, line) => (best === null || line.held.loss < best.held.loss ? line : best), null);

export const packHistory = (history: readonly EpochLine[]): string => JSON.stringify(history);

/** Reads what {@link packHistory} wrote. */
export function unpackHistory(text: string | undefined, epochs: number): EpochLine[] {
  try {
    const lines = JSON.parse(text ?? "") as EpochLine[];
    const whole =
      Array.isArray(lines) && lines.length === epochs && lines.every((line, i) => isLine(line) && line.epoch === i + 1);
    if (whole) return lines;
  } catch {
    // Told below, like a text that is JSON but no history.
  }
  throw fault("checkpoint", "the history of the run in it cannot be read", {
    expected: `${epochs} epochs with their losses`,
    got: (text ?? "nothing").slice(0, 80),
  });
}

const isLine = (line: EpochLine | null): boolean =>
  typeof line === "object" && line !== null && typeof line.loss === "number" && typeof line.held?.loss === "number";
