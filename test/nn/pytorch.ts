import assert from "node:assert/strict";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { type Layer, mapParameters } from "../../src/nn/index.js";
import { add, mul, sum, tensor } from "../../src/ops/index.js";
import { compile } from "../../src/run/compile.js";
import { interpret } from "../../src/run/interpret.js";
import type { Runtime } from "../../src/run/runtime.js";
import { numbersOf, type StoredTensor, tensorOf } from "../golden/golden.js";

type Named<T> = Readonly<Record<string, T>>;

/** One call of a PyTorch module: what went in, what came out, and the gradients of a weighted sum of what came out. */
export interface TorchCase {
  readonly name: string;
  readonly inputs: Named<StoredTensor>;
  readonly parameters: Named<StoredTensor>;
  readonly outputs: readonly StoredTensor[];
  readonly weights: readonly StoredTensor[];
  readonly inputGradients: Named<StoredTensor>;
  readonly gradients: Named<StoredTensor>;
}

/** What is compared: a function of parameters by name and inputs by name. */
export type Compared = (parameters: Named<Tensor>, inputs: Named<Tensor>) => readonly Tensor[];

/** A layer's parameter tree from tensors by name; the names must be those of the layer, all of them. */
export function treeOf<P>(model: Layer<P>, named: Named<Tensor>): P {
  const used = new Set<string>();
  const tree = mapParameters(model, ({ path }) => {
    assert.ok(path in named, `PyTorch has no ${path}; it has ${Object.keys(named).join(", ")}`);
    used.add(path);
    return named[path];
  });
  assert.deepEqual(Object.keys(named).filter((name) => !used.has(name)), []); // biome-ignore format: one line
  return tree as P;
}

/** Outputs and all gradients are PyTorch's: to float64 rounding in the interpreter, to float32 rounding in ONNX Runtime. */
export async function assertLikeTorch(golden: TorchCase, f: Compared, runtime?: Runtime): Promise<void> {
  const floating = Object.keys(golden.inputGradients);
  const exact = (stored: Named<StoredTensor>): Record<string, Tensor> =>
    Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, tensorOf(value)]));
  const [parameters, inputs] = [exact(golden.parameters), exact(golden.inputs)];
  const whole = Object.fromEntries(Object.entries(inputs).filter(([name]) => !floating.includes(name)));
  const real = Object.fromEntries(Object.entries(inputs).filter(([name]) => floating.includes(name)));
  const weights = golden.weights.map(tensorOf);
  const all = (own: Named<Tensor>, given: Named<Tensor>) => {
    const total = (p: Named<Tensor>, x: Named<Tensor>): Tensor =>
      f(p, { ...whole, ...x }).reduce<Tensor>((left, output, i) => add(left, sum(mul(output, weights[i]))), tensor(0));
    return {
      outputs: f(own, { ...whole, ...given }),
      gradients: grad(total)(own, given),
      inputGradients: floating.length === 0 ? {} : grad(total, { argument: 1 })(own, given),
    };
  };
  const values = (result: ReturnType<typeof all>): Float64Array[] => {
    const { outputs, gradients, inputGradients } = result;
    const named = [...Object.keys(golden.gradients).map((name) => gradients[name]), ...floating.map((name) => inputGradients[name])]; // biome-ignore format: one line
    outputs.forEach((output, i) => assert.deepEqual(output.shape, golden.outputs[i].shape, `shape of output ${i}`));
    return interpret([...outputs, ...named]).map((data) => Float64Array.from(data));
  };
  const expected = [
    ...golden.outputs,
    ...Object.values(golden.gradients),
    ...floating.map((name) => golden.inputGradients[name]),
  ];
  const labels = [...golden.outputs.map((_, i) => `output ${i}`), ...Object.keys(golden.gradients), ...floating].map((name, i) => i < golden.outputs.length ? name : `gradient of ${name}`); // biome-ignore format: one line
  const compare = (got: readonly Float64Array[], tolerance: number, how: string): void =>
    expected.forEach((stored, i) => assertNear(got[i], numbersOf(stored.data), tolerance, `${how}, ${labels[i]}`));
  compare(values(all(parameters, real)), 1e-12, "float64");
  const single = (named: Named<Tensor>): Named<Tensor> =>
    Object.fromEntries(Object.entries(named).map(([name, value]) => [name, tensor(Float32Array.from(interpret([value])[0]), { shape: value.shape })])); // biome-ignore format: one line
  const compiled = compile(all, runtime === undefined ? {} : { runtime });
  compare(values(await compiled(single(parameters), single(real))), 2e-6, "float32");
}

/** Off by a share of the largest element: that is the size at which terms are added. */
function assertNear(got: Float64Array, expected: Float64Array, tolerance: number, what: string): void {
  assert.equal(got.length, expected.length, what);
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  expected.forEach((should, i) =>
    assert.ok(Math.abs(got[i] - should) <= tolerance * scale, `${what}[${i}]: ${got[i]}, not ${should}`),
  );
}
