import type { Tensor } from "../../ir/tensor.js";
import { asTensor, type TensorLike } from "../../ops/create.js";
import { abs, add, ceil, div, equal, floor, greater, less, mul, round, sub, where } from "../../ops/index.js";
import { requireSize, type Spread, type StaircaseOptions, spreadOf } from "./spread.js";
import { stair } from "./stair.js";
import { triangle } from "./triangle.js";

/**
 * floor convolved with a kernel of some width, for every x: the staircase for narrow widths, the line x − ½ for wide ones. It has
 * derivatives of every order in x and in the width that the kernel has; its slope is a sum of densities, so never negative.
 * Halfway up at whole numbers. ±∞ stay, NaN stays NaN.
 */
export const smoothFloor = (x: TensorLike, options: StaircaseOptions): Tensor =>
  floorOf(asTensor(x), spreadOf("smoothFloor", options, 1));

/** ceil convolved with a kernel: {@link smoothFloor} one higher. */
export const smoothCeil = (x: TensorLike, options: StaircaseOptions): Tensor =>
  add(floorOf(asTensor(x), spreadOf("smoothCeil", options, 1)), 1);

/** Rounding to whole numbers, convolved with a kernel: halfway up at halves, exactly n at whole n for even kernels. */
export const smoothRound = (x: TensorLike, options: StaircaseOptions): Tensor =>
  roundOf(asTensor(x), spreadOf("smoothRound", options, 1));

/** Rounding to multiples of a step, convolved with a kernel whose width is in units of x. */
export function smoothQuantise(x: TensorLike, step: number, options: StaircaseOptions): Tensor {
  requireSize("smoothQuantise", "step", step);
  return mul(roundOf(inPeriods(x, step), spreadOf("smoothQuantise", options, step)), step);
}

/** x − floor x convolved with a kernel: a sawtooth from 0 to 1 for narrow widths, ½ for wide ones. NaN at ±∞. */
export const smoothFrac = (x: TensorLike, options: StaircaseOptions): Tensor =>
  fracOf(asTensor(x), spreadOf("smoothFrac", options, 1));

/** x modulo a divisor above 0, from 0 to the divisor for every sign of x, convolved with a kernel whose width is in units of x. */
export function smoothMod(x: TensorLike, divisor: number, options: StaircaseOptions): Tensor {
  requireSize("smoothMod", "divisor", divisor);
  return mul(fracOf(inPeriods(x, divisor), spreadOf("smoothMod", options, divisor)), divisor);
}

/** With the length of a period in units of x, as the width is. Default 1. */
export interface WaveOptions extends StaircaseOptions {
  readonly period?: number;
}

/** A wave that rises from −1 to 1 over every period and falls back at its end, convolved with a kernel. */
export function smoothSawtooth(x: TensorLike, options: WaveOptions): Tensor {
  const { place, spread } = waveOf("smoothSawtooth", x, options);
  return add(mul(fracOf(place, spread), 2), -1);
}

/** The sign of sin(2πx/period) convolved with a kernel: 1 over the first half of every period, −1 over the second. */
export function smoothSquareWave(x: TensorLike, options: WaveOptions): Tensor {
  const { place, spread } = waveOf("smoothSquareWave", x, options);
  // 1 + 2(floor y − floor(y + ½)), of which the whole parts are subtracted first.
  const [up, down] = [fromNearest(place), fromHalf(place)];
  const whole = sub(sub(up.whole, down.whole), 1);
  return add(mul(add(sub(stair(up.rest, spread), stair(down.rest, spread)), whole), 2), 1);
}

/** (2/π) arcsin sin(2πx/period) convolved with a kernel: straight lines between −1 and 1, in step with the sine. */
export function smoothTriangleWave(x: TensorLike, options: WaveOptions): Tensor {
  const { place, spread } = waveOf("smoothTriangleWave", x, options);
  // Half periods rise and fall in turn; r is above −¼ and up to ¼, as a kink counts to the line on its left.
  const { rest } = fromNearest(place);
  const half = ceil(sub(mul(rest, 2), 0.5));
  const r = sub(rest, mul(half, 0.5));
  return mul(triangle(r, spread), where(equal(half, 0), 1, -1));
}

/** 1 for x > 0, 0 for x < 0, convolved with a kernel: its distribution function. */
export function smoothHeaviside(x: TensorLike, options: StaircaseOptions): Tensor {
  const { kernel, width } = spreadOf("smoothHeaviside", options, 1);
  return kernel.integral(0, div(x, width));
}

/** The sign of x convolved with a kernel, from −1 to 1. */
export function smoothSign(x: TensorLike, options: StaircaseOptions): Tensor {
  const { kernel, width } = spreadOf("smoothSign", options, 1);
  const z = div(x, width);
  return add(mul(kernel.deviation(0, z), 2), where(greater(z, 0), 1, -1));
}

function waveOf(name: string, x: TensorLike, options: WaveOptions): { readonly place: Tensor; readonly spread: Spread } {
  const period = requireSize(name, "period", options.period ?? 1);
  return { place: inPeriods(x, period), spread: spreadOf(name, options, period) };
}

const inPeriods = (x: TensorLike, period: number): Tensor => (period === 1 ? asTensor(x) : div(x, period));

/** A whole number and what is left of x, exactly: between −½ and ½. */
interface Place {
  readonly whole: Tensor;
  readonly rest: Tensor;
}

/** From the nearest whole number. */
function fromNearest(x: Tensor): Place {
  const whole = round(x);
  return { whole, rest: sub(x, whole) };
}

/** From the middle between two whole numbers, of which the lower one is told. */
function fromHalf(x: Tensor): Place {
  const whole = floor(x);
  return { whole, rest: sub(sub(x, whole), 0.5) };
}

/** At ±∞ nothing is left. */
const known = (x: Tensor, rest: Tensor): Tensor => where(less(abs(x), Infinity), rest, 0);

function floorOf(x: Tensor, spread: Spread): Tensor {
  const { whole, rest } = fromNearest(x);
  return add(stair(known(x, rest), spread), whole);
}

function roundOf(x: Tensor, spread: Spread): Tensor {
  const { whole, rest } = fromHalf(x);
  return add(add(stair(known(x, rest), spread), 1), whole);
}

function fracOf(x: Tensor, spread: Spread): Tensor {
  const { rest } = fromNearest(x);
  return sub(sub(rest, mul(spread.width, spread.kernel.mean)), stair(rest, spread));
}
