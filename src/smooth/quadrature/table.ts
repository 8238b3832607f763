import { type Probe, probe, whyNotPointwise } from "../../activations/measure/probe.js";
import { jvp } from "../../diff/index.js";
import { fault } from "../../ir/fault.js";
import { digest } from "../../ir/graph.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor } from "../../ops/create.js";
import { smooth } from "../../ops/define.js";
import { add, greater, less, mul, ones, sub, type TensorLike, where } from "../../ops/index.js";
import { own, type UnaryOperation, unary } from "../../ops/unary.js";
import type { Way } from "../computation.js";
import { type Lookup, lowerLookup, tabulate } from "./lookup.js";
import { evaluatePanels, interpolatePanels, type Panels } from "./panels.js";

/** Where a table is made, and what goes on beyond it. */
export interface TableOptions {
  /** The interval of the table, which is rounded outward to a multiple of a power of two. */
  readonly from: number;
  readonly to: number;
  /** What F is beyond the ends, nearly: f itself, for a smoothed f. The tangents at the ends when left out. */
  readonly left?: (x: Tensor) => Tensor;
  readonly right?: (x: Tensor) => Tensor;
  /** Where F or a derivative of it jumps: breaks of f ± width · radius of a compact kernel. */
  readonly breaks?: readonly number[];
  /** Error to reach, relative to max(|F|, scale); default 1e-14. */
  readonly tolerance?: number;
  /** Size below which values need no more digits of their own, such as the width; default the largest |F| of the table. */
  readonly scale?: number;
}

/** A function that is read from a table. */
export interface Tabled {
  /** The largest difference from F that was seen, relative to max(|F|, scale): between all nodes, four times, and beyond the ends. */
  readonly way: Way & { readonly kind: "table" };
  readonly panels: number;
  /** The interval that the table covers. */
  readonly interval: readonly [from: number, to: number];
  apply(x: TensorLike): Tensor;
}

/**
 * A function of one number, however long it takes, as Chebyshev series on panels: in float64 to the tolerance, in a runtime looked
 * up at the cost of a few operations. Derivatives are tables of the derivatives of F, made when they are asked for, to any order.
 * What F closes over is read once: only x can be learned through a table.
 */
export function certifiedTable(f: (x: Tensor) => Tensor, options: TableOptions): Tabled {
  const [from, to] = gridOf(options);
  const why = whyNotPointwise(f);
  if (why !== null) throw fault("certifiedTable", `it is not a function of one number: ${why}`);
  const points = probe(f);
  const inside = points.at([from, (from + to) / 2, to], 1);
  const left = options.left ?? tangent(inside, from, 0);
  const right = options.right ?? tangent(inside, to, 2);
  const table = tableOf(f, { ...options, from, to });
  const beyond = Math.max(
    apartBeyond(points, left, from, -(to - from), table.scale),
    apartBeyond(points, right, to, to - from, table.scale),
  );
  const error = Math.max(table.error, beyond);
  if (Number.isNaN(error))
    throw fault("certifiedTable", "the function is not a number everywhere", {
      fix: "narrow the interval, or guard it with where",
    });
  return {
    way: { kind: "table", error },
    panels: table.panels.series.length,
    interval: [from, to],
    apply: (given) => {
      const x = asTensor(given);
      const [below, above] = [less(x, from), greater(x, to)];
      // Each side sees only what is on it: what it would be elsewhere cannot spoil a derivative.
      const outside = where(below, left(where(below, x, from)), right(where(above, x, to)));
      const held = where(below, from, where(above, to, x));
      return where(below, outside, where(above, outside, table.read(held)));
    },
  };
}

/** Panels of a lookup table start at multiples of their length, and that is a power of two: dividing by it rounds nothing. */
function gridOf({ from, to }: TableOptions): [from: number, to: number] {
  if (!(from < to) || !Number.isFinite(to - from))
    throw fault("certifiedTable", "there is no such interval", { expected: "from < to, both finite", got: `${from} to ${to}` });
  const step = stepOf(from, to);
  const start = Math.floor(from / step) * step;
  return [start, start + COARSEST * step];
}

/** The fewest panels of a lookup table. */
const COARSEST = 256;
const stepOf = (from: number, to: number): number => 2 ** Math.ceil(Math.log2((to - from) / (COARSEST - 1)));

function tangent([values, slopes]: readonly Float64Array[], at: number, i: number): (x: Tensor) => Tensor {
  return (x) => add(mul(sub(x, at), slopes[i]), values[i]);
}

/** How far off a side is at some distances from its end. */
function apartBeyond(points: Probe, side: (x: Tensor) => Tensor, end: number, span: number, scale: number): number {
  const places = [1e-6, 0.01, 0.1, 0.3, 1, 4, 30].map((share) => end + share * span);
  const [exact] = points.at(places, 0);
  const [got] = probe(side).at(places, 0);
  return exact.reduce((most, value, i) => {
    // Where the function itself overflows there is nothing to compare with.
    if (!Number.isFinite(value)) return most;
    return worse(most, Math.abs(got[i] - value) / Math.max(Math.abs(value), scale));
  }, 0);
}

const worse = (a: number, b: number): number => (Number.isNaN(a) || a > b ? a : b);

interface Table {
  readonly panels: Panels;
  readonly scale: number;
  readonly error: number;
  readonly read: UnaryOperation;
}

function tableOf(f: (x: Tensor) => Tensor, options: TableOptions): Table {
  const { from, to, breaks = [], tolerance = 1e-14 } = options;
  const points = probe(f);
  const values = (places: ArrayLike<number>): Float64Array => points.at(places, 0)[0];
  const coarse = values(Float64Array.from({ length: COARSEST + 1 }, (_, i) => from + ((to - from) * i) / COARSEST));
  const scale = options.scale ?? coarse.reduce((largest, value) => Math.max(largest, Math.abs(value)), Number.MIN_VALUE);
  const edges = [...new Set([from, ...breaks.filter((at) => at > from && at < to), to])].sort((a, b) => a - b);
  const panels = interpolatePanels(values, edges, { tolerance: tolerance / 8, floor: scale });
  const error = errorOf(panels, values, scale);
  return { panels, scale, error, read: operationOf(f, panels, options, scale) };
}

/** Places on each panel that are none of its nodes. */
const BETWEEN = Array.from({ length: 24 }, (_, i) => (1 - Math.cos((Math.PI * (i + 0.5)) / 24)) / 2);

/** The largest difference between the nodes, four times. */
function errorOf(panels: Panels, values: (places: ArrayLike<number>) => Float64Array, scale: number): number {
  const places = panels.series.flatMap(({ from, to }) => BETWEEN.map((share) => from + share * (to - from)));
  return values(places).reduce((most, value, i) => {
    const apart = Math.abs(evaluatePanels(panels, places[i]) - value) / Math.max(Math.abs(value), scale);
    return worse(most, 4 * apart);
  }, 0);
}

function operationOf(f: (x: Tensor) => Tensor, panels: Panels, options: TableOptions, scale: number): UnaryOperation {
  const { from, to } = options;
  const hash = digest(panels.series.flatMap(({ to: end, coefficients }) => [end, ...coefficients]));
  let slope: UnaryOperation | null = null;
  const slopeOf = (): UnaryOperation => {
    const derived = (x: Tensor): Tensor => jvp(f, [x], [ones(x.shape)]).tangent;
    slope ??= tableOf(derived, { ...options, scale: undefined }).read;
    return slope;
  };
  const tables = new Map<number, Lookup>();
  const lookup = (tolerance: number): Lookup => {
    const known = tables.get(tolerance);
    const made =
      known ?? tabulate((places) => places.map((x) => evaluatePanels(panels, x)), from, to, { tolerance, floor: scale });
    tables.set(tolerance, made);
    return made;
  };
  return unary({
    name: `table_${hash}`,
    doc: "A function of one number, read from a table.",
    value: (x) => evaluatePanels(panels, x),
    derivative: smooth((t, { inputs: [x] }) => mul(t, slopeOf()(x))),
    lower: (onnx, x) => {
      const table = lookup(onnx.precision === "precise" ? 1e-12 : 3e-8);
      const step = (to - from) / table.count;
      return lowerLookup(onnx, onnx.op("Mul", [x, onnx.scalar(1 / step)]), table, from / step);
    },
    accuracy: own(8),
  });
}
