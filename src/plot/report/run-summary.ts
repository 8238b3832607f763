import type { GreyImage } from "../grey-picture.js";

/** Everything that a report of a training run shows, as plain data. */
export interface RunSummary {
  /** What was trained on: "digits". */
  readonly title: string;
  /** The data in one sentence. */
  readonly description: string;
  /** Numbers to read first, the most important one at the head. */
  readonly facts: readonly Fact[];
  readonly history: History;
  readonly outcome: Outcome;
  readonly layers: readonly LayerLine[];
  /** Name and value of each option of the run. */
  readonly options: readonly (readonly [name: string, value: string])[];
  /** The files beside the report, and what each is for. */
  readonly files: readonly (readonly [name: string, purpose: string])[];
  /** The last line: when, by what, on what. */
  readonly footer: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** Numbers after each epoch, the first being epoch 1. */
export interface History {
  readonly trainingLoss: readonly number[];
  /** The data that were only measured: "test" or "validation", their loss (none: not measured), and their accuracy if there are classes. */
  readonly held: { readonly name: string; readonly loss: readonly number[]; readonly accuracy: readonly number[] | null };
  /** Epoch whose parameters were kept, when it is not the last one. */
  readonly bestEpoch?: number;
}

/** How the trained model did on the test data. */
export type Outcome = ClassificationOutcome | RegressionOutcome | TextOutcome;

export interface ClassificationOutcome {
  readonly kind: "classification";
  readonly classNames: readonly string[];
  /** Share of right answers, 0 to 1. */
  readonly accuracy: number;
  /** Counts of true class (row) and predicted class (column). */
  readonly confusion: readonly (readonly number[])[];
  /** The samples that were misread, the surest mistakes first. */
  readonly mistakes: readonly Mistake[];
}

export interface Mistake {
  /** Place of the sample in the whole data set, from 0. */
  readonly sample: number;
  readonly truth: string;
  readonly predicted: string;
  /** Probability that the model gave to its answer, and to the truth. */
  readonly confidence: number;
  readonly truthProbability: number;
  /** The sample: a picture, or numbers by name. */
  readonly shown: GreyImage | readonly (readonly [feature: string, value: string])[];
}

export interface RegressionOutcome {
  readonly kind: "regression";
  /** What is predicted. */
  readonly target: string;
  /** Root of the mean squared error, and mean absolute error, in the unit of the target. */
  readonly rootMeanSquare: number;
  readonly meanAbsolute: number;
  /** Share of the variance that is explained: 1 − Σ(t − y)² / Σ(t − t̄)²; at most 1. */
  readonly determination: number;
  readonly pairs: readonly (readonly [truth: number, predicted: number])[];
}

/** What a model does with text: numbers, and examples to look at. */
export interface TextOutcome {
  readonly kind: "text";
  /** Measured on text that was not trained on, the most important one at the head. */
  readonly measures: readonly Fact[];
  /** Tables of what was given and what came of it. */
  readonly examples: readonly {
    readonly title: string;
    readonly header: readonly string[];
    readonly rows: readonly (readonly string[])[];
  }[];
}

/** A row of the table of layers. */
export interface LayerLine {
  readonly name: string;
  readonly output: string;
  readonly parameters: number;
  readonly depth: number;
}
