import type { Activation } from "../activations/index.js";
import { aconC, arctan, atlu, bentIdentity, eSwish, gelu, gudermannian, hardMish, hardSigmoid, hardSwish, hardTanh, isru, lalu, logSigmoid, probit, quickGelu, sau, scaledTanh, sigmoid, silu, smelu, smu, smu1, softClipping, softplus, sparsePlus, sparseSigmoid, squareplus, swish, tanh } from "../activations/index.js"; // biome-ignore format: one list
import type { FormKind } from "./numeric/smooth.js";

/** Straight lines between breaks: the shapes of which named activations are made. */
export interface Lines {
  readonly breaks: readonly number[];
  readonly lines: readonly Line[];
}

export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** Two lines that meet, or do not, at a break. */
interface TwoLines {
  readonly at: number;
  readonly left: Line;
  readonly right: Line;
}

/** A smoothed function that has a name: from its pieces and the width follow the parameters. */
export interface KnownRecord {
  readonly activation: Activation;
  /** The kernel's name. */
  readonly kernel: string;
  /** Steps come out the same by both. */
  readonly form: FormKind | "either";
  /** The parameters; null where the function is another one. */
  readonly parameters: (shape: Lines, width: number) => Readonly<Record<string, number>> | null;
}

const same = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(b));
const none = {};

type Parameters = KnownRecord["parameters"];
type Values = ReturnType<Parameters>;

const twoLines =
  (parameters: (shape: TwoLines, width: number) => Values): Parameters =>
  ({ breaks, lines }, width) =>
    breaks.length === 1 ? parameters({ at: breaks[0], left: lines[0], right: lines[1] }, width) : null;

/** αx left of 0 and x right of it. */
const leaky = (parameters: (alpha: number, width: number) => Values): Parameters =>
  twoLines(({ at, left, right }, width) => {
    const fits = at === 0 && left.intercept === 0 && right.intercept === 0 && same(right.slope, 1) && left.slope < 1;
    return fits ? parameters(left.slope, width) : null;
  });

/** A relu, and nothing left of 0. */
const ramp = (parameters: (width: number) => Values): Parameters =>
  leaky((alpha, width) => (alpha === 0 ? parameters(width) : null));

/** Constants, low left of 0 and high right of it. */
const step = (parameters: (low: number, high: number, width: number) => Values): Parameters =>
  twoLines(({ at, left, right }, width) =>
    at === 0 && left.slope === 0 && right.slope === 0 ? parameters(left.intercept, right.intercept, width) : null,
  );

const unit = (value: number, wanted: number): typeof none | null => (same(value, wanted) ? none : null);
const unitStep = (wanted: number): Parameters => step((low, high, width) => (low === 0 && same(high, 1) ? unit(width, wanted) : null)); // biome-ignore format: one line
const signStep = (height: number, wanted: number): Parameters =>
  step((low, high, width) => (same(low, -height) && same(high, height) ? unit(width, wanted) : null));

/** The names, the more particular ones first. */
export const knownRecords: readonly KnownRecord[] = [
  { activation: softplus, kernel: "logistic", form: "mollify", parameters: ramp((width) => ({ beta: 1 / width })) },
  { activation: sparsePlus, kernel: "box", form: "mollify", parameters: ramp((width) => unit(width, 1)) },
  { activation: smelu, kernel: "box", form: "mollify", parameters: ramp((width) => ({ beta: width })) },
  { activation: squareplus, kernel: "algebraic", form: "mollify", parameters: ramp((width) => ({ b: width ** 2 })) },
  { activation: smu1, kernel: "algebraic", form: "mollify", parameters: leaky((alpha, width) => ({ alpha, mu: (1 - alpha) * width })) }, // biome-ignore format: one line
  { activation: sau, kernel: "gaussian", form: "mollify", parameters: leaky((alpha, width) => ({ alpha, width })) },
  { activation: silu, kernel: "logistic", form: "gate", parameters: ramp((width) => unit(width, 1)) },
  { activation: quickGelu, kernel: "logistic", form: "gate", parameters: ramp((width) => unit(1 / width, 1.702)) },
  { activation: swish, kernel: "logistic", form: "gate", parameters: ramp((width) => ({ beta: 1 / width })) },
  { activation: gelu, kernel: "gaussian", form: "gate", parameters: ramp((width) => unit(width, 1)) },
  { activation: smu, kernel: "gaussian", form: "gate", parameters: leaky((alpha, width) => ({ alpha, mu: Math.SQRT1_2 / (width * (1 - alpha)) })) }, // biome-ignore format: one line
  { activation: hardSwish, kernel: "box", form: "gate", parameters: ramp((width) => unit(width, 3)) },
  { activation: lalu, kernel: "laplace", form: "gate", parameters: ramp((width) => unit(width, 1)) },
  { activation: atlu, kernel: "cauchy", form: "gate", parameters: ramp((width) => unit(width, 1)) },
  {
    activation: eSwish,
    kernel: "logistic",
    form: "gate",
    parameters: twoLines(({ at, left, right }, width) =>
      at === 0 && left.slope === 0 && left.intercept === 0 && right.intercept === 0 && same(width, 1)
        ? { beta: right.slope }
        : null,
    ),
  },
  {
    activation: aconC,
    kernel: "logistic",
    form: "gate",
    parameters: twoLines(({ at, left, right }, width) =>
      at === 0 && left.intercept === 0 && right.intercept === 0
        ? { p1: right.slope, p2: left.slope, beta: 1 / (width * (right.slope - left.slope)) }
        : null,
    ),
  },
  {
    activation: hardMish,
    kernel: "box",
    form: "gate",
    // The step of the gate lies at −1, where x·[x > −1] jumps.
    parameters: twoLines(
      ({ at, left, right }, width) =>
      same(at, -1) && left.slope === 0 && left.intercept === 0 && right.intercept === 0 && same(right.slope, 1) ? unit(width, 1) : null, // biome-ignore format: one line,
    ),
  },
  {
    activation: logSigmoid,
    kernel: "logistic",
    form: "mollify",
    parameters: twoLines(({ at, left, right }, width) =>
      at === 0 && same(left.slope, 1) && left.intercept === 0 && right.slope === 0 && right.intercept === 0
        ? unit(width, 1)
        : null,
    ),
  },
  {
    activation: bentIdentity,
    kernel: "algebraic",
    form: "mollify",
    parameters: twoLines(({ at, left, right }, width) =>
      at === 0 && same(left.slope, 0.5) && same(right.slope, 1.5) && same(left.intercept, -0.5) && same(right.intercept, -0.5)
        ? unit(width, 1)
        : null,
    ),
  },
  {
    activation: softClipping,
    kernel: "logistic",
    form: "mollify",
    // x held between 0 and 1.
    parameters: ({ breaks, lines }, width) => {
      const numbers = [...breaks, ...lines.flatMap(({ slope, intercept }) => [slope, intercept])];
      return numbers.length === 8 && [0, 1, 0, 0, 1, 0, 0, 1].every((wanted, i) => same(numbers[i], wanted))
        ? { sharpness: 1 / width }
        : null;
    },
  },
  { activation: sigmoid, kernel: "logistic", form: "either", parameters: unitStep(1) },
  { activation: probit, kernel: "gaussian", form: "either", parameters: unitStep(1) },
  { activation: sparseSigmoid, kernel: "box", form: "either", parameters: unitStep(1) },
  { activation: hardSigmoid, kernel: "box", form: "either", parameters: step((low, high, width) => (low === 0 && same(high, 1) ? { slope: 1 / (2 * width), offset: 0.5 } : null)) }, // biome-ignore format: one line
  { activation: tanh, kernel: "logistic", form: "either", parameters: signStep(1, 0.5) },
  { activation: scaledTanh, kernel: "logistic", form: "either", parameters: step((low, high, width) => (same(low, -high) && high > 0 ? { height: high, steepness: 1 / (2 * width) } : null)) }, // biome-ignore format: one line
  { activation: hardTanh, kernel: "box", form: "either", parameters: step((low, high, width) => (same(low, -high) && same(high, width) ? { low, high } : null)) }, // biome-ignore format: one line
  { activation: isru, kernel: "algebraic", form: "either", parameters: step((low, high, width) => (same(low, -high) && same(high, width) ? { alpha: 1 / width ** 2 } : null)) }, // biome-ignore format: one line
  { activation: arctan, kernel: "cauchy", form: "either", parameters: signStep(Math.PI / 2, 1) },
  { activation: gudermannian, kernel: "hyperbolicSecant", form: "either", parameters: signStep(Math.PI / 2, Math.PI / 2) },
];
