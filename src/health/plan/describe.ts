import { findActivation } from "../../activations/index.js";
import { valueIfKnown } from "../../activations/measure/report.js";
import type { DType } from "../../ir/dtype.js";
import type { Tensor } from "../../ir/tensor.js";
import { flattenTree } from "../../ir/tree.js";
import { context, initialise, type Layer, parametersOf } from "../../nn/index.js";
import { isTensor } from "../../ops/index.js";
import { fold, key } from "../../random/counter.js";
import type { MeasuredLayer } from "../history.js";
import { measuredLayers } from "../probes/measured.js";
import type { Subject, SubjectLayer } from "../subject.js";
import {
  type ActivationTheory,
  bestFactor,
  type PredictedLayer,
  predictStart,
  type StartingLayer,
  theoryOf,
} from "../theory/index.js";
import { planActivation } from "./activations.js";
import { buildModel } from "./build.js";
import { type PlanData, prepareData, targetColumn } from "./data.js";
import { planLoss } from "./losses.js";
import type { Plan } from "./plan.js";
import { summarise } from "./summary.js";

/** What is known of a plan's training before it begins. Its weights are those that `runPlan` starts from with the same seed. */
export function describeSubject(plan: Plan, given: PlanData, { seed = 0 }: { seed?: number } = {}): Subject {
  const { train } = prepareData(plan, given);
  const loss = planLoss(plan.loss, plan.task);
  const { name, learningRate, clipNorm = null, ...others } = plan.optimizer;
  const target = targetColumn(plan);
  const { units, activation } = plan.head;
  const data = summarise(train, {
    target,
    decisions: plan.task === "binary",
    classes: units,
    batchSize: plan.batchSize,
    constantLoss: loss.constantLoss,
  });
  const residual = residualOf(plan);
  return {
    layers: describeModel(buildModel(plan), plan.input, { seed, dtype: train.columns.features.dtype, inputPower: powerOf(data) }),
    head: { activation: planActivation(activation)?.record.name ?? "none", units },
    loss: { name: plan.loss, predictions: loss.predictions },
    optimizer: { name, learningRate, clipNorm, ...others },
    residual,
    batchSize: Math.min(plan.batchSize, train.length),
    data,
  };
}

function residualOf({ blocks }: Plan): NonNullable<Subject["residual"]> {
  if (blocks.some((block) => block.kind === "transformer" && block.norm === "post")) return "normBehind";
  const past = blocks.some((block) => block.kind === "transformer" || ("residual" in block && block.residual));
  return past ? "plain" : "none";
}

/** Second moment of the samples' numbers; 1 of positions in a table, whose rows start so. */
export function powerOf({ features }: Subject["data"]): number {
  if (features.length === 0) return 1;
  return features.reduce((sum, { mean, deviation }) => sum + mean ** 2 + deviation ** 2, 0) / features.length;
}

export interface ModelDescription {
  /** Seed of the trainer that is to train it. Default 0. */
  readonly seed?: number;
  /** The weights it starts from, by name, where they are known. Default those that the seed draws. */
  readonly weights?: ReadonlyMap<string, ArrayLike<number>>;
  /** Of the inputs. Default float32. */
  readonly dtype?: DType;
  /** Mean square of the inputs. Default 1. */
  readonly inputPower?: number;
}

/** The measured layers of a model with how their weights start, and what theory expects of them. */
export function describeModel(model: Layer, sample: readonly number[], options: ModelDescription = {}): SubjectLayer[] {
  const { seed = 0, dtype = "float32", inputPower = 1 } = options;
  const layers = measuredLayers(model, sample, { dtype });
  const starts = options.weights ?? startingWeights(model, seed);
  const theories = activationTheories(model, layers);
  const spreads = layers.map(({ weight }) => spreadOf(starts.get(weight.name) ?? [], weight.fanIn));
  const factors = expectedFactors(model, layers, { spreads, theories, inputPower });
  return layers.map((layer, i) => ({
    ...layer,
    spread: spreads[i],
    neededSpread: neededSpread(layer, theories[i]),
    alike: unitsAlike(starts.get(layer.weight.name) ?? [], layer.weight.shape),
    expectedFactor: factors[i]?.factor ?? null,
    bestFactor: theories[i] === null ? null : bestFactor(theories[i]),
  }));
}

/** The weights that a trainer with this seed starts from, by name. */
function startingWeights(model: Layer, seed: number): Map<string, ArrayLike<number>> {
  const { leaves } = flattenTree(initialise(model, fold(key(seed), 0)), isTensor, model.name);
  const values = leaves.map(({ primitive: { meaning }, params }) => (meaning.kind === "stored" ? meaning.data(params) : []));
  return new Map(parametersOf(model).map(({ path }, i) => [path, values[i]]));
}

/** sd(W) · √fanIn. */
function spreadOf(weights: ArrayLike<number>, fanIn: number): number {
  const values = Array.from(weights);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt((values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) * fanIn);
}

/** Whether two units start with the same weights: columns of a matrix, slices along the first axis of a kernel. */
function unitsAlike(weights: ArrayLike<number>, shape: readonly number[]): boolean {
  const kernel = shape.length > 2;
  const units = kernel ? shape[0] : shape[shape.length - 1];
  const inputs = weights.length / units;
  const at = (unit: number, i: number): number => weights[kernel ? unit * inputs + i : i * units + unit];
  const seen = new Set<string>();
  for (let unit = 0; unit < units; unit++) seen.add(Array.from({ length: inputs }, (_, i) => at(unit, i)).join());
  return seen.size < units;
}

/** Of every layer's activation what theory knows; null where it has none. */
function activationTheories(model: Layer, layers: readonly MeasuredLayer[]): (ActivationTheory | null)[] {
  const known = new Map<string, ActivationTheory>();
  return layers.map(({ activation }) => {
    if (activation === null) return null;
    const stage = partAt(model, activation.path);
    if (stage === null || parametersOf(stage).length > 0 || stage.children.length > 0 || stage.role !== "activation") return null;
    const theory = known.get(stage.title) ?? theoryOf(functionOf(stage));
    known.set(stage.title, theory);
    return theory;
  });
}

/** A layer without parameters as a function: the catalogue's where it is one, whose facts are known. */
function functionOf(stage: Layer): Parameters<typeof theoryOf>[0] {
  const listed = findActivation(stage.name);
  return listed !== null && listed.record.title === stage.title ? listed : (x: Tensor) => stage.apply({}, x, context());
}

/** The part of a model at a path; null where there is none. */
export function partAt(model: Layer, path: string): Layer | null {
  if (path === "") return model;
  for (const [name, part] of model.children) {
    if (path === name) return part;
    if (path.startsWith(`${name}.`)) return partAt(part, path.slice(name.length + 1));
  }
  return null;
}

/** The gain of what follows; behind a norm any spread will do, and the last layer decides nothing. */
function neededSpread(
  { norm, head, path, units, weight, activation }: MeasuredLayer,
  theory: ActivationTheory | null,
): number | null {
  if (norm !== null || head) return null;
  // Gates of a layer's own, several to a unit, are as good as linear where they start.
  const gated = activation?.path === path && weight.shape[weight.shape.length - 1] > units;
  if (activation === null || gated) return 1;
  return theory === null ? null : valueIfKnown(theory.gain);
}

const chained: readonly string[] = ["linear", "conv2d"];

interface Starts {
  readonly spreads: readonly number[];
  readonly theories: readonly (ActivationTheory | null)[];
  readonly inputPower: number;
}

/** What theory expects of the layers up to the first that it does not describe: recurrences, attention, branches of several layers. */
function expectedFactors(
  model: Layer,
  layers: readonly MeasuredLayer[],
  { spreads, theories, inputPower }: Starts,
): readonly PredictedLayer[] {
  const past = layers.map((layer) => isWholeBranch(model, layer, layers));
  const plain = ({ kind, path, activation }: MeasuredLayer, i: number): boolean =>
    chained.includes(kind) &&
    (!path.includes(".") || past[i]) &&
    (activation === null || theories[i] !== null) &&
    Number.isFinite(spreads[i]);
  const end = layers.findIndex((layer, i) => !plain(layer, i));
  const chain = layers.slice(0, end < 0 ? layers.length : end).map(
    ({ norm }, i): StartingLayer => ({
      spread: spreads[i],
      activation: theories[i],
      norm: norm === null ? "none" : norm === "batchNorm" ? "batch" : "layer",
      residual: past[i],
    }),
  );
  for (let length = chain.length; length > 0; length--) {
    const predicted = valueIfKnown(predictStart(chain.slice(0, length), inputPower));
    if (predicted !== null) return predicted.layers;
  }
  return [];
}

/** Whether a layer, with its norm and activation, is all of a branch around which its input goes, and only layers with weights follow. */
function isWholeBranch({ children }: Layer, { path }: MeasuredLayer, layers: readonly MeasuredLayer[]): boolean {
  const place = children.findIndex(([name]) => path.startsWith(`${name}.`));
  if (place < 0) return false;
  const [name, part] = children[place];
  const next = children[place + 1]?.[1];
  const first = part.children.flatMap(([inside]) => [`${name}.${inside}`, `${name}.${inside}.0`]);
  const alone = layers.filter((other) => other.path.startsWith(`${name}.`)).length === 1;
  const weighted = next === undefined || next.role === "sum" || (next.role === undefined && parametersOf(next).length > 0);
  return part.role === "sum" && part.children.length === 1 && alone && first.includes(path) && weighted;
}

/** Whether inputs of parts are added to their outputs anywhere in a model, and whether a norm stands behind such a sum. */
export function residualIn({ role, children }: Layer): NonNullable<Subject["residual"]> {
  const inside = children.map(([, part]) => residualIn(part));
  const normed = children.some(([, part], i) => part.role === "sum" && children[i + 1]?.[1].role === "norm");
  if (role === "normedSum" || normed || inside.includes("normBehind")) return "normBehind";
  return role === "sum" || inside.includes("plain") ? "plain" : "none";
}
