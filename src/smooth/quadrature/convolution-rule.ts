import { probe } from "../../activations/measure/probe.js";
import { NEAR, ORDER, scan } from "../../activations/measure/scan.js";
import type { Tensor } from "../../ir/tensor.js";
import type { Kernel } from "../kernels/kernel.js";
import { cellsOf, type KernelCells, refined } from "./kernel-cells.js";
import { gaussLegendre, type Rule } from "./legendre.js";

/** How a convolution is summed up: Gauss–Legendre nodes on every panel between the edges of cells and the cuts. */
export interface ConvolutionRule {
  readonly cells: KernelCells;
  readonly rule: Rule;
  /** Distances from every break, 0 among them, at which f is cut: fine next to a break, wide further out. */
  readonly cuts: readonly number[];
}

/** A rule, and the largest error that it was seen to make, as a share of ∫ |f| φ. */
export interface ChosenRule extends ConvolutionRule {
  readonly error: number;
  /** How sure the comparison is: what the finest rule changes itself. NaN where f is. */
  readonly doubt: number;
}

/** What is convolved, at the values of everything that may be learned. */
export interface Convolution {
  readonly f: (t: Tensor) => Tensor;
  readonly breaks: readonly number[];
  readonly kernel: Kernel;
  readonly width: number;
}

/** Parts per cell, nodes per panel, and cuts beside a break. */
interface Effort {
  readonly parts: number;
  readonly nodes: number;
  readonly beside: readonly number[];
}

const NONE: readonly number[] = [];
/** With more breaks than this they are themselves the cuts beside each other. */
const MOST_CUT = 4;
const FEW = [1, 8];
const MANY = [0.25, 1, 4, 16, 64];
const efforts = (beside: readonly number[], steps: readonly (readonly [parts: number, nodes: number])[]): Effort[] =>
  steps.map(([parts, nodes]) => ({ parts, nodes, beside }));

/** By rising cost. Without breaks the last two groups differ by their parts alone. */
const LADDER: readonly Effort[] = [
  ...efforts(NONE, [[1, 8], [1, 12], [1, 16], [1, 24], [2, 24]]),
  ...efforts(FEW, [[1, 16], [1, 24], [2, 24]]),
  ...efforts(MANY, [[1, 16], [1, 24], [4, 24], [8, 24]]),
]; // biome-ignore format: a group a row
const FINEST: Effort = { parts: 10, nodes: 32, beside: MANY };
const SECOND: Effort = { parts: 6, nodes: 32, beside: MANY };
/** The integral of f″, of which curvatures are made, may be off by so many times what that of f is. */
const BEND = 50;
/** Shares of a kernel without which bounded functions do; and functions that grow fast, or values that die out. */
const USUAL = 1e-18;
const WIDE = 1e-40;
/** What comes in when a kernel is followed further still is nothing, unless the integral diverges. */
const WIDER = 1e-80;
/** Values that are such a share of the largest one are not followed. */
const UNHEARD = 1e-30;

/** The cheapest rule that is as good as wanted at every point; the best one when none is. */
export function chooseRule(convolution: Convolution, points: readonly number[], tolerance: number): ChosenRule {
  const cells = cellsOf(convolution.kernel);
  const evaluate = evaluator(convolution, points);
  const crowded = convolution.breaks.length > MOST_CUT;
  const make = (share: number, { parts, nodes, beside: wanted }: Effort): ConvolutionRule => {
    const beside = crowded ? NONE : wanted;
    const { heavy, edges } = cells(share);
    const cuts = [...beside.map((step) => -step).reverse(), 0, ...beside];
    return { cells: { heavy, edges: refined(edges, parts) }, rule: gaussLegendre(nodes), cuts };
  };
  const exact = evaluate(make(WIDE, FINEST));
  const largest = [0, 1].map((order) => exact.reduce((most, sums) => Math.max(most, sums[order].size), 0));
  const off = (rule: ConvolutionRule): number => {
    const got = evaluate(rule);
    const share = (i: number, order: 0 | 1): number => {
      const { sum, size } = exact[i][order];
      return size <= UNHEARD * largest[order] ? 0 : Math.abs(got[i][order].sum - sum) / size;
    };
    return points.reduce((most, _, i) => {
      const error = share(i, 0);
      const bend = share(i, 1) / BEND;
      return Number.isNaN(error) ? error : Math.max(most, error, Number.isNaN(bend) ? 0 : bend);
    }, 0);
  };
  const doubt = Math.max(off(make(WIDE, SECOND)), off(make(WIDER, FINEST)));
  const share = off(make(USUAL, FINEST)) <= tolerance / 2 ? USUAL : WIDE;
  const tried: ChosenRule[] = [];
  for (const effort of LADDER) {
    const rule = make(share, effort);
    const error = off(rule);
    tried.push({ ...rule, error, doubt });
    if (error <= Math.max(tolerance, doubt)) return { ...rule, error, doubt };
  }
  const least = tried.reduce((most, { error }) => Math.min(most, error), Infinity);
  // More effort that gains nothing, as where a break was not named, is saved.
  return tried.find(({ error }) => error <= 3 * least) ?? tried[tried.length - 1];
}

interface Sum {
  readonly sum: number;
  /** The same of the absolute values. */
  readonly size: number;
}

/** Applies rules at points in plain float64: what the graph will compute. */
function evaluator({ f, breaks, kernel, width }: Convolution, points: readonly number[]) {
  const functions = probe(f);
  const densities = probe((u) => kernel.density(u));
  return ({ cells: { heavy, edges }, rule, cuts }: ConvolutionRule): (readonly [value: Sum, bend: Sum])[] => {
    const [first, last] = [edges[0], edges[edges.length - 1]];
    const places: number[] = [];
    const weights: number[] = [];
    const sharp = breaks.flatMap((at) => cuts.map((step) => at + step));
    const counts = points.map((x) => {
      const met = sharp.map((at) => (heavy ? Math.atan((x - at) / width) : (x - at) / width));
      const all = [...edges, ...met.filter((v) => v > first && v < last)].sort((a, b) => a - b);
      for (let p = 1; p < all.length; p++) {
        const half = (all[p] - all[p - 1]) / 2;
        for (let i = 0; i < rule.nodes.length; i++) {
          const v = all[p - 1] + half * (1 + rule.nodes[i]);
          const u = heavy ? Math.tan(v) : v;
          places.push(u);
          weights.push(half * rule.weights[i] * (heavy ? 1 + u * u : 1));
        }
      }
      return (all.length - 1) * rule.nodes.length;
    });
    const [heights] = densities.at(places, 0);
    const owners = counts.flatMap((count, i) => new Array<number>(count).fill(points[i]));
    const [values, , bends] = functions.at(
      owners.map((x, i) => x - width * places[i]),
      2,
    );
    // Where a density has died out in float64, what f is there is of no account.
    const term = (i: number, heightsOfF: Float64Array): number =>
      heights[i] === 0 ? 0 : weights[i] * heights[i] * heightsOfF[i];
    const sumOf = (from: number, count: number, heightsOfF: Float64Array): Sum => {
      let [sum, size] = [0, 0];
      for (let i = from; i < from + count; i++) {
        sum += term(i, heightsOfF);
        size += Math.abs(term(i, heightsOfF));
      }
      return { sum, size };
    };
    let next = 0;
    return counts.map((count) => {
      const from = next;
      next += count;
      return [sumOf(from, count, values), sumOf(from, count, bends)] as const;
    });
  };
}

/**
 * Places around the breaks and around 0, and where f is sharp: where a rule is tried. Of very many breaks, those that may have
 * neighbours which nobody named are left out: the outer quarters.
 */
export function probingPoints({ f, breaks, width }: Convolution): number[] {
  const around = [-6, -2.5, -1, -0.3, 0, 0.2, 0.7, 1.7, 4];
  const places = [...around.map((step) => step * width), 0.3, -1.1, 3.3, -9.7, 31];
  const sorted = [...breaks].sort((a, b) => a - b);
  const many = sorted.length > THINNED;
  const span = sorted[sorted.length - 1] - sorted[0];
  const [low, high] = many ? [sorted[0] + span / 4, sorted[sorted.length - 1] - span / 4] : [-Infinity, Infinity];
  const inner = sorted.filter((at) => at >= low && at <= high);
  const near = thinned(inner, THINNED).flatMap((at) => around.map((step) => at + step * width));
  const sharp = scan(probe(f), NEAR, ORDER).sharp.filter((x) => breaks.every((at) => Math.abs(x - at) > 1e-9));
  return [...new Set([...near, ...thinned(sharp, 12), ...places])].filter((x) => x >= low && x <= high);
}

const THINNED = 6;

/** Some of many, evenly chosen. */
function thinned(numbers: readonly number[], most: number): number[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  if (sorted.length <= most) return sorted;
  return Array.from({ length: most }, (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (most - 1))]);
}
