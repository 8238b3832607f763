import type { DType, TypedArray } from "../ir/dtype.js";
import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { type Buffer, cutData, layOut, type Member, type TrainedTensor } from "./layout.js";

/** A tensor of the model that training reads and writes but does not differentiate: running statistics. */
export interface KeptTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** One cell of the state that stays with the runtime between steps. */
interface Cell {
  readonly shape: Shape;
  readonly dtype: DType;
  /** The named tensors in it, as a checkpoint stores them. */
  readonly entries: readonly { name: string; shape: Shape; offset: number }[];
}

/**
 * Where everything that training carries from step to step is kept: parameters, then one copy of them per slot of the
 * optimizer (moments) and, when gradients are accumulated, one for their sum, all in buffers; then the kept tensors.
 */
export interface StateLayout {
  readonly buffers: readonly Buffer[];
  readonly kept: readonly KeptTensor[];
  readonly cells: readonly Cell[];
  /** Placeholders for all cells, grouped by meaning. */
  placeholders(): StateValues<Tensor>;
  /** Positions of cells, grouped by meaning. */
  readonly positions: StateValues<number>;
}

/** One value per cell. */
export interface StateValues<T> {
  readonly parameters: readonly T[];
  readonly slots: Readonly<Record<string, readonly T[]>>;
  readonly kept: readonly T[];
}

/** All values in the order of the cells. */
export const inOrder = <T>({ parameters, slots, kept }: StateValues<T>): T[] => [
  ...parameters,
  ...Object.values(slots).flat(),
  ...kept,
];

export function layOutState(
  trained: readonly TrainedTensor[],
  kept: readonly KeptTensor[],
  slotNames: readonly string[],
): StateLayout {
  const buffers = layOut(trained);
  const cellOf =
    (prefix: string) =>
    ({ shape, members }: Buffer): Cell => ({
      shape,
      dtype: "float32",
      entries: members.map((member: Member) => ({
        name: `${prefix}.${member.name}`,
        shape: member.shape,
        offset: member.offset,
      })),
    });
  const cells: Cell[] = [
    ...buffers.map(cellOf("model")),
    ...slotNames.flatMap((slot) => buffers.map(cellOf(`optimizer.${slot}`))),
    ...kept.map(({ name, shape, dtype }) => ({ shape, dtype, entries: [{ name: `model.${name}`, shape, offset: 0 }] })),
  ];
  const group = <T>(make: (cell: Cell, position: number) => T): StateValues<T> => {
    const values = cells.map(make);
    const from = (start: number, count: number): T[] => values.slice(start, start + count);
    return {
      parameters: from(0, buffers.length),
      slots: Object.fromEntries(slotNames.map((slot, i) => [slot, from((i + 1) * buffers.length, buffers.length)])),
      kept: from((slotNames.length + 1) * buffers.length, kept.length),
    };
  };
  return {
    buffers,
    kept,
    cells,
    placeholders: () => group(({ shape, dtype }) => parameter(shape, dtype)),
    positions: group((_, position) => position),
  };
}

/** Cells as named tensors, for checkpoints and for people. */
export function nameTensors(
  layout: StateLayout,
  data: readonly TypedArray[],
): { name: string; dtype: DType; shape: Shape; data: TypedArray }[] {
  return layout.cells.flatMap(({ dtype, entries }, i) =>
    cutData({ members: entries.map((entry, index) => ({ index, ...entry })), decays: false, shape: [] }, data[i]).map(
      (entry) => ({ dtype, ...entry }),
    ),
  );
}
