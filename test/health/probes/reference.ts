import type { Tensor } from "../../../src/ir/tensor.js";
import { flattenTree } from "../../../src/ir/tree.js";
import { context } from "../../../src/nn/context.js";
import type * as nn from "../../../src/nn/index.js";
import { isTensor, parameter } from "../../../src/ops/create.js";
import { add, tensor } from "../../../src/ops/index.js";
import { interpret } from "../../../src/run/interpret.js";
import type { TrainingBatch } from "../../../src/train/index.js";

/** What is trained, at one point: parameters and a batch. */
export interface Point {
  readonly model: nn.Layer;
  readonly parameters: unknown;
  readonly loss: (predictions: Tensor, targets: Tensor) => Tensor;
  readonly batch: TrainingBatch;
}

/** Where a layer's numbers are to be found, and its activation as a function of one number. */
export interface Seen {
  readonly before: string;
  readonly after: string;
  readonly slope?: (z: number) => number;
  /** Whether slopes are of functions inside of the layer, which its own test knows. */
  readonly inner?: boolean;
  readonly weight: string;
  /** Of h: axis of the units, and of the batch. */
  readonly unitAxis: number;
  readonly batchAxis?: number;
}

const columns = ({ batch }: Point): Tensor[] =>
  [batch.inputs, batch.targets].map(({ data, shape, dtype }) => tensor(data, { shape, dtype }));

/** The values of every part in float64, by the name under which it shows them. */
export function valuesOf(point: Point): Map<string, { data: Float64Array; shape: readonly number[] }> {
  const seen = new Map<string, Tensor>();
  const [x] = columns(point);
  const look = context({ mode: "train", probe: (path, value) => void (seen.has(path) || seen.set(path, value)) });
  look.probe("output", point.model.apply(point.parameters, look.probe("input", x), look));
  const data = interpret([...seen.values()]);
  return new Map([...seen].map(([path, { shape }], i) => [path, { data: Float64Array.from(data[i]), shape }]));
}

const STEP = 1e-5;

/** ∂L/∂v for the value v that is shown at a place, number by number: central differences in float64. */
export function gradientAt(point: Point, place: string): Float64Array {
  const [x, y] = columns(point);
  let moved: Tensor | null = null;
  const probe = (path: string, value: Tensor): Tensor | undefined => {
    if (path !== place || moved !== null) return undefined;
    moved = parameter(value.shape, "float32");
    return add(value, moved);
  };
  const look = context({ mode: "train", probe });
  const output = look.probe("output", point.model.apply(point.parameters, look.probe("input", x), look));
  return differences(point.loss(output, y), moved as unknown as Tensor);
}

/** ∂L/∂W of a parameter, number by number. */
export function gradientOf(point: Point, name: string): Float64Array {
  const [x, y] = columns(point);
  const { leaves, paths, rebuild } = flattenTree(point.parameters, isTensor, "parameters");
  const at = paths.indexOf(name);
  const moved = parameter(leaves[at].shape, "float32");
  const parameters = rebuild(leaves.map((leaf, i) => (i === at ? add(leaf, moved) : leaf)));
  return differences(point.loss(point.model.apply(parameters, x, context({ mode: "train" })), y), moved);
}

function differences(loss: Tensor, moved: Tensor): Float64Array {
  const by = new Float64Array(moved.size);
  const lossAt = (i: number, step: number): number => {
    by.fill(0)[i] = step;
    return interpret([loss], new Map([[moved, by]]))[0][0];
  };
  return Float64Array.from(by, (_, i) => (lossAt(i, STEP) - lossAt(i, -STEP)) / (2 * STEP));
}

export const lengthOf = (x: ArrayLike<number>): number => Math.hypot(...Array.from(x));

const meanOf = (x: ArrayLike<number>): number => Array.from(x).reduce((sum, value) => sum + value, 0) / x.length;

/** Which number along an axis each element of a tensor has. */
const along = (shape: readonly number[], axis: number) => {
  const inner = shape.slice(axis + 1).reduce((size, length) => size * length, 1);
  return (i: number): number => Math.floor(i / inner) % shape[axis];
};

/** The statistics of a layer, one after the other, from their definitions. */
export function statisticsOf(point: Point, { before, after, slope, inner = false, unitAxis, batchAxis = 0 }: Seen) {
  const values = valuesOf(point);
  const [z, h] = [before, after].map((place) => values.get(place) as { data: Float64Array; shape: readonly number[] });
  const power = meanOf(h.data.map((value) => value ** 2));
  const ofOutput = {
    power,
    mean: meanOf(h.data),
    largest: Math.max(...Array.from(h.data, Math.abs)),
    signal: Math.sqrt(varianceOverBatch(h.data, h.shape, batchAxis) / power),
  };
  if (inner) return ofOutput;
  const slopes = Array.from(z.data, (value) => (slope ? slope(value) : 1));
  const steepest = slope ? Math.max(...Array.from({ length: 1601 }, (_, i) => Math.abs(slope((i - 800) / 100)))) : 1;
  const unit = along(h.shape, unitAxis);
  const dead = Array.from({ length: h.shape[unitAxis] }, (_, u) =>
    slopes.every((value, i) => unit(i) !== u || value ** 2 < 1e-6),
  );
  return {
    ...ofOutput,
    gate: meanOf(slopes.map((value) => value ** 2)),
    saturated: slope ? meanOf(slopes.map((value) => (Math.abs(value) < 0.05 * steepest ? 1 : 0))) : 0,
    dead: slope ? dead.filter(Boolean).length / dead.length : 0,
  };
}

/** Mean over all places of a sample of the variance over the batch. */
function varianceOverBatch(data: Float64Array, shape: readonly number[], batchAxis: number): number {
  const inner = shape.slice(batchAxis + 1).reduce((size, length) => size * length, 1);
  const groups = new Map<string, number[]>();
  data.forEach((value, i) => {
    const place = `${Math.floor(i / (inner * shape[batchAxis]))} ${i % inner}`;
    groups.set(place, [...(groups.get(place) ?? []), value]);
  });
  const variances = [...groups.values()].map((group) => meanOf(group.map((value) => (value - meanOf(group)) ** 2)));
  return meanOf(variances);
}
