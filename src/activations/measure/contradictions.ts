import type { Kink, PointwiseFacts, Range, Tail } from "../facts.js";
import { type Measured, type MeasuredFacts, mapMeasured, valueIfKnown } from "./report.js";

/** How far a declared number may be from the measured one: relative for sizes, absolute for places. */
const RELATIVE = 1e-9;
const KINK_PLACE = 1e-9;
/** A minimum is flat: where it lies is known less well than how low it is. */
const MINIMUM_PLACE = 1e-6;

/**
 * What a declaration says that measurement denies, a sentence each: "lipschitz: declared 1, measured 1.5". Facts that could not
 * be established contradict nothing.
 */
export function contradictions(declared: PointwiseFacts, measured: MeasuredFacts): string[] {
  const checks: readonly (string | null)[] = [
    compare("range", declared.range, measured.range, sameRange),
    compare("monotone", declared.monotone, measured.monotone, Object.is),
    compare("parity", declared.parity, measured.parity, Object.is),
    compare("zeroCentred", declared.zeroCentred, measured.zeroCentred, Object.is),
    compare("left", declared.left, measured.left, sameTail),
    compare("right", declared.right, measured.right, sameTail),
    compare("kinks", declared.kinks, measured.kinks, sameKinks),
    compare("smoothness", smoothnessClass(declared.smoothness), measured.smoothness, Object.is),
    compare("curvature", declared.curvature, measured.curvature, near),
    lipschitz(declared, measured),
    minimum(declared, measured),
  ];
  return checks.filter((problem) => problem !== null);
}

function compare<T>(name: string, declared: T, measured: Measured<T>, same: (a: T, b: T) => boolean): string | null {
  if (!measured.established || same(declared, measured.value)) return null;
  return `${name}: declared ${show(declared)}, measured ${show(measured.value)}`;
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" && !Number.isFinite(part) ? String(part) : part,
  ).replaceAll('"', "");

const near = (a: number, b: number): boolean => a === b || Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b), 1e-6);

const sameRange = (a: Range, b: Range): boolean =>
  near(a.low, b.low) && near(a.high, b.high) && a.lowAttained === b.lowAttained && a.highAttained === b.highAttained;

function sameTail(a: Tail, b: Tail): boolean {
  if (a.kind !== "line" || b.kind !== "line") return a.kind === b.kind;
  return near(a.slope, b.slope) && Math.abs(a.intercept - b.intercept) <= RELATIVE * Math.max(1, Math.abs(a.intercept));
}

function sameKinks(a: readonly Kink[], b: readonly Kink[]): boolean {
  const sorted = [...a].sort((p, q) => p.at - q.at);
  const fits = (kink: Kink, other: Kink): boolean =>
    kink.order === other.order && Math.abs(kink.at - other.at) <= KINK_PLACE * Math.max(1, Math.abs(kink.at));
  return a.length === b.length && sorted.every((kink, i) => fits(kink, b[i]));
}

/** What of a class can be told by looking at the first three derivatives. */
const smoothnessClass = (declared: PointwiseFacts["smoothness"]): PointwiseFacts["smoothness"] =>
  declared === "analytic" || declared === "C3" ? "smooth" : declared;

/** Of a function that jumps, either the slope between the jumps or ∞ may be declared. */
function lipschitz(declared: PointwiseFacts, { lipschitz: measured, steepest }: MeasuredFacts): string | null {
  if (measured.established && near(declared.lipschitz, measured.value)) return null;
  return compare("lipschitz", declared.lipschitz, steepest, near);
}

/** Whether there is a smallest value, and where, unless there are several places. */
function minimum({ minimumAt }: PointwiseFacts, { minimum: measured }: MeasuredFacts): string | null {
  const apart = (a: number, b: number): boolean => Math.abs(a - b) > MINIMUM_PLACE * Math.max(1, Math.abs(b));
  return compare(
    "minimumAt",
    minimumAt,
    mapMeasured(measured, (lowest) => lowest?.at ?? null),
    (a, b) => {
      const unique = valueIfKnown(measured)?.unique ?? false;
      return a === null || b === null ? a === b : !unique || !apart(a, b);
    },
  );
}
