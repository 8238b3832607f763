import type { TypedArray } from "../../../ir/dtype.js";
import type { FaultDetails } from "../../../ir/fault.js";
import { Fault, fault } from "../../../ir/fault.js";
import type { HostOptions, Plan, Slot } from "../../host.js";
import { messageOf } from "../../serve.js";
import type { Gate } from "./gate.js";

/** A call from the main thread. Sessions and states are named by numbers that the caller chooses. */
export type Call =
  | { readonly kind: "load"; readonly session: number; readonly plan: Plan }
  | { readonly kind: "run"; readonly session: number; readonly args: readonly TypedArray[]; readonly state: number | null }
  | { readonly kind: "unload"; readonly session: number }
  | { readonly kind: "createState"; readonly state: number; readonly slots: readonly Slot[] }
  | { readonly kind: "read"; readonly state: number }
  | { readonly kind: "write"; readonly state: number; readonly values: readonly TypedArray[] }
  | { readonly kind: "release"; readonly state: number }
  | { readonly kind: "close" };

export interface Request {
  readonly id: number;
  readonly call: Call;
}

export type Reply =
  | { readonly kind: "ready"; readonly name: string }
  | { readonly kind: "values"; readonly id: number; readonly values: TypedArray[] }
  | { readonly kind: "refused"; readonly id: number; readonly fault: PortableFault }
  /** The thread cannot start: no call will be answered. */
  | { readonly kind: "failed"; readonly fault: PortableFault };

/** Options that can cross threads. */
export type ThreadOptions = Omit<HostOptions, "notify">;

/** What a thread is started with. */
export interface ThreadData {
  readonly options: ThreadOptions;
  readonly gate: Gate;
}

interface PortableFault {
  readonly where: string;
  readonly problem: string;
  readonly details: FaultDetails;
}

/** Bytes from which a buffer is better handed over than cloned (a call of 26 against 18 µs for one number, measured). */
export const smallestTransfer = 4096;

/** A thrown thing as data: classes do not cross threads. */
export function packFault(error: unknown): PortableFault {
  if (error instanceof Fault) return { where: error.where, problem: error.problem, details: { ...error.details } };
  return { where: "worker", problem: "the call failed", details: { got: messageOf(error) } };
}

export const unpackFault = ({ where, problem, details }: PortableFault): Fault => fault(where, problem, details);
