import { fault } from "../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";

/** A window of `kernel` elements that moves over the spatial axes, one number per axis everywhere. */
export interface Window {
  readonly kernel: Shape;
  /** By how much it moves from one result to the next. */
  readonly stride: readonly number[];
  /** Distance between neighbouring elements of the window. */
  readonly dilation: readonly number[];
  /** Elements thought before and after each axis. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** How many elements of the axis a window spans, holes included: d (k − 1) + 1. */
export const spanOf = ({ kernel, dilation }: Pick<Window, "kernel" | "dilation">): number[] =>
  kernel.map((size, axis) => dilation[axis] * (size - 1) + 1);

/** How many places the window has on each axis: ⌊(size + low + high − span) / stride⌋ + 1. */
export function placesOf(where: string, sizes: Shape, window: Window): number[] {
  const { stride, low, high } = window;
  return spanOf(window).map((span, axis) => {
    const room = sizes[axis] + low[axis] + high[axis];
    if (span <= room) return Math.floor((room - span) / stride[axis]) + 1;
    throw fault(where, "the window is larger than the input", {
      expected: `at most ${room} on spatial axis ${axis} (${sizes[axis]} and padding of ${low[axis]} and ${high[axis]})`,
      got: `${span}: ${window.kernel[axis]} elements, dilation ${window.dilation[axis]}`,
      fix: "a smaller kernel, more padding, or larger inputs",
    });
  });
}

/** How many elements of an axis of `sizes` the windows leave over at its end; negative where they read padding. */
export const leftOver = (sizes: Shape, places: Shape, window: Window): number[] =>
  spanOf(window).map((span, axis) => sizes[axis] + window.low[axis] - (places[axis] - 1) * window.stride[axis] - span);

/** One element of one window: flat positions of the window, of the element in it, and of what it reads. */
export interface Tap {
  readonly place: number;
  readonly element: number;
  readonly source: number;
}

/** Every element of every window that is not padding; those of one window in row-major order. */
export function tapsOf(sizes: Shape, places: Shape, { kernel, stride, dilation, low }: Window): Tap[] {
  return sizes.reduce<Tap[]>(
    (before, size, axis) => {
      const along: Tap[] = [];
      for (let place = 0; place < places[axis]; place++) {
        for (let element = 0; element < kernel[axis]; element++) {
          const source = place * stride[axis] + element * dilation[axis] - low[axis];
          if (source >= 0 && source < size) along.push({ place, element, source });
        }
      }
      return before.flatMap((outer) =>
        along.map((inner) => ({
          place: outer.place * places[axis] + inner.place,
          element: outer.element * kernel[axis] + inner.element,
          source: outer.source * size + inner.source,
        })),
      );
    },
    [{ place: 0, element: 0, source: 0 }],
  );
}

/** Whether the windows stand side by side: none overlap, and there is neither padding nor a hole. */
export const tiles = ({ kernel, stride, dilation, low, high }: Window): boolean =>
  kernel.every(
    (size, axis) => stride[axis] === size && low[axis] === 0 && high[axis] === 0 && (dilation[axis] === 1 || size === 1),
  );

/** How much is put around an axis: as much as keeps it (`same`), nothing (`valid`), or counts, per axis also [before, after]. */
export type Padding = "same" | "valid" | number | readonly (number | readonly [before: number, after: number])[];

/** What people say about a window. A number stands for all axes. */
export interface WindowOptions {
  readonly stride?: number | readonly number[];
  readonly padding?: Padding;
  readonly dilation?: number | readonly number[];
}

/** What people say about a window that gathers. */
export interface PoolOptions extends WindowOptions {
  /** One more place where the last window would leave elements over; what it reads beyond the end is no element. Default false. */
  readonly ceilMode?: boolean;
}

/** The window with as much padding behind that no element is left over, unless a window would lie behind all elements. */
export function roundedUp(window: Window, sizes: Shape): Window {
  const { stride, low, high } = window;
  const needed = spanOf(window).map((span, axis) => {
    const end = sizes[axis] + low[axis];
    const steps = Math.ceil((end + high[axis] - span) / stride[axis]);
    const last = steps * stride[axis] < end ? steps : steps - 1;
    return Math.max(high[axis], last * stride[axis] + span - end);
  });
  return { ...window, high: needed };
}

/** The window as options describe it for inputs whose spatial axes have the given sizes. */
export function windowOf(where: string, kernel: Shape, options: WindowOptions, sizes: Shape): Window {
  const stride = perAxis(where, "stride", options.stride ?? 1, kernel.length);
  const dilation = perAxis(where, "dilation", options.dilation ?? 1, kernel.length);
  perAxis(where, "kernel size", kernel, kernel.length);
  return { kernel, stride, dilation, ...paddingOf(where, options.padding ?? 0, { kernel, stride, dilation }, sizes) };
}

/** A number per axis, each whole and at least `least`. */
export function perAxis(where: string, what: string, given: number | readonly number[], count: number, least = 1): number[] {
  const list = typeof given === "number" ? new Array<number>(count).fill(given) : [...given];
  if (list.length === count && list.every((value) => Number.isInteger(value) && value >= least)) return list;
  throw fault(where, `the ${what} does not fit`, {
    expected: `a whole number of ${least} or more, or one for each of ${count} spatial axes`,
    got: Array.isArray(given) ? `[${given.join(", ")}]` : String(given),
  });
}

type Padded = Pick<Window, "low" | "high">;

function paddingOf(where: string, padding: Padding, window: Omit<Window, "low" | "high">, sizes: Shape): Padded {
  const { kernel, stride } = window;
  if (padding === "valid") return { low: kernel.map(() => 0), high: kernel.map(() => 0) };
  if (padding === "same") {
    const total = spanOf(window).map((span, axis) => {
      const places = Math.ceil(sizes[axis] / stride[axis]);
      return Math.max(0, (places - 1) * stride[axis] + span - sizes[axis]);
    });
    return { low: total.map((count) => Math.floor(count / 2)), high: total.map((count) => Math.ceil(count / 2)) };
  }
  if (typeof padding === "string") {
    throw fault(where, "no such padding", { expected: "same, valid, or counts", got: String(padding) });
  }
  const pairs = typeof padding === "number" ? kernel.map(() => padding) : padding;
  const side = (end: 0 | 1): number[] => pairs.map((pair) => (typeof pair === "number" ? pair : pair[end]));
  return {
    low: perAxis(where, "padding", side(0), kernel.length, 0),
    high: perAxis(where, "padding", side(1), kernel.length, 0),
  };
}

/** The spatial axes of an input (batch channels …spatial) for a window of `rank` axes. */
export function spatialOf(where: string, shape: Shape, rank: number): Shape {
  if (shape.length === rank + 2) return shape.slice(2);
  throw fault(where, `the input has ${shape.length} axes, not ${rank + 2}`, {
    expected: `(batch channels ${["length", "height width", "depth height width"][rank - 1] ?? "…spatial"})`,
    got: formatShape(shape),
    fix: shape.length === rank + 1 ? "reshape(x, …) with an axis of size 1 for the channels" : undefined,
  });
}

/** How many elements a window has. */
export const elementsOf = ({ kernel }: Window): number => sizeOf(kernel);
