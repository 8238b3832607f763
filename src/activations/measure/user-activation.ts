import { fault } from "../../ir/fault.js";
import { type Activation, activation } from "../activation.js";
import { type PointwiseFacts, range, type Tail } from "../facts.js";
import { measureFacts } from "./measure.js";
import type { Pointwise } from "./probe.js";
import { type Measured, type MeasuredFacts, valueIfKnown } from "./report.js";

/** An activation made of a function, with what was found out about it. */
export interface MeasuredActivation extends Activation<never> {
  readonly measured: MeasuredFacts;
}

/** What else is known about a function; nothing here is needed. */
export interface Description {
  readonly title?: string;
  readonly tex?: string;
  readonly source?: string;
  readonly strengths?: string;
  readonly weaknesses?: string;
  readonly use?: string;
}

/**
 * The activation of any function of one number, with measured facts: it stands among layers as those of the catalogue do, and
 * weights before it start with the gain that it needs. `facts` claims no more than was established (no bounds, no symmetry, no
 * finite slope where none is known); `measured` says what is known and why the rest is not.
 */
export function activationOf(name: string, f: Pointwise, description: Description = {}): MeasuredActivation {
  const measured = measureFacts(f);
  if (!measured.parity.established) {
    throw fault(`activationOf (${name})`, measured.parity.reason, {
      expected: "a function that treats every number of a tensor alike and is finite everywhere",
      fix: "put the function itself among the layers and set the gain of the weights before it",
    });
  }
  const facts = claims(measured);
  const known = activation({
    name,
    title: description.title ?? name,
    tex: description.tex ?? String.raw`\operatorname{${name}}(x)`,
    source: description.source ?? "given as a function",
    strengths: description.strengths ?? "",
    weaknesses: description.weaknesses ?? "",
    use: description.use ?? "",
    parameters: {},
    apply: (x) => f(x),
    facts: () => facts,
  });
  return Object.assign(known, { measured });
}

/** The facts that a measurement supports, the weakest claim standing in for what it does not. */
function claims(measured: MeasuredFacts): PointwiseFacts {
  const or = <T>(fact: Measured<T>, weakest: T): T => (fact.established ? fact.value : weakest);
  const unknownTail: Tail = { kind: "oscillates" };
  const values = or(measured.range, range("(", -Infinity, Infinity, ")"));
  return {
    kind: "pointwise",
    range: values,
    minimumAt: valueIfKnown(measured.minimum)?.at ?? null,
    monotone: or(measured.monotone, "neither"),
    parity: or(measured.parity, "neither"),
    zeroCentred: or(measured.zeroCentred, false),
    left: or(measured.left, unknownTail),
    right: or(measured.right, unknownTail),
    smoothness: or(measured.smoothness, measured.kinksFound.some(({ order }) => order === 0) ? "discontinuous" : "C0"),
    kinks: measured.kinksFound.map(({ at, order }) => ({ at, order })),
    lipschitz: or(measured.lipschitz, Infinity),
    curvature: or(measured.curvature, Infinity),
  };
}
