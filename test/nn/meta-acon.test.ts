import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { context, mapParameters, metaAcon, parametersOf } from "../../src/nn/index.js";
import { mean, mul, square, sum, tensor } from "../../src/ops/index.js";
import { key, normal } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
interface Golden {
  readonly cases: readonly {
    readonly channels: number;
    readonly reduction: number;
    readonly input: Stored;
    readonly weights: Stored;
    readonly parameters: Readonly<Record<string, Stored>>;
    readonly used: Stored;
    readonly trained: Stored;
    readonly inputGradient: Stored;
    readonly gradients: Readonly<Record<string, Stored>>;
  }[];
}
const golden: Golden = JSON.parse(readFileSync(new URL("../golden/meta-acon.json", import.meta.url), "utf8"));

const exact = ({ shape, data }: Stored): Tensor => tensor(Float64Array.from(data), { shape });

function assertClose(got: Tensor, expected: Stored, what: string): void {
  assert.deepEqual([...got.shape], expected.shape, what);
  const values = interpret([got])[0];
  expected.data.forEach((should, i) => {
    const error = Math.abs(values[i] - should) / Math.max(1, Math.abs(should));
    assert.ok(error < 1e-12, `${what}[${i}]: ${values[i]}, not ${should}`);
  });
}

for (const expected of golden.cases) {
  test(`meta-ACON over ${expected.input.shape.join(" × ")} is PyTorch's, in training and in use, with all gradients`, () => {
    const model = metaAcon(expected.channels, { reduction: expected.reduction });
    const parameters = mapParameters(model, ({ path }) => exact(expected.parameters[path]));
    const x = exact(expected.input);
    assertClose(model.apply(parameters, x, context()), expected.used, "in use");
    assertClose(model.apply(parameters, x, context({ mode: "train" })), expected.trained, "in training");
    const loss = (values: typeof parameters, input: Tensor): Tensor =>
      sum(mul(model.apply(values, input, context({ mode: "train" })), exact(expected.weights)));
    assertClose(grad(loss, { argument: 1 })(parameters, x), expected.inputGradient, "gradient of the input");
    const gradients = grad(loss)(parameters, x);
    for (const { path } of parametersOf(model).filter(({ trained }) => trained)) {
      const at = path.split(".").reduce<unknown>((tree, name) => (tree as Record<string, unknown>)[name], gradients);
      assertClose(at as Tensor, expected.gradients[path], path);
    }
  });
}

test("it starts so that weights of its gain hand on the second moment", () => {
  const model = metaAcon(256);
  assert.ok(typeof model.gain === "number");
  const x = mul(normal(key(1), [200, 256]), model.gain);
  const [[power]] = interpret([mean(square(model.apply(model.initialise(key(2)), x, context())))]);
  // The slopes of 256 channels are a sample.
  assert.ok(power > 0.8 && power < 1.25, String(power));
});

test("what does not fit is said", () => {
  const model = metaAcon(4);
  const parameters = model.initialise(key(1));
  assert.throws(
    () => model.apply(parameters, normal(key(2), [2, 3, 5]), context()),
    /metaAcon 4: axis 1 does not hold 4 channels/,
  );
  assert.throws(() => metaAcon(0), /metaAcon: the number of channels is not a size/);
});
