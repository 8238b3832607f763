import type { Problem } from "./data.js";

/** One way of training the workloads. A module under contenders/ exports one as `contender`. */
export interface Contender {
  readonly name: string;
  /** Version of the library, for the report. */
  readonly version: () => string;
  /** Builds the network from the problem's weights; compiling belongs here. `options` come from the command line, for experiments. */
  prepare(problem: Problem, options: Readonly<Record<string, string>>): Promise<Training>;
}

export interface Training {
  /** One optimizer step on the next batch. It may return before the work is done if `settle` waits for it. */
  step(): Promise<void> | void;
  /** `steps` optimizer steps where one call can do several; otherwise `step` is called in a loop. */
  stepMany?(steps: number): Promise<void> | void;
  /** Waits until the steps asked for are done. */
  settle?(): Promise<void> | void;
  /** Loss of the last step's batch before its update. */
  loss(): Promise<number> | number;
  dispose(): Promise<void> | void;
}
