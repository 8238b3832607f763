import type { Activation } from "../activations/activation.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { add, cos, exp, minimum, mul } from "../ops/index.js";
import { isSmoothed } from "../smooth/is-smoothed.js";
import { constant } from "./initialisers/plain.js";
import { type Layer, layer, parameterSpec } from "./layer.js";

/** How a parameter of an activation moves in training. */
export interface AnnealedOptions<K extends string> {
  /** Which parameter. Default "width". */
  readonly parameter?: K;
  /** Where it starts and where it ends. `from` is by default the value that the activation has. */
  readonly from?: number;
  readonly to: number;
  /** Training steps from the one to the other; then it stays. */
  readonly steps: number;
  /** By equal factors, by equal amounts, or along half a wave of a cosine. Default geometric. */
  readonly shape?: Shape;
  /** Whether use after training takes the exact function in place of a smoothed one. Default false: the width that was reached. */
  readonly harden?: boolean;
}

type Shape = keyof typeof shapes;

/** From a to b as t goes from 0 to 1. */
const shapes = {
  geometric: (a: number, b: number, t: Tensor): Tensor => mul(exp(mul(t, Math.log(b / a))), a),
  linear: (a: number, b: number, t: Tensor): Tensor => add(mul(t, b - a), a),
  cosine: (a: number, b: number, t: Tensor): Tensor => add(mul(add(cos(mul(t, Math.PI)), 1), (a - b) / 2), b),
};

/**
 * An activation with a parameter that follows a schedule over the training steps: a smoothing that narrows to the exact function, say.
 *
 *     annealed(mollify(relu, { kernel: gaussian, width: 1 }), { to: 0.01, steps: 5000, harden: true })
 *
 * It counts the steps itself, in a state that goes into checkpoints with the parameters.
 */
export function annealed<K extends string>(
  f: Activation<K>,
  options: AnnealedOptions<NoInfer<K>>,
): Layer<{ readonly step: Tensor }> {
  const { parameter = "width" as K, to, steps, shape = "geometric", harden = false } = options;
  const where = `annealed ${f.record.name}`;
  const from = options.from ?? f.values[parameter];
  // `with` says which parameters there are, and in which ranges.
  const start = f.with({ [parameter]: from } as { [Name in K]?: number });
  start.with({ [parameter]: to } as { [Name in K]?: number });
  requireCourse(where, from, to, steps, shape);
  const sharp = harden ? hardForm(where, f) : null;
  const stepSpec = parameterSpec({ shape: [], axes: "()", initialiser: constant(0), decays: false, trained: false });
  return layer({
    name: where,
    code: ["annealed", f, options],
    role: "activation",
    title: `annealed ${f.title}, ${parameter} ${from} → ${to} in ${steps} steps`,
    parameters: { step: stepSpec },
    gain: start.gain,
    apply: ({ step }: { readonly step: Tensor }, x, context) => {
      const training = context.mode === "train";
      if (sharp !== null && !training) return sharp(x);
      if (training) context.write("step", add(step, 1));
      const value = shapes[shape](from, to, minimum(mul(step, 1 / steps), 1));
      return f(x, { [parameter]: value } as { [Name in K]?: Tensor });
    },
  });
}

function hardForm<K extends string>(where: string, f: Activation<K>): (x: Tensor) => Tensor {
  if (isSmoothed(f)) return f.harden();
  throw fault(where, "there is no exact function behind this activation", {
    fix: "leave harden out, or smooth with mollify or gate",
  });
}

function requireCourse(where: string, from: number, to: number, steps: number, shape: string): void {
  if (!(shape in shapes)) throw fault(where, "the shape is not known", { expected: Object.keys(shapes).join(", "), got: shape });
  if (!(Number.isInteger(steps) && steps > 0)) {
    throw fault(where, "the number of steps is not a count", { expected: "a whole number of 1 or more", got: String(steps) });
  }
  if (shape === "geometric" && !(from * to > 0)) {
    throw fault(where, "equal factors do not lead from one to the other", {
      expected: "two numbers of one sign, neither 0",
      got: `${from}, ${to}`,
      fix: 'shape: "linear"',
    });
  }
}
