import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { add, cast, concat, cos, iota, mul, neg, reshape, sin, slice, stack, tensor } from "../ops/index.js";
import { type Initialiser, normal } from "./initialisers/index.js";
import { type Layer, layer, type NoParameters, parameterSpec } from "./layer.js";
import { requireWidth } from "./linear.js";

/**
 * sin(p / 10000^(2i/width)) and cos of the same, in turns along the width: (length width). Vaswani et al. 2017. For a width that is odd, the
 * last cosine is left out.
 */
export function sinusoids(length: number, width: number): Tensor {
  const data = new Float64Array(length * width);
  for (let i = 0; i < data.length; i++) {
    const [position, column] = [Math.floor(i / width), i % width];
    const angle = position / 10000 ** ((column - (column % 2)) / width);
    data[i] = column % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  }
  return tensor(data, { shape: [length, width] });
}

/** Adds the sinusoids of the positions: `(…batch length width) -> (…batch length width)`. */
export const sinusoidalPositions = (): Layer<NoParameters> =>
  layer({
    name: "sinusoidalPositions",
    parameters: {},
    apply: (_, x) => add(x, sinusoids(...lengthAndWidth("sinusoidalPositions", x))),
  });

/** Adds a learned vector per position, up to `capacity` of them: `(…batch length width) -> (…batch length width)`. */
export function learnedPositions(
  capacity: number,
  width: number,
  options: { init?: Initialiser } = {},
): Layer<{ weight: Tensor }> {
  const { init = normal({ std: 0.02 }) } = options;
  requireWidth("learnedPositions", "positions", capacity);
  requireWidth("learnedPositions", "columns", width);
  const title = `learnedPositions ${capacity} × ${width}`;
  return layer({
    name: "learnedPositions",
    title,
    code: ["learnedPositions", capacity, width, options],
    parameters: {
      weight: parameterSpec({ shape: [capacity, width], axes: "(position width)", initialiser: init, fanIn: 1, fanOut: width }),
    },
    apply: ({ weight }, x) => {
      const [length, own] = lengthAndWidth(title, x);
      if (length <= capacity && own === width) return add(x, slice(weight, [0, length]));
      throw fault(title, "there are not enough positions, or not so wide", {
        expected: `(batch length ${width}) with length up to ${capacity}`,
        got: formatShape(x.shape),
      });
    },
  });
}

function lengthAndWidth(where: string, x: Tensor): [number, number] {
  if (x.rank >= 2) return [x.shape[x.rank - 2], x.shape[x.rank - 1]];
  throw fault(where, "there is no axis of positions", { expected: "(…batch length width)", got: formatShape(x.shape) });
}

export interface RotaryOptions {
  /** The longest wavelength is 2π·base. Default 10000. */
  readonly base?: number;
  /** Which columns turn together: the `halves` i and i + width/2 (default), or `neighbours` 2i and 2i + 1. */
  readonly pairs?: "halves" | "neighbours";
  /** Position of the first row, which may be an int32 scalar of the graph. Default 0. */
  readonly offset?: number | Tensor;
}

/**
 * Rotary positions: every pair of columns of row p turns by the angle p / base^(2i/width), so that a product of two rows depends
 * on how far they are apart. `(…batch length width)`, width even. Su et al. 2021, arXiv:2104.09864.
 */
export function rotary(x: Tensor, { base = 10000, pairs = "halves", offset = 0 }: RotaryOptions = {}): Tensor {
  const [length, width] = lengthAndWidth("rotary", x);
  if (width % 2 !== 0) throw fault("rotary", "columns turn in pairs", { expected: "an even width", got: String(width) });
  const half = width / 2;
  const rates = tensor(Float64Array.from({ length: half }, (_, i) => base ** ((-2 * i) / width)));
  const positions = reshape(cast(add(iota(length), offset), "float32"), [length, 1]);
  const angles = mul(positions, rates);
  const [c, s] = [cos(angles), sin(angles)];
  if (pairs === "halves") {
    const [first, second] = [slice(x, ...all(x), [0, half]), slice(x, ...all(x), [half, width])];
    return concat([add(mul(first, c), neg(mul(second, s))), add(mul(second, c), mul(first, s))], -1);
  }
  const grouped = reshape(x, [...x.shape.slice(0, -1), half, 2]);
  const [even, odd] = [slice(grouped, ...all(grouped), 0), slice(grouped, ...all(grouped), 1)];
  return reshape(stack([add(mul(even, c), neg(mul(odd, s))), add(mul(odd, c), mul(even, s))], -1), x.shape);
}

/** Keeps every axis but the last. */
const all = (x: Tensor): null[] => x.shape.slice(1).map(() => null);
