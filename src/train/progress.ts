/** How far training has come: part of every checkpoint. */
export interface Progress {
  /** Batches trained on. */
  readonly steps: number;
  /** Epoch that goes on, from 0, and batches of it that are done. */
  readonly epoch: number;
  readonly batch: number;
  /** Samples of this epoch whose losses are known, and the sum of these losses. */
  readonly samples: number;
  readonly lossSum: number;
}

export const atTheStart: Progress = { steps: 0, epoch: 0, batch: 0, samples: 0, lossSum: 0 };
