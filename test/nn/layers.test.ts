import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { elu, gelu, leakyRelu, silu, softmax } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import {
  context,
  embedding,
  flatten,
  type Layer,
  linear,
  mapParameters,
  parametersOf,
  residual,
  sequential,
} from "../../src/nn/index.js";
import { mul, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Golden {
  readonly cases: readonly {
    readonly name: string;
    readonly input: Stored;
    readonly weights: Stored;
    readonly output: Stored;
    readonly inputGradient: Stored | null;
    readonly parameters: Readonly<Record<string, Stored>>;
    readonly gradients: Readonly<Record<string, Stored>>;
  }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../golden/layers.json", import.meta.url), "utf8"));

const models: Readonly<Record<string, Layer>> = {
  mlp: sequential(linear(5, 4), gelu, linear(4, 3)),
  withoutBias: linear(5, 4, { bias: false }),
  residual: sequential(residual(sequential(linear(4, 4), leakyRelu.with({ alpha: 0.2 }))), silu),
  shortcut: residual(sequential(linear(4, 2), elu), { shortcut: linear(4, 2) }),
  flatten: sequential(flatten(), linear(6, 2), softmax),
  embedding: embedding(7, 4),
};

const exact = ({ shape, data }: Stored): Tensor => tensor(Float64Array.from(data), { shape });

/** Rounding of a dozen terms of size 1 to 10. */
const TOLERANCE = 1e-13;

function assertClose(got: Tensor, expected: Stored, what: string): void {
  assert.deepEqual([...got.shape], expected.shape, what);
  const values = interpret([got])[0];
  expected.data.forEach((should, i) =>
    assert.ok(
      Math.abs(values[i] - should) <= TOLERANCE * Math.max(1, Math.abs(should)),
      `${what}[${i}]: ${values[i]}, not ${should}`,
    ),
  );
}

for (const expected of golden.cases) {
  test(`${expected.name}: names, values and gradients are those of PyTorch`, () => {
    const model = models[expected.name];
    assert.deepEqual(
      parametersOf(model).map(({ path }) => path),
      Object.keys(expected.parameters),
    );
    const parameters = mapParameters(model, ({ path }) => exact(expected.parameters[path]));
    const whole = expected.inputGradient === null;
    const x = whole ? tensor(Int32Array.from(expected.input.data), { shape: expected.input.shape }) : exact(expected.input);
    const weights = exact(expected.weights);
    const loss = (values: unknown, input: Tensor): Tensor => sum(mul(model.apply(values, input, context()), weights));
    assertClose(model.apply(parameters, x, context()), expected.output, "output");
    const gradients = grad<[unknown, Tensor]>(loss)(parameters, x);
    mapParametersOf(model, gradients).forEach(([path, gradient]) => assertClose(gradient, expected.gradients[path], path));
    if (expected.inputGradient !== null) {
      assertClose(grad(loss, { argument: 1 })(parameters, x), expected.inputGradient, "input gradient");
    }
  });
}

/** The tensors of a tree like that of the parameters, by name. */
function mapParametersOf(model: Layer, tree: unknown): [string, Tensor][] {
  const at = (value: unknown, [name, ...rest]: readonly string[]): unknown =>
    name === undefined ? value : at((value as Readonly<Record<string, unknown>>)[name], rest);
  return parametersOf(model).map(({ path }) => [path, at(tree, path.split(".")) as Tensor]);
}
