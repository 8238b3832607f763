import { grad, jvp, valueAndGrad } from "../../diff/index.js";
import type { TypedArray } from "../../ir/dtype.js";
import type { Tensor } from "../../ir/tensor.js";
import type { Layer } from "../../nn/layer.js";
import { parameter } from "../../ops/create.js";
import { add, mul, sum, tensor } from "../../ops/index.js";
import { compile } from "../../run/compile.js";
import type { Trainer, TrainingBatch } from "../../train/index.js";
import type { FirstNonFinite, Probes } from "../diagnosis.js";
import type { ModeLosses } from "../history.js";
import { firstNonFinite, type LayerOutput } from "./first-non-finite.js";
import { type LossGraph, lossGraph } from "./loss-graph.js";

/** A batch on which something is tried: nothing of the trainer changes. */
export interface Trial {
  readonly trainer: Trainer;
  readonly batch: TrainingBatch;
}

const graphOf = async ({ trainer }: Trial): Promise<LossGraph> =>
  lossGraph(trainer.model as Layer, trainer.loss, await trainer.parameters());

const tensorsOf = ({ inputs, targets }: TrainingBatch): [inputs: Tensor, targets: Tensor] => [
  tensor(inputs.data as TypedArray, inputs),
  tensor(targets.data as TypedArray, targets),
];

/** The mean loss of some batches as the model learns and as it is used. Nothing is written to running statistics. */
export async function compareModes(trainer: Trainer, batches: readonly TrainingBatch[]): Promise<ModeLosses> {
  const { trained, loss } = lossGraph(trainer.model as Layer, trainer.loss, await trainer.parameters());
  const losses = { train: 0, evaluation: 0 };
  for (const mode of ["train", "eval"] as const) {
    const measure = compile((weights: readonly Tensor[], x: Tensor, y: Tensor) => loss(weights, x, y, { mode }));
    for (const batch of batches) {
      losses[mode === "train" ? "train" : "evaluation"] += numberIn(await measure(trained, ...tensorsOf(batch))) / batches.length;
    }
  }
  return { step: trainer.progress.steps, ...losses };
}

/**
 * λ = ⟨g, Hg⟩ ÷ ‖g‖² of one batch's loss: the curvature along the gradient g. Plain descent with a learning rate above 2/λ overshoots
 * so far that the loss rises. 0 where the gradient is 0.
 */
export async function curvatureAlongGradient(trial: Trial): Promise<NonNullable<Probes["curvature"]>> {
  const { trained, loss } = await graphOf(trial);
  const [inputs, targets] = tensorsOf(trial.batch);
  const measure = compile((weights: readonly Tensor[], x: Tensor, y: Tensor) => {
    const slope = grad((at: readonly Tensor[]) => loss(at, x, y));
    const gradient = slope(weights);
    const { tangent } = jvp(slope, [weights], [gradient]);
    return [inner(gradient, tangent), inner(gradient, gradient)];
  });
  const [bent, square] = await measure(trained, inputs, targets);
  const [along, length] = [numberIn(bent), numberIn(square)];
  return { step: trial.trainer.progress.steps, value: length > 0 ? along / length : 0 };
}

/** Where numbers stop being finite in one batch's loss or its gradient: each operation is replayed alone. Clear, not fast. */
export async function replayForNonFinite(trial: Trial): Promise<FirstNonFinite | null> {
  const { trained, loss } = await graphOf(trial);
  const { inputs, targets } = trial.batch;
  const layers: LayerOutput[] = [];
  const [x, y] = [parameter(inputs.shape, inputs.dtype), parameter(targets.shape, targets.dtype)];
  const probe = (path: string, value: Tensor): void => {
    if (path.endsWith(".output")) layers.push({ path: path.slice(0, -".output".length), value });
  };
  const { value, gradient } = valueAndGrad((weights: readonly Tensor[]) => loss(weights, x, y, { probe }))(trained);
  const feeds = new Map<Tensor, TypedArray>([
    [x, inputs.data as TypedArray],
    [y, targets.data as TypedArray],
  ]);
  return firstNonFinite([value, ...gradient], feeds, layers);
}

const inner = (a: readonly Tensor[], b: readonly Tensor[]): Tensor =>
  a.map((part, i) => sum(mul(part, b[i]))).reduce((x, y) => add(x, y));

/** The one number that a compiled function returned. */
const numberIn = ({ primitive: { meaning }, params }: Tensor): number =>
  meaning.kind === "stored" ? Number(meaning.data(params)[0]) : Number.NaN;
