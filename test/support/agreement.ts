import assert from "node:assert/strict";
import { test } from "node:test";
import { primitives } from "../../src/diff/catalogue.js";
import { isFloat } from "../../src/ir/dtype.js";
import type { Accuracy, Primitive } from "../../src/ir/primitive.js";
import { interpret } from "../../src/run/interpret.js";
import type { Runtime } from "../../src/run/runtime.js";
import { firstInaccurate } from "./accuracy.js";
import { computeOn } from "./engines.js";
import { type Example, exampleOf, examplesOf, feedsOf } from "./samples.js";

/** What is computed on, and what is demanded of it: what each record states unless told. */
export interface Engine {
  readonly runtime: Runtime;
  readonly accuracy?: Accuracy;
}

/** Runs all examples as one model; their complaints. */
export async function complaints({ runtime, accuracy }: Engine, examples: readonly Example[]): Promise<string[]> {
  const feeds = new Map(examples.flatMap((example) => [...feedsOf(example)]));
  const nodes = examples.map(({ node }) => node);
  const exact = interpret(nodes, feeds);
  const got = await computeOn(runtime, nodes, feeds);
  return examples.flatMap((example, i) => firstInaccurate(example, got[i], exact[i], accuracy) ?? []);
}

const testable = primitives.filter(({ samples }) => samples.length > 0);

const EXTREMES = [
  ...[0, 1e-30, 1e-38, 0.5, 1, 1.5, 2, 3, 20, 30, 88, 100, 1e4, 1e20, 3e38, Number.POSITIVE_INFINITY].flatMap((x) => [x, -x]),
  Number.NaN,
];

/** Numbers of every size and sign: a constant ratio from one to the next. */
function logarithmicGrid(ratio: number): number[] {
  const grid: number[] = [];
  for (let size = 1e-38; size < 3e38; size *= ratio) grid.push(size, -size);
  return grid;
}

/** The pointwise primitives that take floats only, with parameters to make them with. */
export const onTheLine = (operands: number): { primitive: Primitive; params: unknown }[] =>
  testable.flatMap((primitive) => {
    const fits = primitive.samples.filter(
      ({ inputs }) => inputs.length === operands && inputs.every(({ dtype }) => isFloat(dtype)),
    );
    return primitive.batching.kind === "pointwise" && fits.length > 0 ? [{ primitive, params: fits[0].params }] : [];
  });

export const columns = (primitive: Primitive, params: unknown, values: readonly (readonly number[])[]): Example =>
  exampleOf(
    primitive,
    values.map((extremes) => ({ shape: [extremes.length], dtype: "float32", extremes })),
    params,
    1,
  );

/** Declares the tests that hold every primitive to its float64 meaning on an engine. */
export function testAgreement(engine: Engine): void {
  test("float32 agrees with float64 within the stated accuracy on every sample", async (t) => {
    for (const primitive of testable) {
      await t.test(primitive.name, async () => {
        const examples = [1, 2, 3].flatMap((seed) => examplesOf(primitive, 100 * seed));
        assert.deepEqual(await complaints(engine, examples), []);
      });
    }
  });

  test("functions of one number agree on extremes and on a dense grid over the whole line, in every lane of the kernels", async (t) => {
    const linear = Array.from({ length: 8001 }, (_, i) => (i - 4000) / 137);
    // Extremes at the front and at the end: kernels treat the last few elements apart.
    const inputs = [...EXTREMES, ...logarithmicGrid(1.03), ...linear, ...EXTREMES];
    for (const { primitive, params } of onTheLine(1)) {
      await t.test(primitive.name, async () =>
        assert.deepEqual(await complaints(engine, [columns(primitive, params, [inputs])]), []),
      );
    }
  });

  test("functions of two numbers agree on every pair of extremes and on a grid of pairs", async (t) => {
    const sides = [...EXTREMES, ...logarithmicGrid(40)];
    const left = sides.flatMap((x) => sides.map(() => x));
    const right = sides.flatMap(() => sides);
    for (const { primitive, params } of onTheLine(2)) {
      await t.test(primitive.name, async () =>
        assert.deepEqual(await complaints(engine, [columns(primitive, params, [left, right])]), []),
      );
    }
  });

  test("whole numbers agree at the ends of their range and by zero", async (t) => {
    const edges = {
      int32: [0, 1, -1, 2, -2, 7, -7, 46341, 65536, 2 ** 30, 2 ** 31 - 1, 1 - 2 ** 31, -(2 ** 31)],
      uint32: [0, 1, 2, 7, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1],
      bool: [0, 1],
    };
    for (const primitive of testable) {
      if (primitive.batching.kind !== "pointwise") continue;
      const whole = primitive.samples.filter(
        ({ inputs }) => inputs.length > 0 && inputs.every(({ dtype }) => dtype !== "float32"),
      );
      if (whole.length === 0) continue;
      await t.test(primitive.name, async () => {
        const examples = whole.map(({ inputs, params }) => {
          const pairs = inputs.reduce<number[][]>(
            (rows, { dtype }) => rows.flatMap((row) => edges[dtype as keyof typeof edges].map((edge) => [...row, edge])),
            [[]],
          );
          const shape = [pairs.length];
          const specs = inputs.map(({ dtype }) => ({ shape, dtype }));
          const example = exampleOf(primitive, specs, params, 1);
          return { ...example, data: example.data.map((column, i) => column.map((_, row) => pairs[row][i])) };
        });
        assert.deepEqual(await complaints(engine, examples), []);
      });
    }
  });
}
