/** How far training has come: part of every checkpoint. */
export interface Progress {
  /** Batches trained on. */
  readonly steps: number;
  /** Epoch that goes on, from 0, and batches of it that are done. */
  readonly epoch: number;
  readonly batch: number;
}
