import { jvp } from "../../diff/index.js";
import { Fault, fault } from "../../ir/fault.js";
import { formatShape } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { simplify } from "../../lower/simplify.js";
import { parameter } from "../../ops/create.js";
import { full } from "../../ops/index.js";
import { interpret } from "../../run/interpret.js";

/** A function written with operations that is meant to treat every element alike. */
export type Pointwise = (x: Tensor) => Tensor;

/** Evaluates a function and its derivatives at many points in one go, in float64. */
export interface Probe {
  /** One array for f and one for each derivative up to `order`, in the order of the points. */
  at(points: ArrayLike<number>, order: number): Float64Array[];
}

/** Graphs are made for these numbers of points and used again, the last points repeated to fill them. */
const SMALL = 128;
const LARGE = 2048;

export function probe(f: Pointwise): Probe {
  const graphs = new Map<string, { x: Tensor; outputs: readonly Tensor[] }>();
  const graphOf = (size: number, order: number) => {
    const key = `${size} ${order}`;
    const known = graphs.get(key) ?? buildGraph(f, size, order);
    graphs.set(key, known);
    return known;
  };
  return {
    at(points, order) {
      const results = Array.from({ length: order + 1 }, () => new Float64Array(points.length));
      const size = points.length <= SMALL ? SMALL : LARGE;
      for (let start = 0; start < points.length; start += size) {
        const last = points.length - 1;
        const chunk = Float64Array.from({ length: size }, (_, i) => points[Math.min(start + i, last)]);
        const { x, outputs } = graphOf(size, order);
        const count = Math.min(size, points.length - start);
        interpret(outputs, new Map([[x, chunk]])).forEach((values, k) => {
          for (let i = 0; i < count; i++) results[k][start + i] = values[i];
        });
      }
      return results;
    },
  };
}

function buildGraph(f: Pointwise, size: number, order: number): { x: Tensor; outputs: readonly Tensor[] } {
  const x = parameter([size], "float32");
  const graph = simplify({ parameters: [x], outputs: derivatives(f, x, order) });
  return { x, outputs: graph.outputs };
}

/** f and its derivatives at x. Each order differentiates the last one and shares what lies below it. */
function derivatives(f: Pointwise, x: Tensor, order: number): Tensor[] {
  if (order === 0) return [f(x)];
  const direction = full(x.shape, 1);
  const { value, tangent } = jvp((y: Tensor) => derivatives(f, y, order - 1), [x], [direction]);
  return [...value, tangent[order - 1]];
}

/**
 * Why f cannot be measured as a function of one number, or null: it fails, changes the shape, mixes elements, depends on where
 * an element stands, or on chance.
 */
export function whyNotPointwise(f: Pointwise): string | null {
  const forward = Float64Array.from({ length: 24 }, (_, i) => (i - 11.3) / 2.7);
  const backward = forward.slice().reverse();
  const wide = forward.map((x) => 10 * x + 3);
  try {
    const x = parameter([forward.length], "float32");
    const y = f(x);
    const elsewhere = parameter([forward.length], "float32");
    if (y.shape.join() !== x.shape.join()) return `it turns shape ${formatShape(x.shape)} into ${formatShape(y.shape)}`;
    if (y.dtype !== "float32") return `its values are ${y.dtype}, not float32`;
    const run = (output: Tensor, input: Tensor, points: Float64Array) => interpret([output], new Map([[input, points]]))[0];
    const values = run(y, x, forward);
    const again = run(f(elsewhere), elsewhere, forward);
    if (!values.every((value, i) => Object.is(value, again[i])))
      return "it gives another value at the same point when it is called again";
    for (const kept of [0, 1]) {
      const mixed = forward.map((point, i) => (i % 2 === kept ? point : wide[i]));
      const among = run(y, x, mixed);
      if (!values.every((value, i) => i % 2 !== kept || Object.is(value, among[i])))
        return "its value at an element depends on the other elements";
    }
    const turned = run(y, x, backward).slice().reverse();
    if (!values.every((value, i) => Object.is(value, turned[i]))) return "its value depends on where an element stands";
    return null;
  } catch (error) {
    if (error instanceof Fault) return `it cannot be evaluated: ${error.where}: ${error.problem}`;
    throw fault("measureFacts", "the function failed on a tensor of 24 numbers", { got: String(error) }, error);
  }
}
