import type { EpochReport, FitOptions } from "../train/index.js";

/** Who watches a training, and may end it early. */
export interface Watching {
  readonly onEpoch?: (report: EpochReport) => void;
  /** Called after every few steps: for progress bars. */
  readonly onProgress?: FitOptions["onProgress"];
  /** Ends training after the steps under way; what was learned until then is kept. */
  readonly signal?: AbortSignal;
}

/** The options that are left when nobody watches. */
export function unwatched<T extends Watching>({ onEpoch, onProgress, signal, ...rest }: T): Omit<T, keyof Watching> {
  return rest;
}

/** What `fit` is told of them. */
export const watched = ({ onProgress, signal }: Watching): Pick<FitOptions, "onProgress" | "signal"> => ({
  ...(onProgress && { onProgress }),
  ...(signal && { signal }),
});
