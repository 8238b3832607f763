import { fault } from "../ir/fault.js";
import { errorOfSmooth } from "./facts/error.js";
import { requireConvergent, requireWidth } from "./facts/require.js";
import { extremesOf, pointsFor } from "./facts/scan.js";
import { jumps } from "./facts/shape.js";
import { limitsOf } from "./facts/tails.js";
import type { Kernel } from "./kernels/kernel.js";
import { type NumericPieces, numbersOf, pieceAt, pieceValue, slopeOf } from "./numeric/pieces.js";
import { type FormKind, type NumericSmooth, numericSmooth } from "./numeric/smooth.js";
import type { Pieces } from "./pieces/pieces.js";

/**
 * A width in units of x, or what it should bring about:
 *
 *     { maximumError: 0.05 }        sup |f_w − f|
 *     { kinkValue: 0.1 }            |f_w − f| at the sharpest kink: what a smoothed relu is at 0
 *     { curvature: 2 }              sup |f_w″|
 *     { standardDeviation: 0.5 }    that of the kernel, as noise on x
 */
export type WantedWidth =
  | number
  | { readonly maximumError: number }
  | { readonly kinkValue: number }
  | { readonly curvature: number }
  | { readonly standardDeviation: number };

/** The width with which a kernel does what is wanted of it. A fault where no width does. */
export function widthFor(wanted: WantedWidth, pieces: Pieces, kernel: Kernel, form: FormKind = "mollify"): number {
  if (typeof wanted === "number") return requireWidth("width", wanted);
  const numeric = numbersOf(pieces);
  requireConvergent("width", numeric, kernel, form);
  const [[name, target]] = Object.entries(wanted);
  if (!(name in measures)) {
    throw fault("width", `there is no "${name}" to choose a width by`, { expected: Object.keys(measures).join(", "), got: name });
  }
  if (!(target > 0 && target < Infinity)) {
    throw fault("width", `the wanted ${name} is no size`, { expected: "a finite number above 0", got: String(target) });
  }
  return measures[name as keyof typeof measures](target, numeric, kernel, form);
}

/** The width of another kernel with which a smoothed kink has the same height; a fault where one of them has no mean size. */
export function equivalentWidth(width: number, from: Kernel, to: Kernel): number {
  for (const kernel of [from, to]) requireMoment(kernel, kernel.record.absoluteMoment, "E|U|");
  return (requireWidth("width", width) * from.record.absoluteMoment) / to.record.absoluteMoment;
}

type Measure = (target: number, pieces: NumericPieces, kernel: Kernel, form: FormKind) => number;

const measures = {
  standardDeviation: (target, _, kernel) => {
    requireMoment(kernel, kernel.record.variance, "variance");
    return target / Math.sqrt(kernel.record.variance);
  },
  maximumError: (target, pieces, kernel, form) => {
    const half = Math.max(0, ...jumps(pieces).map((jump) => Math.abs(jump) / 2));
    if (target <= half) {
      throw fault("width", "the function jumps: no width brings the largest error below half of the jump", {
        expected: `a maximumError above ${half}`,
        got: String(target),
        fix: "choose the width by curvature or standardDeviation",
      });
    }
    const error = (width: number): number => errorOfSmooth(numericSmooth(pieces, kernel, width, form)).sup;
    return solve("maximumError", target, scaleOf(pieces), error);
  },
  kinkValue: (target, pieces, kernel, form) => {
    const at = sharpestKink(pieces);
    const sharp = pieceValue(pieces.pieces[pieceAt(pieces.breaks, at)], at);
    const lifted = (width: number): number => Math.abs(numericSmooth(pieces, kernel, width, form).at([at], 0)[0] - sharp);
    return solve("kinkValue", target, scaleOf(pieces), lifted);
  },
  curvature: (target, pieces, kernel, form) =>
    solve("curvature", target, scaleOf(pieces), (width) => curvatureOf(numericSmooth(pieces, kernel, width, form))),
} satisfies Record<string, Measure>;

function curvatureOf(smooth: NumericSmooth): number {
  const { low, high } = extremesOf((points) => smooth.at(points, 2), pointsFor(smooth));
  return Math.max(-low.value, high.value, ...limitsOf(smooth).map(({ curvature }) => Math.abs(curvature)));
}

/** The continuous break at which the slope changes most. */
function sharpestKink(pieces: NumericPieces): number {
  const broken = jumps(pieces);
  const changes = jumps(slopeOf(pieces)).map((change, k) => (broken[k] === 0 ? Math.abs(change) : 0));
  const sharpest = Math.max(0, ...changes);
  if (sharpest > 0) return pieces.breaks[changes.indexOf(sharpest)];
  throw fault("width", "the function has no kink", {
    expected: "a break at which it is continuous and its slope is not",
    fix: "choose the width by maximumError, curvature or standardDeviation",
  });
}

/** A width to begin with: of the order of the distance between the breaks. */
function scaleOf({ breaks }: NumericPieces): number {
  const gaps = breaks.slice(1).map((high, k) => high - breaks[k]);
  return gaps.length === 0 ? 1 : Math.min(...gaps);
}

const STEPS = 80;
const DOUBLINGS = 24;

/**
 * The width at which a quantity that grows or falls with it takes a value. All of them are powers of the width where one break rules,
 * so the secant is drawn between logarithms; halving keeps it in bounds.
 */
function solve(name: string, target: number, start: number, quantity: (width: number) => number): number {
  const apart = (width: number): number => Math.log(quantity(width) / target);
  const first = { at: Math.log(start), off: apart(start) };
  let [low, high] = bracket(name, target, first, (at) => apart(Math.exp(at)));
  for (let step = 0; step < STEPS && Math.abs(high.at - low.at) > 1e-14; step++) {
    const secant = low.at - (low.off * (high.at - low.at)) / (high.off - low.off);
    const middle = (low.at + high.at) / 2;
    const at = step % 3 === 2 || !Number.isFinite(secant) ? middle : secant;
    const off = apart(Math.exp(at));
    if (Math.abs(off) < 1e-13) return Math.exp(at);
    if (Math.sign(off) === Math.sign(low.off)) low = { at, off };
    else high = { at, off };
  }
  return Math.exp(Math.abs(low.off) < Math.abs(high.off) ? low.at : high.at);
}

interface Trial {
  readonly at: number;
  readonly off: number;
}

/** Two widths between which the value is crossed, by doubling and halving. */
function bracket(name: string, target: number, first: Trial, apart: (at: number) => number): [Trial, Trial] {
  let [up, down] = [first, first];
  for (let step = 0; step < STEPS; step++) {
    // Wider than this the terms of a bounded function cancel to rounding.
    const higher = step < DOUBLINGS ? { at: up.at + Math.LN2, off: apart(up.at + Math.LN2) } : up;
    if (crosses(up, higher)) return [up, higher];
    const lower = { at: down.at - Math.LN2, off: apart(down.at - Math.LN2) };
    if (crosses(down, lower)) return [down, lower];
    [up, down] = [higher, lower];
  }
  throw fault("width", `no width gives a ${name} of ${target}`, {
    got: `${Math.exp(down.off) * target} at ${Math.exp(down.at)} and ${Math.exp(up.off) * target} at ${Math.exp(up.at)}`,
  });
}

const crosses = (a: Trial, b: Trial): boolean => (a.off <= 0 && b.off >= 0) || (a.off >= 0 && b.off <= 0);

function requireMoment(kernel: Kernel, moment: number, what: string): void {
  if (Number.isFinite(moment)) return;
  throw fault("width", `the ${what} of the ${kernel.title} kernel is infinite`, {
    expected: `a kernel whose ${what} is finite`,
    got: kernel.name,
    fix: "give the width as a number, or by maximumError or curvature",
  });
}
