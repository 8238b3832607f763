import { allocate, type DType, dtypes, type TypedArray } from "../ir/dtype.js";
import { fault } from "../ir/fault.js";
import type { PortMetadata } from "./engine.js";
import type { Plan, Port, Slot } from "./host.js";

/** Number of elements of a shape; 1 for a scalar. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

const describe = (dtype: DType, shape: readonly number[]): string => `${dtype} (${shape.join(" ")})`;

// The storage that engines exchange, by dtype.
const storageTags: Readonly<Record<DType, string>> = tagTable();

function tagTable(): Record<DType, string> {
  const table: Partial<Record<DType, string>> = {};
  for (const dtype of dtypes) table[dtype] = tagOf(allocate(dtype, 0));
  return table as Record<DType, string>;
}

// By tag and not by class: arrays may come from another realm (a browser frame, a test sandbox).
function tagOf(value: unknown): string {
  return ArrayBuffer.isView(value) ? (value as TypedArray)[Symbol.toStringTag] : value === null ? "null" : typeof value;
}

/** Throws unless the array has the storage and the length that the port or slot declares. */
export function checkValue(where: string, label: string, declared: Pick<Port, "dtype" | "shape">, value: TypedArray): void {
  const tag = tagOf(value);
  if (tag !== storageTags[declared.dtype]) {
    throw fault(where, `${label} has the wrong storage`, {
      expected: `${storageTags[declared.dtype]} for ${describe(declared.dtype, declared.shape)}`,
      got: tag,
    });
  }
  const length = sizeOf(declared.shape);
  if (value.length !== length) {
    throw fault(where, `${label} has the wrong number of elements`, {
      expected: `${length} for ${describe(declared.dtype, declared.shape)}`,
      got: String(value.length),
    });
  }
}

/** Throws unless there is one fitting array for each port or slot. */
export function checkValues(
  where: string,
  kind: string,
  declared: readonly (Pick<Port, "dtype" | "shape"> & { readonly name?: string })[],
  values: readonly TypedArray[],
): void {
  if (values.length !== declared.length) {
    throw fault(where, `wrong number of ${kind}s`, { expected: String(declared.length), got: String(values.length) });
  }
  declared.forEach((port, index) => {
    checkValue(where, port.name === undefined ? `${kind} ${index}` : `${kind} "${port.name}"`, port, values[index]!);
  });
}

/** The same values in memory of one thread: the native runtime refuses shared memory. */
export const unshared = (data: TypedArray): TypedArray => (data.buffer instanceof ArrayBuffer ? data : data.slice());

/** Throws if two outputs write one slot: which value should stay would depend on the runtime. */
export function checkPlan(plan: Plan): void {
  const written = new Set<number>();
  for (const port of plan.outputs) {
    if (port.slot === null) continue;
    if (written.has(port.slot))
      throw fault("load", `two outputs write slot ${port.slot}`, { got: `"${port.name}" is the second` });
    written.add(port.slot);
  }
}

/** Throws unless every port that is wired to the state fits the slot it names. */
export function checkState(plan: Plan, slots: readonly Pick<Slot, "dtype" | "shape">[] | null): void {
  for (const port of [...plan.inputs, ...plan.outputs]) {
    if (port.slot === null) continue;
    if (slots === null)
      throw fault("run", `"${port.name}" is kept in a state, and none was given`, { fix: "pass a state to run" });
    const slot = slots[port.slot];
    const got = slot === undefined ? `a state with ${slots.length} slots` : describe(slot.dtype, slot.shape);
    const expected = describe(port.dtype, port.shape);
    if (got !== expected) throw fault("run", `slot ${port.slot} of the state does not fit "${port.name}"`, { expected, got });
  }
}

/** Throws unless the loaded model has exactly the declared ports. */
export function checkMetadata(kind: "input" | "output", ports: readonly Port[], found: readonly PortMetadata[]): void {
  const expected = ports.map((port) => `${port.name}: ${describe(port.dtype, port.shape)}`);
  const got = found.map(({ name, type, shape }) => `${name}: ${type} (${shape.join(" ")})`);
  const index = expected.findIndex((text, position) => text !== got[position]);
  if (index === -1 && expected.length === got.length) return;
  const at = index === -1 ? expected.length : index;
  throw fault("load", `${kind} ${at} of the model is not what the plan says`, {
    expected: expected[at] ?? "none",
    got: got[at] ?? "none",
  });
}
