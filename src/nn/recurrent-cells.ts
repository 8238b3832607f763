import type { Tensor } from "../ir/tensor.js";
import { add, cast, concat, less, matmul, mul, relu, sigmoid, split, sub, tanh } from "../ops/index.js";

/** All steps of one direction, time in front. */
export interface CellSteps {
  /** W x + b of every step: (time batch gates·hidden). */
  readonly z: Tensor;
  /** h before and after every step: (time batch hidden). */
  readonly before: Tensor;
  readonly after: Tensor;
  readonly weight: Tensor;
  readonly bias: Tensor | null;
}

/** What a recurrent layer repeats at every step. z is the part of the step that comes from the input, W x + b. */
export interface Cell {
  readonly name: string;
  /** How many vectors of the hidden width the weights make: gates and candidates. */
  readonly gates: number;
  /** Which of them is the forget gate, if any. */
  readonly forgetGate: number | null;
  /** What is carried; the first is the output. */
  readonly state: readonly string[];
  /** Whether the bias of the recurrent part is only added, so that it may be added for all steps at once. */
  readonly addsBias: boolean;
  /** z (batch gates·hidden), a state of (batch hidden) each, U (hidden gates·hidden), and its bias where it is not just added. */
  step(z: Tensor, state: readonly Tensor[], weight: Tensor, bias: Tensor | null): Tensor[];
  /** Slopes of its functions at every step, each over its steepest, so that gates and candidates compare: (time batch gates·hidden). */
  slopes(steps: CellSteps): Tensor;
}

const activations = { tanh, relu } as const;

/** Slopes over the steepest, told from what the function returned. */
const slopes: Readonly<Record<RecurrentActivation, (h: Tensor) => Tensor>> = {
  tanh: (h) => sub(1, mul(h, h)),
  relu: (h) => cast(less(0, h), "float32"),
};

/** The slope of a gate, σ(z) (1 − σ(z)), over its steepest, ¼. */
const gateSlope = (z: Tensor): Tensor => {
  const open = sigmoid(z);
  return mul(4, mul(open, sub(1, open)));
};

const candidateSlope = (z: Tensor): Tensor => slopes.tanh(tanh(z));

/** The activations that a plain recurrence may have. */
export type RecurrentActivation = keyof typeof activations;

/** h′ = f(z + h U). Elman 1990. */
export const rnnCell = (activation: RecurrentActivation): Cell => ({
  name: "rnn",
  gates: 1,
  forgetGate: null,
  state: ["h"],
  addsBias: true,
  step: (z, [h], weight) => [activations[activation](add(matmul(h, weight), z))],
  slopes: ({ after }) => slopes[activation](after),
});

/**
 * i, f, g, o from z + h U; c′ = σ(f) c + σ(i) tanh(g); h′ = σ(o) tanh(c′). Hochreiter & Schmidhuber 1997, forget gate of Gers et
 * al. 2000. The gates lie in the order i, f, g, o.
 */
export const lstmCell: Cell = {
  name: "lstm",
  gates: 4,
  forgetGate: 1,
  state: ["h", "c"],
  addsBias: true,
  step: (z, [h, c], weight) => {
    const [input, forget, candidate, output] = split(add(matmul(h, weight), z), 4, 1);
    const cell = add(mul(sigmoid(forget), c), mul(sigmoid(input), tanh(candidate)));
    return [mul(sigmoid(output), tanh(cell)), cell];
  },
  slopes: ({ z, before, weight }) => {
    const [input, forget, candidate, output] = split(add(matmul(before, weight), z), 4, 2);
    return concat([gateSlope(input), gateSlope(forget), candidateSlope(candidate), gateSlope(output)], 2);
  },
};

/**
 * r, u, n from z and h U: r = σ(·), u = σ(·), n = tanh(zₙ + r (h U + b)ₙ); h′ = (1 − u) n + u h. Cho et al. 2014, with the reset gate
 * behind the product. The gates lie in the order r, u, n.
 */
export const gruCell: Cell = {
  name: "gru",
  gates: 3,
  forgetGate: null,
  state: ["h"],
  addsBias: false,
  step: (z, [h], weight, bias) => {
    const product = matmul(h, weight);
    const [inputReset, inputUpdate, inputNew] = split(z, 3, 1);
    const [reset, update, fresh] = split(bias === null ? product : add(product, bias), 3, 1);
    const candidate = tanh(add(inputNew, mul(sigmoid(add(inputReset, reset)), fresh)));
    return [add(candidate, mul(sigmoid(add(inputUpdate, update)), sub(h, candidate)))];
  },
  slopes: ({ z, before, weight, bias }) => {
    const product = matmul(before, weight);
    const [inputReset, inputUpdate, inputNew] = split(z, 3, 2);
    const [reset, update, fresh] = split(bias === null ? product : add(product, bias), 3, 2);
    const candidate = add(inputNew, mul(sigmoid(add(inputReset, reset)), fresh));
    return concat([gateSlope(add(inputReset, reset)), gateSlope(add(inputUpdate, update)), candidateSlope(candidate)], 2);
  },
};
