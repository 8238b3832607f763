import { fault } from "./fault.js";
import { formatShape, type Shape } from "./shape.js";

/**
 * A shape rule written as `(…b m k), (…b k n) -> (…b m n)`. A name stands for one axis, a number for an axis of that
 * size, `…name` for any run of axes (one per operand). Equal names must have equal sizes.
 */
export interface Contract {
  readonly text: string;
  /** Shape of the result, or a fault that names the operation and the axis that does not fit. */
  resolve(where: string, shapes: readonly Shape[]): Shape;
}

type Axis = { kind: "one"; name: string } | { kind: "fixed"; size: number } | { kind: "run"; name: string };

export function contract(text: string): Contract {
  const [left, right] = text.split("->");
  if (right === undefined) throw fault("contract", `"${text}" has no result`, { expected: "(…) -> (…)" });
  const operands = parseOperands(left);
  const [result] = parseOperands(right);
  const expected = left.trim();
  return {
    text,
    resolve(where, shapes) {
      const bound = bind(where, operands, shapes, expected);
      return result.flatMap((axis) => sizesOf(axis, bound));
    },
  };
}

function parseOperands(side: string): Axis[][] {
  const groups = side.match(/\([^)]*\)/g) ?? [];
  return groups.map((group) => group.slice(1, -1).trim().split(/\s+/).filter(Boolean).map(parseAxis));
}

function parseAxis(token: string): Axis {
  if (token.startsWith("…")) return { kind: "run", name: token };
  return /^\d+$/.test(token) ? { kind: "fixed", size: Number(token) } : { kind: "one", name: token };
}

type Bound = Map<string, Shape>;

function bind(where: string, operands: Axis[][], shapes: readonly Shape[], expected: string): Bound {
  const got = shapes.map(formatShape).join(", ");
  if (operands.length !== shapes.length) {
    throw fault(where, `takes ${operands.length} tensors, not ${shapes.length}`, { expected, got });
  }
  const bound: Bound = new Map();
  operands.forEach((axes, index) => {
    const shape = shapes[index];
    const single = axes.filter((axis) => axis.kind !== "run").length;
    const hasRun = single < axes.length;
    if (hasRun ? shape.length < single : shape.length !== single) {
      const rank = `${hasRun ? "at least " : ""}${single}`;
      throw fault(where, `operand ${index + 1} has ${shape.length} axes, not ${rank}`, { expected, got });
    }
    let position = 0;
    for (const axis of axes) {
      const length = axis.kind === "run" ? shape.length - single : 1;
      const sizes = shape.slice(position, position + length);
      position += length;
      const problem = conflict(axis, sizes, bound);
      if (problem !== null) throw fault(where, problem, { expected, got });
    }
  });
  return bound;
}

function conflict(axis: Axis, sizes: Shape, bound: Bound): string | null {
  if (axis.kind === "fixed") return sizes[0] === axis.size ? null : `an axis of size ${axis.size} is ${sizes[0]}`;
  const before = bound.get(axis.name);
  if (before === undefined) {
    bound.set(axis.name, sizes);
    return null;
  }
  if (before.length === sizes.length && before.every((size, i) => size === sizes[i])) return null;
  if (axis.kind === "one") return `axis ${axis.name} is ${before[0]} and ${sizes[0]}`;
  return `axes ${axis.name} are ${formatShape(before)} and ${formatShape(sizes)}`;
}

function sizesOf(axis: Axis, bound: Bound): Shape {
  if (axis.kind === "fixed") return [axis.size];
  const sizes = bound.get(axis.name);
  if (sizes === undefined) throw fault("contract", `axis ${axis.name} of the result stands in no operand`);
  return sizes;
}
