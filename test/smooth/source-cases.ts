import { kernels } from "../../src/smooth/kernels/catalogue.js";
import type { Kernel } from "../../src/smooth/kernels/kernel.js";
import type { FormKind } from "../../src/smooth/numeric/smooth.js";
import type { Pieces } from "../../src/smooth/pieces/pieces.js";
import { bumpy, elu, hardTanh, leaky, piecesOf, polynomial, step } from "./functions.js";

export interface SourceCase {
  readonly label: string;
  readonly pieces: Pieces;
  readonly kernel: Kernel;
  readonly width: number;
  readonly form: FormKind;
}

/** Two jumps and a bend between pieces that are 0 at both ends, of degree 3 and 2: what a kernel without moments takes too. */
const bounded = piecesOf([-1.5, 0.25, 1], [[], polynomial(1, 0.5, 0, -0.25), polynomial(-0.5, 0, 2), []]);

/** Functions of every degree for every kernel, as far as their convolution exists, and gates. */
export function sourceCases(): SourceCase[] {
  return kernels.flatMap((kernel) => {
    const functions: [string, Pieces][] = [
      ["step", step],
      ["hard tanh", hardTanh],
      ["bounded", bounded],
    ];
    if (kernel.record.momentsBelow > 1) functions.push(["leaky relu", leaky(0.1)], ["bumpy", bumpy]);
    if (kernel.record.momentsBelow > 1 && kernel.record.tilted !== undefined) functions.push(["elu", elu]);
    const made = (form: FormKind, [name, pieces]: [string, Pieces]): SourceCase => ({
      label: `${form} ${name} by ${kernel.name}`,
      pieces,
      kernel,
      width: 0.5,
      form,
    });
    return [...functions.map((one) => made("mollify", one)), made("gate", ["leaky relu", leaky(0.1)]), made("gate", ["bounded", bounded])]; // biome-ignore format: one line
  });
}
