/** What the lessons of this folder measure: the signal on its way forward and back, layer by layer. */
import {
  abs,
  add,
  compile,
  div,
  isTensor,
  max,
  maximum,
  mean,
  mul,
  nn,
  random,
  sqrt,
  square,
  stack,
  sum,
  type Tensor,
  valueAndGradWithAux,
  zeros,
} from "softgrad";

/** One number for each linear layer, the first layer first. z is what it hands to its activation. */
export interface Signals {
  readonly loss: number;
  /** Root mean square of z. */
  readonly size: readonly number[];
  /** ‖∂L/∂z‖ over the whole batch: the gradient that arrives at the layer. */
  readonly arrives: readonly number[];
  /** ‖∂L/∂W‖: the gradient of its weights. */
  readonly weights: readonly number[];
}

export type Loss = (predictions: Tensor, targets: Tensor) => Tensor;

/** A function that measures a model with any parameters on any batch, in training mode. */
export function signalsOf<P>(model: nn.Layer<P>, loss: Loss): (parameters: P, x: Tensor, y: Tensor) => Promise<Signals> {
  const places = linearLayers(model).map((path) => `${path}.output`);
  const measured = compile((parameters: P, x: Tensor, y: Tensor) => {
    /** The model with a tensor added to every z: the gradient with respect to it is ∂L/∂z. */
    const run = (added: readonly Tensor[] | null, values: P) => {
      const zs: Tensor[] = [];
      const probe = (path: string, z: Tensor) => {
        const i = places.indexOf(path);
        if (i < 0) return z;
        zs[i] = z;
        return added === null ? z : add(z, added[i]);
      };
      const output = model.apply(values, x, nn.context({ mode: "train", key: random.key(5), probe }));
      return { value: loss(output, y), aux: zs };
    };
    const added = run(null, parameters).aux.map(({ shape }) => zeros(shape));
    const { value, aux, gradient } = valueAndGradWithAux((at: { added: Tensor[]; parameters: P }) =>
      run(at.added, at.parameters),
    )({
      added,
      parameters,
    });
    return {
      loss: value,
      size: stack(aux.map((z) => sqrt(mean(square(z))))),
      arrives: stack(gradient.added.map(norm)),
      weights: stack(weightsOf(gradient.parameters).map(norm)),
    };
  });
  return async (parameters, x, y) => {
    const found = await measured(parameters, x, y);
    const list = async (values: Tensor) => (await values.value()) as number[];
    return {
      loss: (await found.loss.value()) as number,
      size: await list(found.size),
      arrives: await list(found.arrives),
      weights: await list(found.weights),
    };
  };
}

/** Of numbers divided by the largest: the square of 1e−25 is 0 in float32. */
const norm = (x: Tensor): Tensor => {
  const largest = maximum(max(abs(x)), 1e-38);
  return mul(largest, sqrt(sum(square(div(x, largest)))));
};

/** Paths of the linear layers, in the order in which the signal meets them. */
const linearLayers = (model: nn.Layer, path: readonly string[] = []): string[] =>
  model.name === "linear" ? [path.join(".")] : model.children.flatMap(([name, part]) => linearLayers(part, [...path, name]));

/** The weights of linear layers in a tree of parameters: its matrices. */
const weightsOf = (tree: unknown): Tensor[] => tensorsOf(tree).filter(({ rank }) => rank === 2);

/** All tensors of a tree. */
export function tensorsOf(tree: unknown): Tensor[] {
  if (isTensor(tree)) return [tree];
  return typeof tree === "object" && tree !== null ? Object.values(tree).flatMap(tensorsOf) : [];
}
