import type { Activation } from "../activations/activation.js";
import { type Facts, type Kink, saturates } from "../activations/facts.js";
import { jvp } from "../diff/index.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { concat, full, ones, reshape, slice, tensor } from "../ops/index.js";
import { interpret } from "../run/interpret.js";

export interface CurvePoint {
  readonly x: number;
  readonly y: number;
}

/** A function or a derivative of it as runs of points; between two runs it jumps. */
export type SampledCurve = readonly (readonly CurvePoint[])[];

/** An activation as it is drawn: itself, its slope and its curvature over an interval, in float64. */
export interface ActivationSamples {
  readonly activation: Activation;
  readonly interval: readonly [low: number, high: number];
  /** f, f′, f″. */
  readonly curves: readonly [SampledCurve, SampledCurve, SampledCurve];
  /** The kinks in the interval; f just to the left, at, and just to the right of each. */
  readonly kinks: readonly (Kink & { readonly left: number; readonly value: number; readonly right: number })[];
  /** Parts of the interval in which it saturates: it nears a constant there, and |f′| is below a twentieth of its largest value. */
  readonly saturated: readonly (readonly [low: number, high: number])[];
  /** What is drawn of a function of a row; null for a function of one number. */
  readonly view: string | null;
}

export interface SampleOptions {
  /** Ends of the horizontal axis. Default: −4 to 4, and further where there are kinks. */
  readonly interval?: readonly [low: number, high: number];
  /** Points over the interval. Default 640. */
  readonly points?: number;
}

/** `f` and its derivatives up to an order, as functions of a tensor of any shape, element by element. */
export function derivativesOf(f: (x: Tensor) => Tensor, order: number): (x: Tensor) => Tensor[] {
  const chain = Array.from({ length: order }).reduce<((x: Tensor) => Tensor)[]>(
    (known) => {
      const last = known[known.length - 1];
      // The tangent of ones is the slope at every element, because elements do not mix.
      return [...known, (x) => jvp(last, [x], [ones(x.shape)]).tangent];
    },
    [f],
  );
  return (x) => chain.map((derivative) => derivative(x));
}

/**
 * An activation as a function of one number. Of a function of a row the first entry is shown, for the row (x, 0), or (x, 1) where
 * it would be the same for every x; where the result is half as wide as the row, for the row (1, x), in which x is the gate.
 */
export function pointwiseView(activation: Activation): { f: (x: Tensor) => Tensor; view: string | null } {
  const pointwise = (x: Tensor): Tensor => activation(x);
  if (activation.facts.kind === "pointwise") return { f: pointwise, view: null };
  const column = (x: Tensor): Tensor => reshape(x, [x.size, 1]);
  const beside = (x: Tensor, number: number): Tensor => full([x.size, 1], number);
  const firstOf = (row: (x: Tensor) => Tensor) => (x: Tensor) => reshape(slice(activation(row(x)), null, [0, 1]), x.shape);
  if (activation(tensor([[0, 0]])).shape[1] === 1) {
    return { f: firstOf((x) => concat([beside(x, 1), column(x)], 1)), view: "the result for the row (1, x)" };
  }
  const withOther = (other: number) => ({
    f: firstOf((x) => concat([column(x), beside(x, other)], 1)),
    view: `the first entry for the row (x, ${other})`,
  });
  const usual = withOther(0);
  const [values] = interpret([usual.f(tensor([-2, -1, 1, 2]))]);
  return values.every((value) => value === values[0]) ? withOther(1) : usual;
}

/** Everything that a drawing of an activation needs, from one evaluation. */
export function sampleActivation(activation: Activation, options: SampleOptions = {}): ActivationSamples {
  const { facts } = activation;
  const { interval = suitedInterval(facts), points = 640 } = options;
  const [low, high] = interval;
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw fault("plot", "the interval has no length", { expected: "two numbers, the smaller one first", got: `${low}, ${high}` });
  }
  const inside = facts.kind === "vector" ? [] : facts.kinks.filter(({ at }) => at > low && at < high);
  const kinks = [...inside].sort((a, b) => a.at - b.at);
  const pieces = piecesOf(interval, kinks, points);
  const { f, view } = pointwiseView(activation);
  const xs = [...pieces.flat(), ...kinks.map(({ at }) => at)];
  const values = interpret(derivativesOf(f, 2)(tensor(Float64Array.from(xs))));
  let start = 0;
  const runs = pieces.map((piece) => {
    const from = start;
    start += piece.length;
    return values.map((orders) => piece.map((x, i) => ({ x, y: orders[from + i] })));
  });
  const curve = (order: 0 | 1 | 2): SampledCurve =>
    joined(
      runs.map((run) => run[order]),
      kinks,
      order,
    );
  const [value, slope, curvature] = [curve(0), curve(1), curve(2)];
  return {
    activation,
    interval,
    curves: [value, slope, curvature],
    kinks: kinks.map((kink, i) => {
      const [before, after] = [runs[i][0], runs[i + 1][0]];
      return { ...kink, left: before[before.length - 1].y, value: values[0][start + i], right: after[0].y };
    }),
    saturated: saturatedParts(facts, slope, interval),
    view,
  };
}

const HALF_WIDTH = 4;
/** Kinks further out than this are left outside. */
const FAR = 12;

/** Symmetric about 0, and wide enough that its kinks are well inside. */
function suitedInterval(facts: Facts): readonly [number, number] {
  const kinks = facts.kind === "vector" ? [] : facts.kinks.map(({ at }) => Math.abs(at)).filter((at) => at <= FAR);
  const reach = Math.max(HALF_WIDTH, ...kinks.map((at) => Math.ceil(at * 1.4)));
  return [-reach, reach];
}

/** Points between the kinks, up to a hair's breadth beside each: what is at a kink belongs to neither side. */
function piecesOf([low, high]: readonly [number, number], kinks: readonly Kink[], points: number): number[][] {
  const ends = [low, ...kinks.map(({ at }) => at), high];
  return ends.slice(1).map((end, i) => {
    const hair = (x: number): number => 1e-9 * Math.max(1, Math.abs(x));
    const from = i === 0 ? low : ends[i] + hair(ends[i]);
    const to = i === ends.length - 2 ? high : end - hair(end);
    const count = Math.max(2, Math.ceil((points * (to - from)) / (high - low)));
    return Array.from({ length: count }, (_, step) => from + ((to - from) * step) / (count - 1));
  });
}

/** Runs put together where a kink leaves the derivative of this order continuous. */
function joined(runs: readonly (readonly CurvePoint[])[], kinks: readonly Kink[], order: number): SampledCurve {
  const result: CurvePoint[][] = [[...runs[0]]];
  runs.slice(1).forEach((run, i) => {
    if (kinks[i].order > order) result[result.length - 1].push(...run);
    else result.push([...run]);
  });
  return result;
}

function saturatedParts(facts: Facts, slope: SampledCurve, [low, high]: readonly [number, number]) {
  if (facts.kind === "vector") return [];
  const points = slope.flat();
  // Of a slope without bound a piece is seen: beside it everything would look flat.
  const most = facts.lipschitz === Infinity ? 1 : Infinity;
  const steepest = Math.min(most, Math.max(...points.map(({ y }) => Math.abs(y)).filter(Number.isFinite)));
  const steep = points.filter(({ y }) => !(Math.abs(y) < steepest / 20)).map(({ x }) => x);
  if (steep.length === 0) return [];
  const parts: [number, number][] = [];
  if (saturates(facts.left) && steep[0] > low) parts.push([low, steep[0]]);
  if (saturates(facts.right) && steep[steep.length - 1] < high) parts.push([steep[steep.length - 1], high]);
  return parts;
}
