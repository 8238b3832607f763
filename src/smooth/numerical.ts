import { pointwise, range } from "../activations/facts.js";
import { measureFacts } from "../activations/measure/index.js";
import { probe } from "../activations/measure/probe.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import type { TensorLike } from "../ops/index.js";
import type { Computation, Values } from "./computation.js";
import type { SmoothingError } from "./facts/error.js";
import type { SmoothFacts } from "./facts/facts.js";
import type { Kernel } from "./kernels/kernel.js";
import { scalar } from "./pieces/scalar.js";
import { type Convolved, convolveByQuadrature } from "./quadrature/convolve.js";
import { certifiedTable } from "./quadrature/table.js";
import type { Subject } from "./subject.js";

/** Widths from the outermost break, and at least from 0, to the end of a table. */
const TABLE_REACH = 40;

/**
 * A convolution without closed form: quadrature in the graph, or a table that quadrature fills once. It is differentiated in x, the width and
 * the parameters as any other, but for a table, through which only x can be learned.
 */
export function numericalComputation<K extends string>(
  subject: Subject<K>,
  kernel: Kernel,
  width: number,
  method: "quadrature" | "table",
  named?: readonly number[],
): Computation<K> {
  const sharp =
    (values: Values<K>) =>
    (t: Tensor): Tensor =>
      subject.f(t, { ...subject.values, ...values });
  const breaks = named ?? breaksOf(sharp({}));
  const known = new Map<string, Convolved>();
  const convolved = (spread: TensorLike, values: Values<K>): Convolved => {
    const graph = typeof spread === "boolean" ? Number(spread) : spread;
    const make = (): Convolved =>
      convolveByQuadrature(sharp(values), breaks, kernel, scalar(typeof graph === "number" ? graph : width, graph), {
        valued: sharp({}),
      });
    const numbers = [graph, ...Object.values<TensorLike | undefined>(values)];
    if (numbers.some((value) => typeof value === "object")) return make();
    const key = numbers.join();
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  const first = convolved(width, {});
  const table = method === "table" ? tableOf(first, sharp({}), breaks, kernel, width) : null;
  const apply = (x: Tensor, spread: TensorLike, values: Values<K>): Tensor => {
    if (table === null) return convolved(spread, values).apply(x);
    const moved = spread !== width || Object.entries<TensorLike | undefined>(values).some(([name, value]) => value !== undefined && value !== subject.values[name as K]); // biome-ignore format: one line
    if (!moved) return table.apply(x);
    throw fault(`mollify (${subject.name})`, "a table holds one width and one set of parameters", {
      fix: 'method: "quadrature"',
    });
  };
  const refuse = (what: string): never => {
    throw fault(`mollify (${subject.name})`, `there is no ${what}: it is computed by ${method}`, {
      fix: "write f with max, min, abs, clip, where, arithmetic and whole powers, for which there are closed forms",
    });
  };
  return {
    way: table?.way ?? first.way,
    apply,
    pieces: () => refuse("list of pieces"),
    facts: (spread, values) => weakestFacts(() => measuredError((x) => apply(x, spread, values), sharp(values), spread, breaks)),
    tex: () =>
      String.raw`\int f(x - ${width}\,u)\, \varphi(u)\, du,\quad f(x) = ${subject.tex},\quad \varphi(u) = ${kernel.record.tex}`,
    known: () => null,
    source: () => refuse("source code"),
  };
}

/** Where f or one of its first derivatives jumps, as far as a search finds. */
const breaksOf = (f: (t: Tensor) => Tensor): number[] => measureFacts(f).kinksFound.map(({ at }) => at);

function tableOf(convolved: Convolved, sharp: (t: Tensor) => Tensor, breaks: readonly number[], kernel: Kernel, width: number) {
  const reach = TABLE_REACH * width;
  const [from, to] = [Math.min(0, ...breaks) - reach, Math.max(0, ...breaks) + reach];
  const { radius } = kernel.record;
  const edges = Number.isFinite(radius) ? breaks.flatMap((at) => [at - radius * width, at + radius * width]) : [];
  const ends = { from, to, left: sharp, right: sharp };
  return certifiedTable((x) => convolved.apply(x), { ...ends, breaks: [...breaks, ...edges], scale: width, tolerance: 1e-13 });
}

/** What can be said without pieces: nothing is claimed that was not found, and the error is that of a grid. */
function weakestFacts(error: () => SmoothingError): SmoothFacts {
  const unknown = { kind: "oscillates" } as const;
  const facts = pointwise({
    range: range("(", -Infinity, Infinity, ")"),
    monotone: "neither",
    left: unknown,
    right: unknown,
    lipschitz: Infinity,
    curvature: Infinity,
    smoothness: "C0",
  });
  return {
    ...facts,
    convexity: "neither",
    get error() {
      return error();
    },
  };
}

/** Places of the grid to a side of a centre, and centres that are looked at. */
const GRID = 60;
const MOST_CENTRES = 8;

/** The largest and the summed distance over a grid: dense about 0 and the breaks, and out to forty widths. */
function measuredError(
  smooth: (x: Tensor) => Tensor,
  sharp: (x: Tensor) => Tensor,
  width: number,
  breaks: readonly number[],
): SmoothingError {
  const grid = new Set<number>();
  for (const centre of [0, ...breaks].slice(0, MOST_CENTRES)) {
    for (let i = -GRID; i <= GRID; i++) grid.add(centre + width * Math.sinh((i / GRID) * Math.asinh(TABLE_REACH)));
  }
  const points = Float64Array.from([...grid].sort((a, b) => a - b));
  const [ours, exact] = [probe(smooth).at(points, 0)[0], probe(sharp).at(points, 0)[0]];
  const distance = ours.map((value, i) => Math.abs(value - exact[i]));
  const sup = Math.max(...distance);
  let l1 = 0;
  for (let i = 1; i < points.length; i++) l1 += ((points[i] - points[i - 1]) * (distance[i] + distance[i - 1])) / 2;
  return { sup, at: points[distance.indexOf(sup)], l1, kind: "measured" };
}
