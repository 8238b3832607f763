import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { TypedArray } from "../../src/ir/dtype.js";
import { sizeOf } from "../../src/ir/shape.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { tensor } from "../../src/ops/index.js";
import {
  clipByGlobalNorm,
  clipByValue,
  learningRateAt,
  type Optimizer,
  optimizers,
  type ScheduleDescription,
  schedule,
} from "../../src/optim/index.js";
import { interpret } from "../../src/run/interpret.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { assertClose, differences, numbersOf, readGolden, type Stored } from "./golden.js";

type Row = readonly Stored[];

interface File {
  readonly start: readonly Row[];
  readonly gradients: readonly Row[];
  readonly paths: readonly {
    readonly name: string;
    readonly call: keyof typeof optimizers;
    readonly options: object;
    readonly results: readonly { readonly tools: readonly string[]; readonly path: readonly Row[] }[];
  }[];
  readonly clippings: readonly {
    readonly name: string;
    readonly limit: number;
    readonly gradients: readonly Row[];
    readonly norm: Stored;
    readonly byNorm: readonly Row[];
    readonly byValue: readonly Row[];
  }[];
  readonly schedules: readonly {
    readonly name: string;
    readonly schedule: ScheduleDescription;
    readonly results: readonly { readonly tools: readonly string[]; readonly rates: Row }[];
  }[];
}

const file = readGolden<File>("optim");

/** Where the library differs from a tool on purpose: case, tool, reason. A difference that is gone fails too. */
const deliberate: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

/** Computes a list of tensors from others that stand for given values. */
type Compute = (outputs: readonly Tensor[], feeds: ReadonlyMap<Tensor, TypedArray>) => Promise<readonly TypedArray[]>;

/** The parameters after every step, as a matrix of one row to show that any shape will do. */
async function pathOf(optimizer: Optimizer, compute: Compute): Promise<TypedArray[]> {
  const start = numbersOf(file.start[0]);
  const row = (): Tensor => parameter([1, start.length], "float32");
  const [p, g, step, learningRate] = [row(), row(), parameter([], "float32"), parameter([], "float32")];
  const slots = Object.fromEntries(optimizer.slots.map((name) => [name, row()]));
  const moved = optimizer.update({ parameter: p, gradient: g, slots, step, learningRate, decays: true });
  const outputs = [moved.parameter, ...optimizer.slots.map((name) => moved.slots[name])];
  const path: TypedArray[] = [];
  let state: readonly TypedArray[] = [start, ...optimizer.slots.map(() => new Float64Array(start.length))];
  for (const [i, gradient] of file.gradients.entries()) {
    const feeds = new Map<Tensor, TypedArray>([
      [p, state[0]],
      [g, numbersOf(gradient)],
      [step, Float64Array.of(i + 1)],
      [learningRate, Float64Array.of(learningRateAt(optimizer, i))],
      ...optimizer.slots.map((name, k) => [slots[name], state[k + 1]] as const),
    ]);
    state = await compute(outputs, feeds);
    path.push(state[0]);
  }
  return path;
}

const made = (call: keyof typeof optimizers, options: object): Optimizer =>
  (optimizers[call] as (options: object) => Optimizer)(options);

/** float64 rounding gathered over twenty steps. */
const tolerance = { relative: 1e-12, absolute: 1e-14 };

for (const { name, call, options, results } of file.paths) {
  test(`${name} takes the twenty steps of ${results.flatMap(({ tools }) => tools).join(" and ")}`, async () => {
    const path = await pathOf(made(call, options), async (outputs, feeds) => interpret(outputs, feeds));
    for (const { tools, path: expected } of results) {
      const wrong = expected.flatMap((row, i) =>
        differences(path[i], numbersOf(row), tolerance).map((line) => `step ${i + 1} ${line}`),
      );
      const reason = tools.map((tool) => deliberate[name]?.[tool]).find((text) => text !== undefined);
      if (reason === undefined) assert.deepEqual(wrong, [], tools.join());
      else assert.notDeepEqual(wrong, [], `${tools.join()} no longer ${reason}`);
    }
  });
}

test("all optimizers take these steps in float32 on ONNX Runtime", async () => {
  const runtime = directRuntime();
  after(() => runtime.close());
  for (const { name, call, options, results } of file.paths) {
    const path = await pathOf(made(call, options), (outputs, feeds) => computeOn(runtime, outputs, feeds));
    // Twenty roundings of parameters of size 1, and of steps of size 0.1.
    const single = { relative: 2e-6, absolute: 2e-6 };
    results[0].path.forEach((row, i) => assertClose(path[i], numbersOf(row), single, `${name}, step ${i + 1}`));
  }
});

for (const { name, limit, gradients, norm, byNorm, byValue } of file.clippings) {
  test(`${name} are clipped as by optax by norm and as by PyTorch by value`, () => {
    const tensors = gradients.map((row) => tensor(numbersOf(row)));
    const clipped = clipByGlobalNorm(tensors, limit);
    const results = interpret([...clipped.gradients, ...clipByValue(tensors, limit), clipped.norm ?? tensor(Number.NaN)]);
    const expected = [...byNorm, ...byValue, [norm]];
    expected.forEach((row, i) => assertClose(results[i], numbersOf(row), tolerance, `result ${i}`));
    assert.equal(sizeOf(clipped.norm?.shape ?? [0]), 1);
  });
}

for (const { name, schedule: description, results } of file.schedules) {
  test(`${name} has the rates of ${results.flatMap(({ tools }) => tools).join(" and ")}`, () => {
    const made = schedule(description);
    for (const { tools, rates } of results) {
      assertClose(
        rates.map((_, step) => made.at(step)),
        numbersOf(rates),
        { relative: 1e-12, absolute: 1e-16 },
        tools.join(),
      );
    }
  });
}
