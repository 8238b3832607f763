import { type Shape, sizeOf } from "../ir/shape.js";
import { tapsOf, type Window } from "./windows.js";

/** The sizes of a convolution y = x * w: x (batch groups·inputs …sizes), w (groups·outputs inputs …kernel), y (batch groups·outputs …places). */
export interface Convolved {
  readonly batch: number;
  readonly groups: number;
  /** Channels of x and of y in one group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly sizes: Shape;
  readonly places: Shape;
  readonly window: Window;
}

/** The sizes of the sum, from the shapes of its three factors. */
export function convolved(
  x: Shape,
  weight: Shape,
  y: Shape,
  params: Omit<Window, "kernel"> & { readonly groups: number },
): Convolved {
  const { groups, stride, dilation, low, high } = params;
  const window = { kernel: weight.slice(2), stride, dilation, low, high };
  const outputs = groups === 0 ? 0 : weight[0] / groups;
  return { batch: x[0], groups, inputs: weight[1], outputs, sizes: x.slice(2), places: y.slice(2), window };
}

/** Visits every product of the sum: positions in x, in w, in y. Those that add up in one element come in a fixed order. */
export function forEachProduct(of: Convolved, visit: (x: number, weight: number, y: number) => void): void {
  const { batch, groups, inputs, outputs, sizes, places, window } = of;
  const taps = tapsOf(sizes, places, window);
  const [size, elements, count] = [sizes, window.kernel, places].map(sizeOf);
  for (let n = 0; n < batch; n++) {
    for (let m = 0; m < groups * outputs; m++) {
      const group = Math.floor(m / outputs);
      for (let c = 0; c < inputs; c++) {
        const x = (n * groups * inputs + group * inputs + c) * size;
        const weight = (m * inputs + c) * elements;
        const y = (n * groups * outputs + m) * count;
        for (const tap of taps) visit(x + tap.source, weight + tap.element, y + tap.place);
      }
    }
  }
}
