import type { TypedArray } from "../ir/dtype.js";
import type { Plan, Slot } from "./host.js";

export type MaybePromise<T> = T | Promise<T>;

/**
 * What a runtime must offer to become a host. Everything here may assume what hosts check first: arguments fit their ports, cells
 * fit their slots, calls come one at a time, nothing is used after its disposal. Cells are how the runtime keeps one slot.
 */
export interface Engine<Cell> {
  readonly name: string;
  load(plan: Plan): MaybePromise<Program<Cell>>;
  /** Keeps a copy of a value. */
  hold(slot: Slot): Cell;
  /** Fresh copies of the values. */
  read(cells: readonly Cell[]): MaybePromise<TypedArray[]>;
  /** Replaces the values by copies. */
  write(cells: readonly Cell[], values: readonly TypedArray[]): void;
  release(cells: readonly Cell[]): void;
  close(): MaybePromise<void>;
}

/** A loaded model. A run that fails must leave every cell as it was. */
export interface Program<Cell> {
  run(args: readonly TypedArray[], cells: readonly Cell[]): MaybePromise<TypedArray[]>;
  dispose(): MaybePromise<void>;
}

/** What runtimes report about a port of a loaded model. Sizes that are not numbers are symbolic. */
export interface PortMetadata {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}
