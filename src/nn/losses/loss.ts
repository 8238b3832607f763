import { fault } from "../../ir/fault.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { asTensor, type TensorLike } from "../../ops/create.js";
import { broadcastTo, cast, div, equal, mul, reshape, sum, where } from "../../ops/index.js";

/** What every loss can be told. */
export interface LossOptions {
  /**
   * How the terms become the result. `mean` (default) divides by their number, or with weights by the sum of the weights;
   * `sum` adds them up; `none` returns them, one per sample or element.
   */
  readonly reduction?: "mean" | "sum" | "none";
  /**
   * A factor per sample, shaped like leading axes of the terms. Samples of weight 0 do not count, though their terms must be
   * finite; all 0 makes a mean of 0.
   */
  readonly sampleWeights?: TensorLike;
}

/** What the numbers of a model mean to a loss. */
export type PredictionKind = "values" | "logits" | "logProbabilities";

/**
 * What targets may be: `values`, real numbers shaped like the predictions; `probabilities`, the same from 0 to 1; `signs`, −1 or
 * 1; `labels`, whole numbers that count classes, without the class axis; `distributions`, shares over the class axis.
 */
export type TargetKind = "values" | "probabilities" | "signs" | "labels" | "distributions";

/** A loss as data: what it is, what it takes, and its terms. */
export interface LossRecord<Own extends object = object> {
  readonly name: string;
  /** One term as TeX: x a prediction, t its target. */
  readonly tex: string;
  readonly doc: string;
  readonly predictions: PredictionKind;
  /** The kinds of targets, told apart by dtype and shape. */
  readonly targets: readonly TargetKind[];
  /** Options of this loss alone, with the values they have when left out. */
  readonly defaults: Required<Own>;
  /** Throws a fault when the options make no sense. */
  check?(options: Required<Own>): void;
  /** The terms before they are weighted and reduced. */
  terms(predictions: Tensor, targets: Tensor, options: Required<Own>): Tensor;
}

/** What any loss is to code that uses it: a function with its description. */
export interface LossFunction extends Pick<LossRecord, "name" | "tex" | "doc" | "predictions" | "targets"> {
  (predictions: TensorLike, targets: TensorLike, options?: LossOptions): Tensor;
}

/** `loss(predictions, targets, options)`, with its record's fields. */
export interface Loss<Own extends object = object> extends LossRecord<Own> {
  (predictions: TensorLike, targets: TensorLike, options?: LossOptions & Partial<Own>): Tensor;
  /** The same loss with other defaults: `huber.with({ delta: 0.5 })`. */
  with(options: LossOptions & Partial<Own>): Loss<Own>;
}

/** Makes the function of a record. */
export function defineLoss<Own extends object>(record: LossRecord<Own>, preset: LossOptions = {}): Loss<Own> {
  const { name, defaults } = record;
  const call = (predictions: TensorLike, targets: TensorLike, given: LossOptions & Partial<Own> = {}): Tensor => {
    const options = { ...defaults, ...preset, ...withoutUndefined(given) };
    record.check?.(options);
    const output = asTensor(predictions);
    if (output.dtype !== "float32") {
      throw fault(name, "the predictions are not real numbers", { expected: "float32", got: output.dtype });
    }
    return reduce(name, record.terms(output, asTensor(targets), options), options);
  };
  const change = (options: LossOptions & Partial<Own>): Loss<Own> => {
    const { reduction = preset.reduction, sampleWeights = preset.sampleWeights, ...own } = options;
    const changed = { ...defaults, ...withoutUndefined(own) } as Required<Own>;
    record.check?.(changed);
    return defineLoss({ ...record, defaults: changed }, withoutUndefined({ reduction, sampleWeights }));
  };
  const { name: _, ...fields } = record;
  return Object.assign(Object.defineProperty(call, "name", { value: name }), fields, { with: change }) as Loss<Own>;
}

const withoutUndefined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

function reduce(name: string, terms: Tensor, { reduction = "mean", sampleWeights }: LossOptions): Tensor {
  if (reduction !== "mean" && reduction !== "sum" && reduction !== "none") {
    throw fault(name, "no such reduction", { expected: "mean, sum or none", got: String(reduction) });
  }
  const weights = sampleWeights === undefined ? null : alignWeights(name, asTensor(sampleWeights), terms.shape);
  const weighted = weights === null ? terms : mul(terms, broadcastTo(weights.aligned, terms.shape));
  if (reduction === "none") return weighted;
  const total = sum(weighted);
  if (reduction === "sum") return total;
  if (terms.size === 0) {
    throw fault(name, "there are no samples to average", {
      got: formatShape(terms.shape),
      fix: 'reduction: "sum" is 0 for none',
    });
  }
  if (weights === null) return mul(total, 1 / terms.size);
  const share = sum(weights.own);
  const nothing = equal(share, 0);
  return where(nothing, 0, div(mul(total, sizeOf(weights.own.shape) / terms.size), where(nothing, 1, share)));
}

/** Weights with axes of size 1 for those axes of the terms that they do not have. */
function alignWeights(name: string, weights: Tensor, terms: Shape): { own: Tensor; aligned: Tensor } {
  const own = cast(weights, "float32");
  if (own.rank <= terms.length && sameShape(own.shape, terms.slice(0, own.rank))) {
    return { own, aligned: reshape(own, [...own.shape, ...terms.slice(own.rank).map(() => 1)]) };
  }
  throw fault(name, "the sample weights do not fit", {
    expected: `leading axes of ${formatShape(terms)}`,
    got: formatShape(own.shape),
  });
}

/** Targets shaped like the predictions, as real numbers. */
export function sameAsPredictions(name: string, predictions: Tensor, targets: Tensor): Tensor {
  const values = cast(targets, "float32");
  if (values.rank === 0) return broadcastTo(values, predictions.shape);
  if (sameShape(values.shape, predictions.shape)) return values;
  const missing = sameShape([...values.shape, 1], predictions.shape);
  const classes = predictions.shape[predictions.rank - 1];
  const labels = targets.dtype !== "float32" && sameShape([...values.shape, classes], predictions.shape);
  throw fault(name, "the targets are not shaped like the predictions", {
    expected: formatShape(predictions.shape),
    got: formatShape(values.shape),
    ...(labels && { fix: `for classes use softmaxCrossEntropy, or targets oneHot(labels, ${classes})` }),
    ...(missing && { fix: `reshape(predictions, [${values.shape.join(", ")}])` }),
  });
}

/** Whether the targets are whole-number labels; a fault when they fit neither as labels nor as `otherwise`. */
export function areLabels(name: string, predictions: Tensor, targets: Tensor, otherwise: string): boolean {
  if (predictions.rank === 0) throw fault(name, "the predictions have no class axis", { expected: "(… classes)", got: "()" });
  const samples = predictions.shape.slice(0, -1);
  const whole = targets.dtype === "int32" || targets.dtype === "uint32";
  if (whole && sameShape(targets.shape, samples)) return true;
  if (!whole && sameShape(targets.shape, predictions.shape)) return false;
  const untyped = !whole && sameShape(targets.shape, samples);
  throw fault(name, `the targets fit neither as labels nor as ${otherwise}`, {
    expected: `int32 ${formatShape(samples)} or float32 ${formatShape(predictions.shape)}`,
    got: `${targets.dtype} ${formatShape(targets.shape)}`,
    ...(untyped && { fix: 'cast(labels, "int32"), or make them from an Int32Array' }),
  });
}

/** An option that must be a number in a range. */
export function requireOption(name: string, option: string, value: number, holds: boolean, expected: string): void {
  if (!holds || !Number.isFinite(value)) throw fault(name, `${option} is out of range`, { expected, got: String(value) });
}
