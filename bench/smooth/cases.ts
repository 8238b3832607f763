// The convolutions that are checked: every kernel, every activation made of pieces, several widths.
import { type Activation, catalogue } from "softgrad/activations";
import { type Kernel, kernels, mollify, type Pieces, type Smoothed } from "softgrad/smooth";

export const widths = [1e-3, 0.1, 1, 5] as const;

/** One function smoothed, and where it is looked at. */
export interface Convolution {
  readonly activation: Activation;
  readonly kernel: Kernel;
  readonly width: number;
  readonly smooth: Smoothed<string>;
  readonly points: Float32Array;
}

/** What the program in Python is asked. */
export interface Question {
  readonly kernel: string;
  readonly width: number;
  readonly breaks: readonly number[];
  readonly pieces: readonly (readonly (readonly [coefficient: number, power: number, rate: number | null])[])[];
  readonly points: readonly number[];
}

/** The activations of the catalogue that have breaks and closed forms, with their pieces. */
export function piecewiseActivations(): { readonly activation: Activation; readonly pieces: Pieces }[] {
  return catalogue.flatMap((activation) => {
    if (activation.facts.kind !== "pointwise" || activation.facts.kinks.length === 0) return [];
    try {
      const { pieces } = mollify(activation, { kernel: kernels[0] as Kernel, method: "closed form" });
      return [{ activation, pieces }];
    } catch {
      return [];
    }
  });
}

/** Half of the points around the breaks at the scale of the width, half over the line; all are float32 numbers. */
export function pointsFor({ breaks }: Pieces, width: number, count: number): Float32Array {
  const stops = breaks.map(({ at }) => at);
  const near = Array.from({ length: count / 2 }, (_, i) => {
    const from = stops[i % stops.length] as number;
    const reach = ((2 * i + 1) / count - 0.5) * 2;
    return from + 12 * width * Math.sign(reach) * reach ** 2;
  });
  const far = Array.from({ length: count / 2 }, (_, i) => ((2 * i + 1) / count - 0.5) * 2 * 12.3);
  return Float32Array.from([...near, ...far]).sort();
}

/** Every case; those whose integral diverges, or has no closed form, are left out. */
export function convolutions(count: number, only: (name: string) => boolean = () => true): Convolution[] {
  const activations = piecewiseActivations().filter(({ activation }) => only(activation.name));
  return kernels.flatMap((kernel) =>
    activations.flatMap(({ activation, pieces }) =>
      widths.flatMap((wanted): Convolution[] => {
        const width = Math.fround(wanted);
        const smooth = mollify(activation, { kernel, width, method: "closed form" }) as Smoothed<string>;
        const points = pointsFor(pieces, width, count);
        try {
          smooth(0);
        } catch {
          return [];
        }
        return [{ activation, kernel, width, smooth, points }];
      }),
    ),
  );
}

export const questionOf = ({ kernel, width, smooth: { pieces }, points }: Convolution): Question => ({
  kernel: kernel.name,
  width,
  breaks: pieces.breaks.map(({ at }) => at),
  pieces: pieces.pieces.map((piece) =>
    piece.map(({ coefficient, power, rate }) => [coefficient.at, power, rate?.at ?? null] as const),
  ),
  points: [...points],
});
