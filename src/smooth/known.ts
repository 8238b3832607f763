import type { Activation } from "../activations/index.js";
import { kernels } from "./kernels/catalogue.js";
import type { Kernel } from "./kernels/kernel.js";
import { type KnownRecord, knownRecords, type Lines } from "./known-records.js";
import { isPolynomial, numbersOf, polynomialOf } from "./numeric/pieces.js";
import type { FormKind } from "./numeric/smooth.js";
import type { Pieces } from "./pieces/pieces.js";

/** An activation of the catalogue that a smoothed function is. */
export interface KnownAs {
  /** With the parameters that make it the same function. */
  readonly activation: Activation;
  /** "softplus with beta = 2" */
  readonly text: string;
}

/** The name under which a smoothed function is known; null where it has none. */
export function knownAs(pieces: Pieces, kernel: Kernel, width: number, form: FormKind = "mollify"): KnownAs | null {
  const shape = linesOf(pieces);
  if (shape === null || !kernels.includes(kernel)) return null;
  for (const record of knownRecords) {
    if (record.kernel !== kernel.name || (record.form !== "either" && record.form !== form)) continue;
    const values = record.parameters(shape, width);
    if (values !== null && inRange(record, values))
      return { activation: record.activation.with(values), text: textOf(record, values) };
  }
  return null;
}

/** The pieces as straight lines; null where they bend. */
function linesOf(pieces: Pieces): Lines | null {
  const numeric = numbersOf(pieces);
  if (!isPolynomial(numeric)) return null;
  const polynomials = numeric.pieces.map(polynomialOf);
  if (polynomials.some(({ length }) => length > 2)) return null;
  return { breaks: numeric.breaks, lines: polynomials.map(([intercept = 0, slope = 0]) => ({ slope, intercept })) };
}

const inRange = ({ activation }: KnownRecord, values: Readonly<Record<string, number>>): boolean =>
  Object.entries(values).every(([name, value]) => {
    const [low, high] = activation.record.parameters[name].range;
    return value >= low && value <= high;
  });

function textOf({ activation }: KnownRecord, values: Readonly<Record<string, number>>): string {
  const given = Object.entries(values).map(([name, value]) => `${name} = ${Number(value.toPrecision(6))}`);
  return given.length === 0 ? activation.record.title : `${activation.record.title} with ${given.join(" and ")}`;
}
