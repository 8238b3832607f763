import type { Columns } from "../data/columns.js";
import type { Dataset } from "../data/index.js";
import type { DType, TypedArray } from "../ir/dtype.js";
import type { Shape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { flattenTree } from "../ir/tree.js";
import { parametersOf } from "../nn/index.js";
import type { LossFunction } from "../nn/losses/loss.js";
import { isTensor } from "../ops/index.js";
import { learningRateAt } from "../optim/optimizer.js";
import type { Trainer, TrainingPlan } from "../train/index.js";
import { describeModel, partAt, powerOf, residualIn } from "./plan/describe.js";
import { type PlanLoss, planLoss, planLossNames } from "./plan/losses.js";
import { summarise } from "./plan/summary.js";
import type { DataSummary, Subject } from "./subject.js";

/** A training before its first step. */
export interface Start {
  readonly trainer: Trainer;
  readonly plan: TrainingPlan;
  /** The parameters that it starts from, by name. */
  readonly weights: ReadonlyMap<string, ArrayLike<number>>;
}

/** Keeps what will have changed when a training is to be described. */
export async function startOf(trainer: Trainer, plan: TrainingPlan): Promise<Start> {
  const { leaves } = flattenTree(await trainer.parameters(), isTensor, "parameters");
  const names = parametersOf(trainer.model).map(({ path }) => path);
  return { trainer, plan, weights: new Map(names.map((name, i) => [name, storedIn(leaves[i])])) };
}

function storedIn({ primitive: { meaning }, params }: Tensor): TypedArray {
  return meaning.kind === "stored" ? meaning.data(params) : new Float32Array(0);
}

/** Points of the training at which the learning rate is looked at, for the largest. */
const RATES = 21;

/** What is known of a training from its trainer, and from its data where they are a data set. */
export function describeTraining(start: Start, { shape, dtype }: { shape: Shape; dtype: DType }): Subject {
  const { trainer, plan, weights } = start;
  const { model, loss, optimizer } = trainer;
  const known = planLossNames.includes(loss.name) ? planLoss(loss.name) : null;
  const data = summaryOf(start, known, shape[0]);
  const layers = describeModel(model, shape.slice(1), { weights, dtype, inputPower: powerOf(data) });
  const head = layers[layers.length - 1];
  const { momentum, epsilon } = optimizer.options as { momentum?: number; epsilon?: number };
  const rates = Array.from({ length: RATES }, (_, i) => learningRateAt(optimizer, Math.floor(((plan.steps ?? 1) * i) / RATES)));
  return {
    layers,
    head: { activation: (head.activation && partAt(model, head.activation.path)?.name) ?? "none", units: head.units },
    loss: { name: loss.name, predictions: known?.predictions ?? (loss as Partial<LossFunction>).predictions ?? "values" },
    optimizer: {
      name: optimizer.name,
      learningRate: Math.max(...rates),
      clipNorm: optimizer.clipNorm ?? null,
      ...(momentum !== undefined && { momentum }),
      ...(epsilon !== undefined && { epsilon }),
      weightDecay: optimizer.weightDecay,
    },
    residual: residualIn(model),
    batchSize: shape[0],
    data,
  };
}

/** Of data that are not at hand as a whole nothing is said. */
const unknownData: DataSummary = {
  samples: 0,
  features: [],
  nonFinite: 0,
  targets: { kind: "numbers", mean: 0, deviation: 1, least: 0, greatest: 0, whole: false, counts: [] },
  constantLoss: null,
};

function summaryOf({ plan, trainer }: Start, known: PlanLoss | null, batchSize: number): DataSummary {
  const { data, inputs = "features" } = plan;
  if (data === undefined || !("columns" in data)) return unknownData;
  const { columns, length } = data as Dataset<Columns>;
  const target = plan.targets ?? ("labels" in columns ? "labels" : "targets");
  const [features, targets] = [columns[inputs], columns[target]];
  if (features === undefined || targets === undefined) return unknownData;
  const labels = (trainer.loss.targets?.includes("labels") ?? false) && targets.dtype !== "float32";
  const classes = labels ? Math.max(...targets.data) + 1 : 0;
  const name = labels ? "labels" : "targets";
  const view = { columns: { features, [name]: targets }, length } as unknown as Dataset<Columns>;
  return summarise(view, {
    target: name,
    decisions: !labels && (trainer.loss.targets?.includes("probabilities") ?? false),
    classes,
    batchSize,
    constantLoss: (numbers) => known?.constantLoss(numbers) ?? null,
  });
}
