import { isFloat } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import { formatShape, stridesOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { tensor } from "../ops/index.js";
import type { Direction, Variable } from "./steps.js";

/** So many columns of derivatives fit on a screen. */
const MOST_UNASKED = 6;

/** One direction per wanted element, `w` or `W1[0, 1]`; every element of every variable when none are named and they are few. */
export function chooseDirections(variables: readonly Variable[], wanted: readonly string[] | undefined): Direction[] {
  if (wanted !== undefined) return wanted.map((text) => parseDirection(text, variables));
  const floats = variables.filter(({ tensor: leaf }) => isFloat(leaf.dtype));
  const count = floats.reduce((total, { tensor: leaf }) => total + leaf.size, 0);
  if (count > MOST_UNASKED) return [];
  return floats.flatMap((one) => Array.from({ length: one.tensor.size }, (_, i) => direction(one, i)));
}

function parseDirection(text: string, variables: readonly Variable[]): Direction {
  const [, name, index = ""] = /^(.*?)(?:\[([^\]]*)\])?$/.exec(text.trim()) ?? [];
  const one = variables.find((candidate) => candidate.name === name);
  if (one === undefined || !isFloat(one.tensor.dtype)) {
    throw fault("explain", `there is no direction ${text}`, {
      expected: `an element of ${variables.map((candidate) => `${candidate.name} ${formatShape(candidate.tensor.shape)}`).join(", ")}`,
      got: text,
    });
  }
  const { shape } = one.tensor;
  const position = index.split(/[\s,]+/).filter(Boolean).map(Number); // biome-ignore format: one line
  const fits =
    position.length === shape.length && position.every((at, axis) => Number.isInteger(at) && at >= 0 && at < shape[axis]);
  if (!fits) {
    throw fault("explain", `${name} has no element [${index}]`, {
      expected: shape.length === 0 ? `${name} alone: it is one number` : `${shape.length} indices within ${formatShape(shape)}`,
      got: text,
      ...(shape.length > 0 && { fix: `${name}[${shape.map(() => 0).join(", ")}] is its first element` }),
    });
  }
  const strides = stridesOf(shape);
  return direction(one, position.reduce((offset, at, axis) => offset + at * strides[axis], 0)); // biome-ignore format: one line
}

/** The direction in which one element grows at rate 1 and everything else is held. */
function direction({ name, tensor: leaf }: Variable, offset: number): Direction {
  const unit = new Float64Array(leaf.size);
  unit[offset] = 1;
  const position = stridesOf(leaf.shape).map((stride, axis) => Math.floor(offset / stride) % leaf.shape[axis]);
  return {
    name: leaf.rank === 0 ? name : `${name}[${position.join(", ")}]`,
    tangents: new Map<Tensor, Tensor>([[leaf, tensor(unit, { shape: leaf.shape, dtype: leaf.dtype })]]),
  };
}
