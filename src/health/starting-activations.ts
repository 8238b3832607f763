import type { Tensor } from "../ir/tensor.js";
import { context, initialise } from "../nn/index.js";
import { tensor } from "../ops/index.js";
import { fold, key } from "../random/counter.js";
import { defaultRuntime, evaluate } from "../run/compile.js";
import type { Runtime } from "../run/runtime.js";
import { buildModel, type Plan, type PlanData, prepareData } from "./plan/index.js";
import { measurables } from "./probes/measured.js";

/** How the outputs of a layer's activation are spread. */
export interface ActivationHistogram {
  readonly layer: string;
  readonly low: number;
  readonly high: number;
  /** Share of the outputs in each of equally wide bins from low to high. */
  readonly shares: readonly number[];
  /** Share that is not finite, and lies in no bin. */
  readonly lost: number;
}

const SAMPLES = 256;
const BINS = 30;

/** The outputs of every hidden layer before the first step of the training with this seed, on the first samples of its data. */
export async function startingActivations(
  plan: Plan,
  given: PlanData,
  { seed = 0, runtime = defaultRuntime() }: { seed?: number; runtime?: Runtime } = {},
): Promise<ActivationHistogram[]> {
  const { features } = prepareData(plan, given).train.take(SAMPLES).gather();
  const model = buildModel(plan);
  const hidden = measurables(model, plan.input, features.dtype).filter(({ layer }) => !layer.head);
  const seen = new Map<string, Tensor>();
  const probe = (path: string, value: Tensor): void => void seen.set(path, value);
  // As in training: norms by the batch, not by statistics that nobody has gathered yet.
  const inside = context({ mode: "train", key: key(seed), probe });
  model.apply(initialise(model, fold(key(seed), 0)), tensor(features.data, { shape: features.shape, dtype: features.dtype }), inside); // biome-ignore format: one line
  const shown = hidden.flatMap(({ layer, places }) => {
    const output = seen.get(places.after);
    return output === undefined ? [] : [{ layer: layer.path, output }];
  });
  const outputs = await evaluate(shown.map(({ output }) => output), { runtime }); // biome-ignore format: one line
  return outputs.map(({ primitive: { meaning }, params }, i) =>
    histogramOf(shown[i].layer, meaning.kind === "stored" ? meaning.data(params) : []),
  );
}

function histogramOf(layer: string, values: ArrayLike<number>): ActivationHistogram {
  const finite = Array.from(values).filter(Number.isFinite);
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const counts = new Array<number>(BINS).fill(0);
  for (const value of finite) counts[Math.min(BINS - 1, Math.floor((BINS * (value - low)) / (high - low || 1)))]++;
  const shares = counts.map((count) => count / values.length);
  return finite.length === 0
    ? { layer, low: 0, high: 0, shares: [], lost: 1 }
    : { layer, low, high, shares, lost: 1 - finite.length / values.length };
}
