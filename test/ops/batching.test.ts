import assert from "node:assert/strict";
import { after, test } from "node:test";
import { batchGraph } from "../../src/diff/batch.js";
import { primitives } from "../../src/diff/catalogue.js";
import { isFloat, type TypedArray } from "../../src/ir/dtype.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { interpret } from "../../src/run/interpret.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { draw, randomFrom } from "../support/random.js";
import { type Example, exampleOf } from "../support/samples.js";

/** Every way to batch some of `count` arguments, but for none of them. */
const choices = (count: number): boolean[][] =>
  Array.from({ length: 2 ** count - 1 }, (_, mask) => Array.from({ length: count }, (_, i) => (((mask + 1) >> i) & 1) === 1));

interface Batch {
  readonly label: string;
  readonly output: Tensor;
  readonly feeds: Map<Tensor, TypedArray>;
  /** The same, one member of the batch at a time. */
  readonly expected: TypedArray[];
}

function batchOf(example: Example, flags: readonly boolean[], size: number): Batch {
  const random = randomFrom(size + 5);
  const { node, parameters, specs } = example;
  const entries = new Map<Tensor, Tensor>();
  const feeds = new Map<Tensor, TypedArray>();
  const members = specs.map((spec, i) => Array.from({ length: flags[i] ? size : 1 }, () => draw(spec, random)));
  parameters.forEach((leaf, i) => {
    if (!flags[i]) feeds.set(leaf, members[i][0]);
    else {
      const whole = parameter([size, ...leaf.shape], leaf.dtype);
      const joined = members[i].flatMap((member) => [...member]);
      const storage = { float32: Float64Array, int32: Int32Array, uint32: Uint32Array, bool: Uint8Array }[leaf.dtype];
      entries.set(leaf, whole);
      feeds.set(whole, storage.from(joined));
    }
  });
  const [{ tensor }] = batchGraph([node], entries, size);
  const expected = Array.from({ length: size }, (_, k) => {
    const single = new Map(parameters.map((leaf, i) => [leaf, members[i][flags[i] ? k : 0]]));
    return interpret([node], single)[0];
  });
  return { label: `${example.label}, batched ${flags.join()} by ${size}`, output: tensor, feeds, expected };
}

const batchesOf = (primitive: (typeof primitives)[number], sizes: readonly number[]): Batch[] =>
  primitive.samples
    .filter(({ inputs }) => inputs.length > 0)
    .flatMap(({ inputs, params }) =>
      choices(inputs.length).flatMap((flags) =>
        sizes.map((size) => batchOf(exampleOf(primitive, inputs, params, 1), flags, size)),
      ),
    );

test("running over a batch is running over each of its members, for every choice of batched arguments", async (t) => {
  for (const primitive of primitives) {
    await t.test(primitive.name, () => {
      for (const { label, output, feeds, expected } of batchesOf(primitive, [3, 1, 0])) {
        assert.deepEqual(
          [...interpret([output], feeds)[0]],
          expected.flatMap((member) => [...member]),
          label,
        );
      }
    });
  }
});

test("batched nodes run in float32 too, an empty batch included", async (t) => {
  const runtime = directRuntime();
  after(() => runtime.close());
  for (const primitive of primitives) {
    const batches = batchesOf(primitive, [3, 0]);
    if (batches.length === 0) continue;
    await t.test(primitive.name, async () => {
      const feeds = new Map(batches.flatMap((batch) => [...batch.feeds]));
      const outputs = batches.map(({ output }) => output);
      const got = await computeOn(runtime, outputs, feeds);
      batches.forEach(({ label, expected, output }, i) => {
        const floating = isFloat(output.dtype);
        const exact = Float64Array.from(
          expected.flatMap((member) => [...member]),
          (x) => (floating ? Math.fround(x) : x),
        );
        assert.equal(firstFar(got[i], exact, floating ? 1e-5 : 0), null, label);
      });
    });
  }
});
