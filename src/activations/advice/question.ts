import type { Runtime } from "../../run/runtime.js";
import type { Activation } from "../activation.js";
import type { OutputKind } from "./outputs.js";

/** What may rescale a signal between layers. */
export const normalisations = ["none", "batch", "layer"] as const;
/** How much running time an activation may take. */
export const budgets = ["low", "normal", "high"] as const;
/** The least smoothness that can be asked for. */
export const smoothnesses = ["any", "C1", "smooth"] as const;

/** What hidden layers are wanted for. */
export interface HiddenQuestion {
  readonly task: "hidden";
  /** Layers that a signal passes. Default 4. */
  readonly depth?: number;
  /** Units of a layer. Default 256. */
  readonly width?: number;
  /** Whether something rescales the signal between layers. Default none. */
  readonly normalisation?: (typeof normalisations)[number];
  /** How much of the running time an activation may take. Default normal. */
  readonly budget?: (typeof budgets)[number];
  /** The least smoothness: C1 for a continuous slope, smooth for what differential equations ask. Default any. */
  readonly smoothness?: (typeof smoothnesses)[number];
  /** How many are named. Default 5. */
  readonly count?: number;
  /** Among which to choose. Default: the catalogue. */
  readonly among?: readonly Activation[];
  /** Times forward and backward of the best ones here, which takes a few seconds, in place of counting operations. */
  readonly measureCost?: boolean;
  /** Where to time. Default: the one of everything that names no other. */
  readonly runtime?: Runtime;
}

/** What an output layer is to say. */
export interface OutputQuestion {
  readonly task: "output";
  readonly output: OutputKind;
  /** Among which to look for alternatives. Default: the catalogue. */
  readonly among?: readonly Activation[];
}

export type SettledQuestion = Required<Omit<HiddenQuestion, "runtime" | "among" | "measureCost">>;
