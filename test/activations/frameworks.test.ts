import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Activation, catalogue, type Framework, nameIn } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import { sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

interface Golden {
  readonly points: readonly number[];
  readonly cases: readonly {
    readonly name: string;
    readonly framework: Framework;
    readonly call: string;
    readonly value: readonly number[];
    /** From PyTorch alone. */
    readonly slope?: readonly number[];
  }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL("../golden/frameworks.json", import.meta.url), "utf8"));

/** Keras computes some functions in float32 whatever it is given, and ONNX's reference has constants of seven digits. */
const TOLERANCE: Readonly<Record<Framework, number>> = { pytorch: 1e-13, jax: 1e-13, keras: 1e-6, onnx: 1e-6, timm: 1e-13 };

/** Where a library is not right to its own precision, or means another slope at a corner. */
const exceptions: Readonly<Record<string, { readonly value?: number; readonly slope?: number; readonly reason: string }>> = {
  "hardSigmoid pytorch": { slope: 1e-8, reason: "its sixth is a float32" },
};

const named = (name: string): Activation => {
  const found = catalogue.find(({ record }) => record.name === name);
  assert.ok(found !== undefined, name);
  return found;
};

function assertNear(got: ArrayLike<number>, expected: readonly number[], tolerance: number, what: string): void {
  expected.forEach((should, i) => {
    const error = Math.abs(got[i] - should) / Math.max(1, Math.abs(should));
    assert.ok(error <= tolerance, `${what} at ${golden.points[i]}: ${got[i]}, not ${should}`);
  });
}

for (const { name, framework, call, value, slope } of golden.cases) {
  test(`${name} is ${call} of ${framework}${slope ? ", with its slopes" : ""}`, () => {
    const f = named(name).as(framework);
    const x = tensor(Float64Array.from(golden.points));
    const [mine, mySlope] = interpret([f(x), grad((y) => sum(f(y)))(x)]);
    const known = exceptions[`${name} ${framework}`];
    assertNear(mine, value, known?.value ?? TOLERANCE[framework], "value");
    if (slope !== undefined) assertNear(mySlope, slope, known?.slope ?? 1e-12, "slope");
  });
}

test("every function that a library is said to have was asked of it", () => {
  const asked = new Set(golden.cases.map(({ name, framework, call }) => `${name} ${framework} ${call}`));
  const missing = catalogue.flatMap(({ record, facts }) =>
    (["pytorch", "jax", "keras", "onnx"] as const).flatMap((framework) => {
      const call = nameIn(record, framework);
      // Pairs take two inputs, which are asked where their halves are tested.
      const said = call !== null && facts.kind === "pointwise" && !asked.has(`${record.name} ${framework} ${call}`);
      return said ? [`${record.name} ${framework} ${call}`] : [];
    }),
  );
  assert.deepEqual(missing, []);
});
