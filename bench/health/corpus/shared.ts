import { conv, dense, flatten, head, maxPool, plan, sgd } from "./case.js";
import { digits } from "./data.js";

/** Where a question stands, and what was changed. */
export const asked = (post: number, what: string): string => `Stack Overflow ${post}, ${what}`;
export const mutant = (what: string): string => `TheDeepChecker's mutants: ${what}`;

export const digitRows = (seed: number) => digits(seed);
export const digitImages = (seed: number) => digits(seed, { as: "images" });

export const standardised = { inputs: "standardise", targets: "standardise" } as const;
export const scaledInputs = { inputs: "standardise", targets: "none" } as const;

/** Scales of features as tables have them: ages, incomes, shares. */
export const tableScale = (feature: number): number => [1, 40, 10_000, 0.1, 300][feature % 5];
export const tableShift = (feature: number): number => [0, 100, 50_000, 0.5, 1000][feature % 5];

export const smallCnn = [conv(16, 5, "relu"), maxPool, conv(32, 3, "relu"), maxPool, flatten, ...dense(128, "relu")];

/** A healthy convolutional network, to be spoilt. */
export const cnn = plan({
  title: "digits, CNN",
  task: "classes",
  input: [1, 8, 8],
  blocks: smallCnn,
  head: head(10),
  loss: "softmaxCrossEntropy",
  optimizer: sgd(0.1),
  steps: 300,
});

/** A healthy perceptron, to be spoilt. */
export const perceptron = plan({
  title: "digits, 64–64",
  task: "classes",
  input: [64],
  blocks: dense([64, 64], "relu"),
  head: head(10),
  loss: "softmaxCrossEntropy",
  optimizer: sgd(0.1),
  steps: 300,
});
