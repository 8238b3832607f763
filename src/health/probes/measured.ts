import type { DType } from "../../ir/dtype.js";
import { topologicalOrder } from "../../ir/order.js";
import { type Shape, sameShape, sizeOf } from "../../ir/shape.js";
import type { Tensor } from "../../ir/tensor.js";
import { context, joinPath } from "../../nn/context.js";
import { type Layer, mapParameters, type NamedParameter, parametersOf } from "../../nn/layer.js";
import { parameter } from "../../ops/create.js";
import type { MeasuredLayer } from "../history.js";

/** Where the numbers of a measured layer are seen: names under which parts show their values to a context's probe. */
export interface Places {
  /** z, the pre-activation. */
  readonly before: string;
  /** h, the output of the activation; the same as z where there is none. */
  readonly after: string;
  /** φ′ over its steepest, where a layer with its own loop shows it; otherwise φ′(z) follows from z and h. */
  readonly slope: string | null;
  /** Zeros that stand for the hidden states of a loop over time. */
  readonly state: string | null;
}

/** A measured layer with what is needed to measure it. */
export interface Measurable {
  readonly layer: MeasuredLayer;
  readonly places: Places;
  /** Whether h is made of z number by number, by a function that has a slope. */
  readonly pointwise: boolean;
  /** Axis of z and h along which units lie, and axis of the batch. */
  readonly unitAxis: number;
  readonly batchAxis: number;
  /** The layer of the activation, to find out its steepest slope. */
  readonly activation: Layer | null;
}

/** The layers of a model that gradient health measures, in the order of the forward pass, for samples of the given shape. */
export function measuredLayers(model: Layer, sample: Shape, { dtype = "float32" }: { dtype?: DType } = {}): MeasuredLayer[] {
  return measurables(model, sample, dtype).map(({ layer }) => layer);
}

/** The same with where and how they are measured. */
export function measurables(model: Layer, sample: Shape, dtype: DType = "float32"): Measurable[] {
  const seen = shapePass(model, sample, dtype);
  const leaves = leavesOf(model, "").filter(({ path }) => seen.has(joinPath(path, "output")));
  const order = [...seen.keys()];
  const placed = leaves
    .flatMap((leaf) => weightGroups(leaf, seen, parametersOf(model)))
    .sort((a, b) => order.indexOf(a.places.before) - order.indexOf(b.places.before));
  const steps = leaves.sort((a, b) => order.indexOf(joinPath(a.path, "output")) - order.indexOf(joinPath(b.path, "output")));
  const factors = steps.flatMap(({ path, layer }) => factorOf(path, layer, seen, order));
  const factorBehind = (place: string): number =>
    factors.reduce((product, { at, factor }) => (at > order.indexOf(place) ? product * factor : product), 1);
  return placed.map((group, i) => measurable(group, { seen, steps, last: i === placed.length - 1, factorBehind }));
}

type Seen = ReadonlyMap<string, Tensor>;

interface Leaf {
  readonly path: string;
  readonly layer: Layer;
}

/** Every value that parts show, by name, in the order in which they are made. */
function shapePass(model: Layer, sample: Shape, dtype: DType): Seen {
  const seen = new Map<string, Tensor>();
  const look = context({
    probe: (path, value) => {
      // A layer that is applied twice is measured where it is applied first.
      if (!seen.has(path)) seen.set(path, value);
    },
  });
  const parameters = mapParameters(model, ({ shape }) => parameter(shape, "float32"));
  look.probe("output", model.apply(parameters, look.probe("input", parameter([2, ...sample], dtype)), look));
  return seen;
}

/** Layers that are not made of others. */
const leavesOf = (layer: Layer, path: string): Leaf[] =>
  layer.children.length === 0
    ? [{ path, layer }]
    : layer.children.flatMap(([name, part]) => leavesOf(part, joinPath(path, name)));

interface WeightGroup extends Leaf {
  readonly name: string;
  readonly weight: NamedParameter;
  readonly places: Places;
}

/** Weights that belong together, such as those of one direction of a recurrent layer, by the largest of them. */
function weightGroups({ path, layer }: Leaf, seen: Seen, table: readonly NamedParameter[]): WeightGroup[] {
  // The model's own table says what is trained in it; layers in a frozen one do not know.
  const own = parametersOf(layer).map((spec) => ({ ...(table.find((row) => row.path === joinPath(path, spec.path)) ?? spec), path: spec.path })); // biome-ignore format: one line
  // Matrices and kernels; what does not decay is a scale or a shift, whatever its rank.
  const weights = own.filter(({ shape, decays }) => shape.length >= 2 && decays);
  const groups = new Map<string, NamedParameter>();
  for (const weight of weights) {
    const group = weight.path.includes(".") ? weight.path.slice(0, weight.path.lastIndexOf(".")) : "";
    const largest = groups.get(group);
    if (largest === undefined || sizeOf(weight.shape) > sizeOf(largest.shape)) groups.set(group, weight);
  }
  return [...groups].map(([group, weight]) => {
    const place = group === "" ? path : joinPath(path, group);
    const base = seen.has(joinPath(place, "output")) ? place : path;
    const [output, inner, slope, state] = ["output", "preactivation", "slope", "state"].map((name) => joinPath(base, name));
    const places = {
      before: seen.has(inner) ? inner : output,
      after: output,
      slope: seen.has(slope) ? slope : null,
      state: seen.has(state) ? state : null,
    };
    return { path, layer, name: place, weight, places };
  });
}

/** How far a part changes the length of gradients, with its place in the order of the forward pass. */
function factorOf(path: string, layer: Layer, seen: Seen, order: readonly string[]): { at: number; factor: number }[] {
  const [input, output] = ["input", "output"].map((name) => seen.get(joinPath(path, name))?.shape.slice(1));
  if (layer.backwardFactor === undefined || input === undefined || output === undefined) return [];
  return [{ at: order.indexOf(joinPath(path, "output")), factor: layer.backwardFactor(input, output) }];
}

interface Surroundings {
  readonly seen: Seen;
  /** Leaves in the order in which they run. */
  readonly steps: readonly Leaf[];
  readonly last: boolean;
  /** Product of the factors of all parts behind a place. */
  factorBehind(place: string): number;
}

function measurable(group: WeightGroup, { seen, steps, last, factorBehind }: Surroundings): Measurable {
  const { name, layer, weight } = group;
  const behind = group.places.before === group.places.after ? following(group, steps, seen) : null;
  const places = { ...group.places, ...(behind && { before: behind.before, after: behind.after }) };
  const [before, after] = [places.before, places.after].map((place) => seen.get(place) as Tensor);
  const activation = behind?.activation ?? null;
  const shown = places.slope === null ? null : { title: `${layer.name}'s own`, path: name };
  const unitAxis = weight.shape.length > 2 && after.rank > 2 ? 1 : after.rank - 1;
  // Within its loop a recurrent layer has time in front of the batch.
  const batchAxis = places.state === null ? 0 : 1;
  return {
    layer: {
      path: name,
      title: layer.title,
      kind: layer.name,
      weight: {
        name: joinPath(group.path, weight.path),
        shape: weight.shape,
        fanIn: weight.fanIn,
        trained: weight.trained,
      },
      size: before.size / before.shape[batchAxis],
      units: after.shape[unitAxis],
      activation: activation ? { title: activation.layer.title, path: activation.path } : shown,
      norm: behind?.norm ?? null,
      head: last,
      correction: factorBehind(places.before),
    },
    places,
    pointwise: activation !== null && isPointwise(before, after),
    unitAxis,
    batchAxis,
    activation: activation?.layer ?? null,
  };
}

interface Behind {
  readonly before: string;
  readonly after: string;
  readonly norm: string | null;
  readonly activation: Leaf | null;
}

/** Follows a layer's output through norms, and through parts such as dropout and pooling, to its activation. */
function following({ path, places }: WeightGroup, steps: readonly Leaf[], seen: Seen): Behind {
  const end = seen.get(places.after) as Tensor;
  let [now, reached, before, norm]: [Tensor, string, string, string | null] = [end, places.after, places.after, null];
  const start = steps.findIndex((step) => step.path === path);
  for (const step of steps.slice(start + 1)) {
    const [input, output] = [joinPath(step.path, "input"), joinPath(step.path, "output")];
    const after = seen.get(output) as Tensor;
    if (seen.get(input) !== now || after.rank !== end.rank) continue;
    const { role, gain, name } = step.layer;
    if (role === "activation" && sameShape(after.shape, now.shape))
      return { before: reached, after: output, norm, activation: step };
    if (role === "norm") [before, norm] = [output, name];
    else if (gain !== "same" || parametersOf(step.layer).length > 0) break;
    [now, reached] = [after, output];
  }
  return { before, after: before, norm, activation: null };
}

/** Whether every operation between the two works number by number. */
function isPointwise(before: Tensor, after: Tensor): boolean {
  const between = topologicalOrder([after], (node) => node === before);
  const dependent = new Set<Tensor>([before]);
  for (const node of between) {
    if (node === before || !node.inputs.some((input) => dependent.has(input))) continue;
    dependent.add(node);
    // A call with a derivative of its own stands for its value, which is looked at too.
    const { batching, meaning } = node.primitive;
    if (batching.kind !== "pointwise" && meaning.kind !== "expand") return false;
  }
  return true;
}
