import { mul, onnxRuntime, type Precision, type Runtime, reshape, slice, type Tensor, tensor, vjp } from "softgrad";
import { type Activation, findActivation } from "softgrad/activations";
import { lower, simplify } from "../../src/lower/index.js";
import { parameter } from "../../src/ops/create.js";

const SIDE = 1024;

export interface Passes {
  /** One forward and backward pass: value and gradient are written, as in PyTorch. */
  run(): Promise<void>;
  /** Operators of the compiled graph. */
  readonly operators: number;
}

function graphOf(activation: Activation, shape: readonly number[]) {
  const x = parameter(shape, "float32");
  const cotangent = parameter(shape, "float32");
  const { value, pullback } = vjp((input: Tensor) => activation(input), x);
  const [gradient] = pullback(cotangent);
  return { x, cotangent, value, gradient };
}

/** The activation with the parameters that PyTorch's function of that name has by default. */
export const find = (name: string): Activation | null => findActivation(name);

/** Values stay with the runtime, so that the passes are timed and not the copies to JavaScript. */
export async function passes(activation: Activation, runtime: Runtime, precision: Precision = "default"): Promise<Passes> {
  const shape = [SIDE, SIDE];
  const { x, cotangent, value, gradient } = graphOf(activation, shape);
  // The first result of a call is copied out: let it be one number.
  const probe = reshape(slice(gradient, [0, 1], [0, 1]), [1]);
  const graph = { parameters: [x, cotangent], outputs: [probe, value, gradient] };
  const loaded = await runtime.load(graph, { inputs: [0, 1], outputs: [null, 2, 3], precision });
  const slot = (make: (i: number) => number) => ({
    dtype: "float32" as const,
    shape,
    data: Float32Array.from({ length: SIDE * SIDE }, (_, i) => make(i)),
  });
  const state = await runtime.createState([slot(normal), slot((i) => normal(i + 0.5)), slot(() => 0), slot(() => 0)]);
  return {
    run: async () => void (await loaded.run([], state)),
    operators: lower(simplify(graph), { precision }).nodes.length - 2,
  };
}

/** A fixed spread of numbers like a standard normal sample. */
function normal(i: number): number {
  const u = (i * 0.6180339887498949) % 1;
  const v = (i * 0.7548776662466927) % 1;
  return Math.sqrt(-2 * Math.log(u + 1e-9)) * Math.cos(2 * Math.PI * v);
}

/** Value and slope at points, to see that both sides compute the same. */
export async function at(activation: Activation, points: readonly number[]): Promise<{ value: number[]; slope: number[] }> {
  const runtime = onnxRuntime({ worker: false });
  const x = tensor([...points]);
  const { value, pullback } = vjp((input: Tensor) => activation(input), x);
  const [slope] = pullback(mul(x, 0).add(1));
  const answer = { value: [...(await value.data({ runtime }))], slope: [...(await slope.data({ runtime }))] };
  await runtime.close();
  return answer;
}
