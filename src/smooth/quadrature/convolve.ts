import { whyNotPointwise } from "../../activations/measure/probe.js";
import { fault } from "../../ir/fault.js";
import { interpret } from "../../ir/interpret.js";
import { formatShape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor } from "../../ops/create.js";
import {
  add,
  atan,
  broadcastTo,
  concat,
  div,
  greater,
  less,
  mul,
  reshape,
  slice,
  sub,
  sum,
  type TensorLike,
  tan,
  tensor,
  where,
} from "../../ops/index.js";
import type { Way } from "../computation.js";
import type { Kernel } from "../kernels/kernel.js";
import { type Scalar, scalar } from "../pieces/scalar.js";
import { type ChosenRule, chooseRule, probingPoints } from "./convolution-rule.js";

/** A convolution that is summed up in the graph. */
export interface Convolved {
  /** The largest error at the points where it was measured, as a share of ∫ |f(x − w·u)| φ(u) du. */
  readonly way: Way & { readonly kind: "quadrature" };
  /** How often f is evaluated for every element. */
  readonly nodes: number;
  /** ∫ f(x − w·u) φ(u) du, with derivatives of every order in x, the width, the breaks, and what f closes over. */
  apply(x: TensorLike): Tensor;
}

export interface ConvolveOptions {
  /** Error to reach, as a share of ∫ |f| φ. Default 2e-15, which leaves derivatives 1e-12. */
  readonly tolerance?: number;
  /** Where the error is measured; around the breaks, 0, and where f is sharp, when left out. */
  readonly points?: readonly number[];
  /** f with numbers for what it closes over, for measuring the error where f itself reads tensors that have no values yet. */
  readonly valued?: (t: Tensor) => Tensor;
}

/** A share of ∫ |f| φ by which refining may still change it when the integral exists. */
const DIVERGES = 1e-3;

/**
 * f convolved with a kernel, for an f without closed form: Gauss–Legendre panels between the breaks of f, where x meets them, and
 * cells of the kernel. The number of panels and nodes is chosen now, from errors measured in float64 at the values of breaks and
 * width; the nodes follow x, the width and the breaks, so that every derivative is that of the integral.
 *
 * Breaks that are not named cost accuracy, which the error tells. Memory grows with the nodes; see `certifiedTable`.
 */
export function convolveByQuadrature(
  f: (t: Tensor) => Tensor,
  breaks: readonly (number | Scalar)[],
  kernel: Kernel,
  width: number | Scalar,
  options: ConvolveOptions = {},
): Convolved {
  const { tolerance = 2e-15, valued = f } = options;
  const spread = typeof width === "number" ? scalar(width) : width;
  if (!(spread.at > 0 && spread.at < Infinity))
    throw fault("convolveByQuadrature", "the width must be positive", {
      expected: "a finite number above 0",
      got: String(spread.at),
    });
  const why = whyNotPointwise(valued);
  if (why !== null)
    throw fault("convolveByQuadrature", `f is not a function of one number: ${why}`, {
      fix: "pass f with numbers for what it reads as `valued`, if it reads tensors that are not known yet",
    });
  const cuts = breaks.map((at) => (typeof at === "number" ? scalar(at) : at)).sort((a, b) => a.at - b.at);
  const convolution = { f: valued, breaks: cuts.map(({ at }) => at), kernel, width: spread.at };
  const rule = chooseRule(convolution, options.points ?? probingPoints(convolution), tolerance);
  if (!(rule.doubt <= DIVERGES))
    throw fault("convolveByQuadrature", `the integral of f against the ${kernel.title} kernel does not settle`, {
      got: Number.isNaN(rule.doubt)
        ? "a value that is not a number"
        : `a change by ${rule.doubt.toPrecision(2)} of it when refined`,
      fix: "take a kernel with lighter tails, or a smaller width, or name the breaks of f",
    });
  const panels = rule.cells.edges.length - 1 + cuts.length * rule.cuts.length;
  return {
    way: { kind: "quadrature", error: Math.max(rule.error, rule.doubt) },
    nodes: panels * rule.rule.nodes.length,
    apply: (x) => summed(f, cuts, kernel, spread.graph, rule, asTensor(x)),
  };
}

function summed(
  f: (t: Tensor) => Tensor,
  cuts: readonly Scalar[],
  kernel: Kernel,
  width: TensorLike,
  rule: ChosenRule,
  x: Tensor,
): Tensor {
  const { u, weights } = cuts.length === 0 ? fixedNodes(kernel, rule, x.rank) : movingNodes(cuts, kernel, width, rule, x);
  const t = sub(x, mul(width, u));
  const values = f(t);
  if (values.shape.join() !== t.shape.join())
    throw fault("convolveByQuadrature", "f changes the shape", {
      expected: formatShape(t.shape),
      got: formatShape(values.shape),
    });
  return sum(mul(weights, values), { axes: 0 });
}

interface Nodes {
  /** (nodes …x), or (nodes 1 … 1) where they are the same for all x. */
  readonly u: Tensor;
  readonly weights: Tensor;
}

/** Without breaks the nodes stay where they are, and the weights are numbers. */
function fixedNodes(kernel: Kernel, { cells: { heavy, edges }, rule }: ChosenRule, rank: number): Nodes {
  const places: number[] = [];
  const shares: number[] = [];
  for (let p = 1; p < edges.length; p++) {
    const half = (edges[p] - edges[p - 1]) / 2;
    rule.nodes.forEach((node, i) => {
      const v = edges[p - 1] + half * (1 + node);
      const u = heavy ? Math.tan(v) : v;
      places.push(u);
      shares.push(half * rule.weights[i] * (heavy ? 1 + u * u : 1));
    });
  }
  const u = tensor(Float64Array.from(places));
  const [heights] = interpret([kernel.density(u)]);
  const weights = tensor(Float64Array.from(shares, (share, i) => share * heights[i]));
  const shape = [places.length, ...new Array<number>(rank).fill(1)];
  return { u: reshape(u, shape), weights: reshape(weights, shape) };
}

/** Panels between the edges of cells and the places where x meets a break, for every x. */
function movingNodes(
  cuts: readonly Scalar[],
  kernel: Kernel,
  width: TensorLike,
  { cells, rule, cuts: beside }: ChosenRule,
  x: Tensor,
): Nodes {
  const { heavy, edges: fixed } = cells;
  const ones = new Array<number>(x.rank).fill(1);
  const list = (numbers: Iterable<number>, before: readonly number[] = []): Tensor => {
    const values = Float64Array.from(numbers);
    return reshape(tensor(values), [...before, values.length, ...ones]);
  };
  let edges = list(fixed);
  for (const { graph } of cuts) {
    for (const step of beside) {
      const z = div(sub(sub(x, graph), step), width);
      edges = inserted(edges, heavy ? atan(z) : z, x);
    }
  }
  const count = edges.shape[0] - 1;
  const [from, to] = [slice(edges, [0, count]), slice(edges, [1, count + 1])];
  const half = mul(sub(to, from), 0.5);
  const middle = mul(add(to, from), 0.5);
  const perPanel = rule.nodes.length;
  const across = (panels: Tensor): Tensor => reshape(panels, [count, 1, ...x.shape]);
  const v = add(across(middle), mul(across(half), list(rule.nodes, [1])));
  const u = heavy ? tan(v) : v;
  const shares = mul(mul(across(half), list(rule.weights, [1])), kernel.density(u));
  const flat = (nodes: Tensor): Tensor => reshape(nodes, [count * perPanel, ...x.shape]);
  return { u: flat(u), weights: flat(heavy ? mul(shares, add(mul(u, u), 1)) : shares) };
}

/**
 * Ascending edges with one more among them: every new edge is the value held between its neighbours of before. Where it meets an edge
 * both move with it, so that the panel between stays empty and both neighbours have their whole slope.
 */
function inserted(edges: Tensor, value: Tensor, x: Tensor): Tensor {
  const count = edges.shape[0];
  const whole = broadcastTo(edges, [count, ...x.shape]);
  const first = slice(whole, [0, 1]);
  const last = slice(whole, [count - 1, count]);
  const low = concat([first, whole], 0);
  const high = concat([whole, last], 0);
  const below = less(value, low);
  const above = greater(value, high);
  return where(below, low, where(above, high, value));
}
