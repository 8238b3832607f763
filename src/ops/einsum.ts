import { fault } from "../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { mul } from "./arithmetic.js";
import { broadcastTo } from "./broadcast.js";
import { asTensor, type TensorLike } from "./create.js";
import { matmul } from "./linear-algebra.js";
import { sum } from "./reduce.js";
import { equal, where } from "./select.js";
import { iota } from "./sequence.js";
import { permute, reshape } from "./shape.js";

/** A tensor whose axes have letters. */
interface Labelled {
  readonly axes: readonly string[];
  readonly tensor: Tensor;
}

/**
 * Sums of products named by letters, one per axis: `einsum("bik,bkj->bij", x, y)`. Letters that are not in the result
 * are summed; a letter twice in one operand takes the diagonal. Without `->` the result has the letters that stand
 * once, in alphabetical order, as in NumPy. Pairs of operands are contracted from the left, each by one matrix product.
 */
export function einsum(formula: string, ...operands: TensorLike[]): Tensor {
  const { inputs, output } = parse(formula, operands.length);
  const labelled = operands.map((operand, i) => takeDiagonals(label(formula, inputs[i], asTensor(operand))));
  requireSizes(formula, labelled);
  const [first, ...rest] = labelled;
  const total = rest.reduce((left, right, i) => {
    const later = new Set([...output, ...rest.slice(i + 1).flatMap((operand) => operand.axes)]);
    return contractPair(left, right, later);
  }, first);
  const missing = output.find((axis) => !total.axes.includes(axis));
  if (missing !== undefined) throw fault("einsum", `axis ${missing} of the result stands in no operand`, { got: formula });
  const summed = sumOver(total, (axis) => !output.includes(axis));
  return permute(
    summed.tensor,
    output.map((axis) => summed.axes.indexOf(axis)),
  );
}

function parse(formula: string, count: number): { inputs: string[][]; output: string[] } {
  const [left, right] = formula.replaceAll(" ", "").split("->");
  const inputs = left.split(",").map((letters) => [...letters]);
  const letters = inputs.flat();
  const once = [...new Set(letters)].filter((letter) => letters.indexOf(letter) === letters.lastIndexOf(letter)).sort();
  const output = right === undefined ? once : [...right];
  const wrong = [...letters, ...output].find((letter) => !/[A-Za-z]/.test(letter));
  if (wrong !== undefined)
    throw fault("einsum", `"${wrong}" names no axis`, { expected: "letters, as in ij,jk->ik", got: formula });
  if (new Set(output).size < output.length) throw fault("einsum", "an axis stands twice in the result", { got: formula });
  if (inputs.length !== count) {
    throw fault("einsum", `the formula has ${inputs.length} operands`, { expected: `${inputs.length} tensors`, got: `${count}` });
  }
  return { inputs, output };
}

function label(formula: string, axes: string[], tensor: Tensor): Labelled {
  if (axes.length === tensor.rank) return { axes, tensor };
  throw fault("einsum", `"${axes.join("")}" names ${axes.length} axes`, { expected: formula, got: formatShape(tensor.shape) });
}

function requireSizes(formula: string, operands: readonly Labelled[]): void {
  const sizes = new Map<string, number>();
  for (const { axes, tensor } of operands) {
    axes.forEach((axis, i) => {
      const before = sizes.get(axis) ?? tensor.shape[i];
      if (before !== tensor.shape[i]) {
        throw fault("einsum", `axis ${axis} is ${before} and ${tensor.shape[i]}`, {
          expected: formula,
          got: operands.map((operand) => formatShape(operand.tensor.shape)).join(", "),
        });
      }
      sizes.set(axis, before);
    });
  }
}

/** Where a letter stands twice, keeps the entries on the diagonal by masking and summing one of the two axes. */
function takeDiagonals({ axes, tensor }: Labelled): Labelled {
  const second = axes.findIndex((axis, i) => axes.indexOf(axis) < i);
  if (second === -1) return { axes, tensor };
  const first = axes.indexOf(axes[second]);
  const diagonal = equal(iota(tensor.shape, { axis: first }), iota(tensor.shape, { axis: second }));
  const summed = sum(where(diagonal, tensor, 0), { axes: second });
  return takeDiagonals({ axes: axes.filter((_, i) => i !== second), tensor: summed });
}

function sumOver({ axes, tensor }: Labelled, gone: (axis: string) => boolean): Labelled {
  const reduced = axes.flatMap((axis, i) => (gone(axis) ? [i] : []));
  if (reduced.length === 0) return { axes, tensor };
  return { axes: axes.filter((axis) => !gone(axis)), tensor: sum(tensor, { axes: reduced }) };
}

/** Contracts what the two share and nobody needs later: batch axes in front, one matrix product, axes named again. */
function contractPair(x: Labelled, y: Labelled, later: ReadonlySet<string>): Labelled {
  const left = sumOver(x, (axis) => !later.has(axis) && !y.axes.includes(axis));
  const right = sumOver(y, (axis) => !later.has(axis) && !x.axes.includes(axis));
  const shared = left.axes.filter((axis) => right.axes.includes(axis));
  const batch = shared.filter((axis) => later.has(axis));
  const inner = shared.filter((axis) => !later.has(axis));
  const rows = left.axes.filter((axis) => !shared.includes(axis));
  const columns = right.axes.filter((axis) => !shared.includes(axis));
  const sizes = (axes: readonly string[], { axes: all, tensor }: Labelled): Shape =>
    axes.map((a) => tensor.shape[all.indexOf(a)]);
  const arrange = (from: Labelled, groups: readonly (readonly string[])[]): Tensor => {
    const order = groups.flat().map((axis) => from.axes.indexOf(axis));
    return reshape(permute(from.tensor, order), [
      ...sizes(batch, from),
      ...groups.slice(1).map((group) => sizeOf(sizes(group, from))),
    ]);
  };
  const axes = [...batch, ...rows, ...columns];
  const shape = [...sizes(batch, left), ...sizes(rows, left), ...sizes(columns, right)];
  if (inner.length > 0 && left.tensor.dtype === "float32") {
    const tensor = matmul(arrange(left, [batch, rows, inner]), arrange(right, [batch, inner, columns]));
    return { axes, tensor: reshape(tensor, shape) };
  }
  const joint = [...batch, ...rows, ...columns, ...inner];
  const full = [...shape, ...sizes(inner, left)];
  const spread = (from: Labelled): Tensor => {
    const present = joint.filter((axis) => from.axes.includes(axis));
    const turned = permute(from.tensor, present.map((axis) => from.axes.indexOf(axis))); // biome-ignore format: one line
    const open = joint.map((axis, i) => (present.includes(axis) ? full[i] : 1));
    return broadcastTo(reshape(turned, open), full);
  };
  return sumOver({ axes: joint, tensor: mul(spread(left), spread(right)) }, (axis) => inner.includes(axis));
}
