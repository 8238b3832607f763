import type { TypedArray } from "../ir/dtype.js";
import { type Shape, sizeOf } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { concat, reshape, slice } from "../ops/index.js";

/** What the layout needs to know of a trained tensor. */
export interface TrainedTensor {
  readonly name: string;
  readonly shape: Shape;
  /** Whether weight decay applies to it. */
  readonly decays: boolean;
}

/** Where one tensor lies in a buffer. */
export interface Member {
  /** Its position in the list of trained tensors. */
  readonly index: number;
  readonly name: string;
  readonly shape: Shape;
  readonly offset: number;
}

/** Tensors that are kept, and updated, as one buffer. */
export interface Buffer {
  readonly members: readonly Member[];
  readonly decays: boolean;
  /** The shape of its only member, or flat. */
  readonly shape: Shape;
}

/**
 * Tensors from this size on have a buffer of their own. Every input, output and operation of a run costs some microseconds
 * however small it is, and cutting and joining costs a copy: below this size joining is the cheaper of the two.
 */
const OWN_BUFFER_ELEMENTS = 8192;

/** Few buffers for many tensors: large ones alone, small ones joined, apart by whether they decay. */
export function layOut(tensors: readonly TrainedTensor[]): Buffer[] {
  const large = tensors.flatMap((tensor, index) => (isLarge(tensor) ? [index] : []));
  const joined = [true, false].map((decays) =>
    tensors.flatMap((tensor, i) => (!isLarge(tensor) && tensor.decays === decays ? [i] : [])),
  );
  return [...large.map((index) => [index]), ...joined]
    .filter((group) => group.length > 0)
    .map((group) => bufferOf(tensors, group));
}

const isLarge = ({ shape }: TrainedTensor): boolean => sizeOf(shape) >= OWN_BUFFER_ELEMENTS;

function bufferOf(tensors: readonly TrainedTensor[], group: readonly number[]): Buffer {
  let offset = 0;
  const members = group.map((index) => {
    const { name, shape } = tensors[index];
    const member = { index, name, shape, offset };
    offset += sizeOf(shape);
    return member;
  });
  const { decays } = tensors[group[0]];
  return { members, decays, shape: members.length === 1 ? members[0].shape : [offset] };
}

/** The buffers cut into the tensors they hold, in the order of the list of trained tensors. */
export function cut(buffers: readonly Buffer[], values: readonly Tensor[]): Tensor[] {
  const tensors: Tensor[] = [];
  buffers.forEach(({ members }, i) => {
    for (const { index, shape, offset } of members) {
      const part = members.length === 1 ? values[i] : slice(values[i], [offset, offset + sizeOf(shape)]);
      tensors[index] = reshape(part, shape);
    }
  });
  return tensors;
}

/** Tensors joined into the buffers that hold them. */
export function join(buffers: readonly Buffer[], tensors: readonly Tensor[]): Tensor[] {
  return buffers.map(({ members, shape }) =>
    members.length === 1
      ? reshape(tensors[members[0].index], shape)
      : concat(members.map(({ index }) => reshape(tensors[index], [-1]))),
  );
}

/** The same on stored values: a buffer's content as named tensors. */
export function cutData(buffer: Buffer, data: TypedArray): { name: string; shape: Shape; data: TypedArray }[] {
  return buffer.members.map(({ name, shape, offset }) => ({ name, shape, data: data.slice(offset, offset + sizeOf(shape)) }));
}

/** A buffer's content from the values of the list of trained tensors. */
export function joinData({ members, shape }: Buffer, values: (member: Member) => TypedArray): Float32Array {
  const data = new Float32Array(sizeOf(shape));
  for (const member of members) data.set(values(member), member.offset);
  return data;
}
