import { fault } from "../../ir/fault.js";
import { tensor } from "../../ops/index.js";
import { interpret } from "../../run/interpret.js";
import type { Kernel } from "../kernels/kernel.js";
import { exponentialPart, type NumericPieces, type NumericTerm } from "../numeric/pieces.js";
import { type Language, scaledExpression, write } from "./language.js";
import { chebyshevSeries } from "./table.js";

/** Functions that are defined before the smoothed one, and the terms that it adds. */
export interface ExponentialSource {
  readonly helpers: readonly string[];
  readonly terms: readonly string[];
  /** Distances that the terms read, beside those of the breaks. */
  readonly distances: readonly (readonly [name: string, value: string])[];
}

/** c·e^(λx) on a half-line that ends at a break. */
interface Ending {
  readonly side: "left" | "right";
  readonly at: number;
  readonly rate: number;
  readonly height: number;
  /** The distance from the end, in widths. */
  readonly distance: string;
}

/** The part of a convolution that comes from pieces with exponentials: a series on each side of every half-line that they are cut into. */
export function exponentialSource(pieces: NumericPieces, kernel: Kernel, width: number, language: Language): ExponentialSource {
  const endings = pieces.pieces.flatMap((piece, k) =>
    exponentialPart(piece).flatMap((term) => endingsOf(term, pieces.breaks, k)),
  );
  const helpers = endings.flatMap((ending, i) => helpersFor(ending, kernel, width, language, `growth${i}`));
  const terms = endings.map(({ side, height, distance }, i) =>
    scaledExpression(height, `growth${i}(${side === "left" ? "" : "-"}${distance})`),
  );
  const whole = endings.some(({ distance }) => distance === "z");
  return { helpers, terms, distances: whole ? [["z", write(language, width === 1 ? "x" : `x / ${width}`)]] : [] };
}

/** On the side on which it dies out, where there is a choice. */
function endingsOf({ coefficient, power, rate }: NumericTerm, breaks: readonly number[], k: number): Ending[] {
  if (power > 0) {
    throw fault("source", "a power times an exponential cannot be written out", {
      expected: "pieces that are polynomials, and exponentials with a number before them",
      fix: "export the function as ONNX",
    });
  }
  const lambda = rate ?? 0;
  const ending = (side: Ending["side"], index: number, sign: number): Ending => ({
    side,
    at: breaks[index],
    rate: lambda,
    height: sign * coefficient * Math.exp(lambda * breaks[index]),
    distance: `z${index}`,
  });
  const [low, high] = [k > 0, k < breaks.length];
  if (!low && !high)
    return (["left", "right"] as const).map((side) => ({ side, at: 0, rate: lambda, height: coefficient, distance: "z" }));
  const onLeft = high && (!low || lambda > 0);
  const side = onLeft ? "left" : "right";
  return [ending(side, onLeft ? k : k - 1, 1), ...(low && high ? [ending(side, onLeft ? k - 1 : k, -1)] : [])];
}

function helpersFor({ side, rate }: Ending, kernel: Kernel, width: number, language: Language, name: string): string[] {
  const { tilted, radius, decay = 0 } = kernel.record;
  if (tilted === undefined || !kernel.even) {
    throw fault("source", "a piece with an exponential has no closed form under this kernel", { got: kernel.title });
  }
  const steepness = (side === "left" ? rate : -rate) * width;
  const at = (z: readonly number[]): number[] => [...interpret([tilted(0, tensor(z), tensor(z.map(() => steepness)))])[0]];
  // Without its growth it tends to a number, where the kernel has that mean.
  const freed = Math.abs(steepness) < decay;
  const tolerance = language.single ? 1e-8 : 2e-15;
  const compact = Number.isFinite(radius);
  const distanceAt = (share: number): number => (compact ? share * radius : share / (1 - share));
  // Far inside nothing changes any more, and neither factor is to overflow.
  const far = 300 / Math.max(Math.abs(steepness), 1);
  const inside = (shares: readonly number[]): number[] => {
    const distances = shares.map((share) => (freed ? Math.min(distanceAt(share), far) : distanceAt(share)));
    return at(distances.map((d) => -d)).map((value, i) => value * (freed ? Math.exp(steepness * distances[i]) : 1));
  };
  const beyond = (shares: readonly number[]): number[] => at(shares.map(distanceAt));
  const [inner, outer] = [inside, beyond].map((f) => chebyshevSeries(f, 0, 1, tolerance));
  const text = (expression: string): string => write(language, expression);
  const share = (distance: string): string =>
    text(compact ? `1 - positive(1 - ${1 / radius} * ${distance})` : `near(${distance}) / (1 + near(${distance}))`);
  const grown = freed ? `exp(-${steepness} * positive(-z)) * `.replace("--", "") : "";
  const definition = {
    name,
    parameter: "z",
    lines: [
      ["d", language.select(`z > ${language.number(0)}`, "z", "-z")],
      ["s", share("d")],
      ["inside", text(`${grown}${name}Inside(2 * s - 1)`)],
      ["beyond", text(`${name}Beyond(2 * s - 1)`)],
    ],
    result: language.select(`z > ${language.number(0)}`, "beyond", "inside"),
    doc: `What becomes of ${steepness === 1 ? "exp(z)" : `exp(${steepness} z)`} left of 0.`,
  } as const;
  return [language.table(`${name}Inside`, inner), language.table(`${name}Beyond`, outer), language.define(definition)];
}
