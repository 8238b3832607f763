import assert from "node:assert/strict";
import { test } from "node:test";
import type { TypedArray } from "../../src/ir/dtype.js";
import { sizeOf } from "../../src/ir/shape.js";
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

/** The parameters after every step, each step one graph, as a matrix of one row to show that any shape will do. */
function pathOf(optimizer: Optimizer): TypedArray[] {
  const path: TypedArray[] = [];
  let parameter: TypedArray = numbersOf(file.start[0] as Row);
  let slots: Record<string, TypedArray> = Object.fromEntries(
    optimizer.slots.map((name) => [name, new Float64Array(parameter.length)]),
  );
  file.gradients.forEach((gradient, i) => {
    const row = (data: TypedArray) => tensor(data, { shape: [1, data.length] });
    const moved = optimizer.update({
      parameter: row(parameter),
      gradient: row(numbersOf(gradient)),
      slots: Object.fromEntries(Object.entries(slots).map(([name, data]) => [name, row(data)])),
      step: tensor(i + 1),
      learningRate: tensor(learningRateAt(optimizer, i)),
      decays: true,
    });
    const [next, ...state] = interpret([moved.parameter, ...optimizer.slots.map((name) => moved.slots[name])]);
    parameter = next;
    slots = Object.fromEntries(optimizer.slots.map((name, k) => [name, state[k]]));
    path.push(parameter);
  });
  return path;
}

/** float64 rounding gathered over twenty steps. */
const tolerance = { relative: 1e-12, absolute: 1e-14 };

for (const { name, call, options, results } of file.paths) {
  test(`${name} takes the twenty steps of ${results.flatMap(({ tools }) => tools).join(" and ")}`, () => {
    const path = pathOf((optimizers[call] as (options: object) => Optimizer)(options));
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
