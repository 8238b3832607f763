import { fault } from "../../ir/fault.js";
import { digest } from "../../ir/graph.js";
import type { Tensor } from "../../ir/tensor.js";
import { mul } from "../../ops/index.js";
import { type Kernel, kernel } from "./kernel.js";
import { type ReadDensity, readDensity } from "./user-density.js";
import { readSide, type Side } from "./user-sides.js";
import { tailsOf } from "./user-tails.js";
import { waveSum } from "./wave-sum.js";

/** A kernel by its density. */
export interface UserKernelOptions {
  /** A name of letters and digits. */
  readonly name: string;
  /** φ(u), written with operations: any function of one number, of any width. */
  readonly density: (u: Tensor) => Tensor;
  /** Where φ ends on both sides, if it does and does not say so itself: beyond, it counts 0. */
  readonly radius?: number;
  /** Divide by the integral instead of insisting on 1. */
  readonly normalise?: boolean;
  /** Allow φ < 0, as in kernels of higher order. */
  readonly signed?: boolean;
  readonly tex?: string;
  readonly source?: string;
}

/** How far the integral of a density may be from 1: what constants of 13 digits leave. */
const AREA_TOLERANCE = 1e-12;

/**
 * The kernel of a density alone. What the built-in kernels know in closed form is computed here once, in float64: moments, the
 * tails I₀ … I₃ as Chebyshev tables of their logarithms (right to about 1e-13 of the value however far out), where φ or a
 * derivative of it jumps, how far moments exist. Tails that diverge become antiderivatives, as in every kernel.
 *
 * The characteristic function is a sum over the same panels: right up to a frequency of some 40 / (typical |u|), and 0 beyond.
 */
export function userKernel(options: UserKernelOptions): Kernel {
  const { name } = options;
  const where = `userKernel (${name})`;
  if (!/^[A-Za-z][A-Za-z0-9]*$/.test(name)) throw fault("userKernel", "the name is not one", { expected: "letters and digits, a letter first", got: JSON.stringify(name) }); // biome-ignore format: one line
  const read = unit(where, readDensity(where, options.density, options.radius), options.normalise ?? false);
  if (!options.signed) requirePositive(where, read);
  const left = readSide(read, -1);
  const right = read.even ? left : readSide(read, 1);
  const { radius, scale } = read;
  const momentsBelow = read.power - 1;
  const moments = momentsOf(left, right, momentsBelow);
  const starts = startsOf(moments, momentsBelow);
  const places = { radius, scale, momentsBelow };
  const leftTails = tailsOf({ ...places, side: left, starts });
  const rightTails = read.even ? leftTails : tailsOf({ ...places, side: right, starts: starts.map((start, n) => (n % 2 === 0 ? start : -start)) }); // biome-ignore format: one line
  const tables = [...leftTails.tables, ...rightTails.tables].flatMap(({ series }) => series);
  const hash = digest(tables.flatMap(({ to, coefficients }) => [to, ...coefficients]));
  const made = kernel({
    ...moments,
    // Equal nodes are shared by name, so kernels that differ have names that do.
    name: `${name}_${hash}`,
    title: name,
    tex: options.tex ?? String.raw`\varphi_{\text{${name}}}(u)`,
    source: options.source ?? "given as a density",
    radius,
    momentsBelow,
    smoothness: read.smoothness,
    positive: falls(read),
    characteristic: characteristicOf(left, right, read.even),
    density: read.graph,
    tails: leftTails.tails,
    ...(!read.even && { mirroredTails: rightTails.tails }),
  });
  return { ...made, name };
}

function unit(where: string, read: ReadDensity, normalise: boolean): ReadDensity {
  const { area } = read;
  if (normalise && Math.abs(area) > 0) {
    const { graph, values } = read;
    const scaled = (points: Float64Array): Float64Array => Float64Array.from(values(points), (height) => height / area);
    return { ...read, area: 1, graph: (u) => mul(graph(u), 1 / area), values: scaled };
  }
  if (Math.abs(area - 1) <= AREA_TOLERANCE) return read;
  throw fault(where, "the density does not integrate to 1", {
    got: String(area),
    fix: area === 0 ? "a density is not 0 everywhere" : "divide by this, or set normalise: true",
  });
}

function requirePositive(where: string, { samples }: ReadDensity): void {
  const negative = samples.find(({ g }) => g[0] < 0);
  if (negative === undefined) return;
  throw fault(where, "the density is negative in places", {
    got: `${Number(negative.g[0].toPrecision(3))} at u = ${Number(negative.x.toPrecision(3))}`,
    fix: "set signed: true if that is meant: what it smooths need not stay monotone or convex",
  });
}

/** Whether the density is nowhere negative and falls to both sides of 0. */
function falls({ samples }: ReadDensity): boolean {
  return samples.every(({ x, g: [height] }, i) => {
    const inward = samples[x > 0 ? i - 1 : i + 1];
    const rises = inward !== undefined && x !== 0 && height > inward.g[0] + 1e-12 * Math.abs(inward.g[0]) + 1e-300;
    return height >= 0 && !rises;
  });
}

/** Moments about the mean; ∞ where they do not exist, and no mean where there is none. */
function momentsOf(left: Side, right: Side, below: number) {
  const raw = (n: number): number => (n < below ? right.moments[n] + (n % 2 === 0 ? 1 : -1) * left.moments[n] : Infinity);
  const mean = below > 1 ? raw(1) : 0;
  const third = below > 3 ? raw(3) - 3 * mean * raw(2) + 2 * mean ** 3 : 0;
  return {
    mean,
    absoluteMoment: below > 1 ? left.moments[1] + right.moments[1] : Infinity,
    variance: raw(2) - mean ** 2,
    thirdMoment: third,
    fourthMoment: below > 4 ? raw(4) - 4 * mean * raw(3) + 6 * mean ** 2 * raw(2) - 3 * mean ** 4 : Infinity,
  };
}

/** Half of Mₙ(0) for each order that diverges: Gₙ(0) and its mirror image make up the whole. */
function startsOf({ mean, variance }: { mean: number; variance: number }, below: number): number[] {
  const spread = below > 2 ? variance : 0;
  return [0.5, -mean / 2, (mean ** 2 + spread) / 2, (-(mean ** 3) - 3 * mean * spread) / 2];
}

/** Contributions that are less than this are left out. */
const UNHEARD = 1e-19;
/** A panel of 24 nodes resolves waves of so many radians. */
const RESOLVED = 20;

function characteristicOf(left: Side, right: Side, even: boolean): (frequency: Tensor) => Tensor {
  const nodes = (even ? [left] : [left, right]).flatMap(({ rule: { places, weights, lengths } }) =>
    places.map((u, i) => ({ u, weight: (even ? 2 : 1) * weights[i], length: lengths[i] })),
  );
  const heard = nodes.filter(({ weight }) => Math.abs(weight) > UNHEARD);
  const longest = heard.reduce((most, { weight, length }) => (Math.abs(weight) > 1e-15 ? Math.max(most, length) : most), 0);
  return waveSum({ places: heard.map(({ u }) => u), weights: heard.map(({ weight }) => weight) }, RESOLVED / longest);
}
