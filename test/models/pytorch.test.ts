import assert from "node:assert/strict";
import { after, test } from "node:test";
import { type LanguageModelKind, languageModel, visionTransformer } from "../../src/models/index.js";
import { context, initialise, type Layer, tokenCrossEntropy } from "../../src/nn/index.js";
import { zeros } from "../../src/ops/index.js";
import { adam } from "../../src/optim/index.js";
import { interpret } from "../../src/run/interpret.js";
import { interpreterRuntime } from "../../src/run/interpreter.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { compile } from "../../src/train/index.js";
import { assertClose, numbersOf, readGolden, type StoredTensor, tensorOf } from "../golden/golden.js";
import { assertLikeTorch, type TorchCase, treeOf } from "../nn/pytorch.js";

interface Training {
  readonly kind: LanguageModelKind;
  readonly parameters: Readonly<Record<string, StoredTensor>>;
  readonly steps: readonly { readonly inputs: StoredTensor; readonly targets: StoredTensor; readonly loss: number }[];
  readonly last: Readonly<Record<string, StoredTensor>>;
}
const golden = readGolden<{ readonly vision: readonly TorchCase[]; readonly training: readonly Training[] }>("sequence-models");
const runtime = onnxRuntime({ worker: false });
after(() => runtime.close());

const image = [2, 6, 6] as const;
const small = { image, classes: 3, patch: 3, width: 8, layers: 2, heads: 2, feedForward: 12 } as const;

for (const given of golden.vision) {
  test(`${given.name}: scores and gradients are those of transformers`, async () => {
    const model = visionTransformer(small);
    await assertLikeTorch(given, (parameters, { x }) => [model.apply(treeOf(model as Layer, parameters), x, context())], runtime);
  });
}

test("a vision transformer takes rows of pixels, reads the mean of all patches, and refuses what it cannot cut", () => {
  const model = visionTransformer({ ...small, reads: "mean" });
  assert.deepEqual(model.apply(initialise(model, 1), zeros([5, 72]), context()).shape, [5, 3]);
  assert.throws(() => model.apply(initialise(model, 1), zeros([5, 70]), context()), /the images do not fit\n.*\(batch 2 6 6\)/);
  assert.throws(() => visionTransformer({ ...small, patch: 4 }), /visionTransformer: the image does not divide into patches/);
});

const places = [
  ["float64", interpreterRuntime(), { relative: 1e-10, absolute: 1e-10 }],
  // Rounding of float32 gathered over twenty steps of Adam, which divides small gradients by their own size.
  ["float32", runtime, { relative: 5e-5, absolute: 2e-4 }],
] as const;

for (const { kind, parameters, steps, last } of golden.training) {
  for (const [name, where, tolerance] of places) {
    test(`twenty steps of a language model (${kind}) are PyTorch's, in ${name}`, async () => {
      const model = languageModel({ kind, symbols: 7, width: 8, heads: 2 });
      const named = (values: Training["last"]) =>
        Object.fromEntries(Object.entries(values).map(([path, value]) => [path, tensorOf(value)]));
      const trainer = await compile({ model, parameters: treeOf(model, named(parameters)), loss: tokenCrossEntropy, optimizer: adam({ learningRate: 1e-2 }), runtime: where }); // biome-ignore format: one line
      const losses: number[] = [];
      for (const { inputs, targets } of steps)
        losses.push(await trainer.step({ inputs: tensorOf(inputs), targets: tensorOf(targets) }));
      assertClose(losses, steps.map(({ loss }) => loss), tolerance, "losses"); // biome-ignore format: one line
      const end: unknown = await trainer.parameters();
      for (const [path, value] of Object.entries(last)) {
        if (isShiftOfScores(path)) continue;
        const got = path.split(".").reduce((tree, part) => (tree as Readonly<Record<string, unknown>>)[part], end);
        assertClose(interpret([got as never])[0], numbersOf(value.data), tolerance, path);
      }
      await trainer.dispose();
    });
  }
}

/** A bias of keys moves all scores of a query alike: its gradient is 0 but for rounding, of which Adam makes steps. */
const isShiftOfScores = (path: string): boolean => path.endsWith("attention.key.bias");
