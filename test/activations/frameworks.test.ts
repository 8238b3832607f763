import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Activation, catalogue, type Framework, frameworkNames, nameIn } from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import { sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

interface Golden {
  readonly points: readonly number[];
  /** The names of all activations that a library exports. */
  readonly lists: Readonly<Record<Framework, readonly string[]>>;
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
    frameworkNames.flatMap((framework) => {
      const call = nameIn(record, framework);
      // Pairs take two inputs, which are asked where their halves are tested.
      const said = call !== null && facts.kind === "pointwise" && !asked.has(`${record.name} ${framework} ${call}`);
      return said ? [`${record.name} ${framework} ${call}`] : [];
    }),
  );
  assert.deepEqual(missing, []);
});

/** What stands in the same modules and is no activation, or another name or axis of one. */
const others: Readonly<Record<string, string>> = {
  "pytorch MultiheadAttention": "a layer",
  "pytorch Softmax2d": "softmax over axis 1",
  "keras deserialize": "a tool",
  "keras get": "a tool",
  "keras serialize": "a tool",
  "keras hard_swish": "hard_silu",
  "keras swish": "silu",
  "jax hard_swish": "hard_silu",
  "jax swish": "silu",
  "timm swish": "silu",
  "jax dot_product_attention": "a layer",
  "jax get_scaled_dot_general_config": "a tool",
  "jax log1mexp": "a function of mathematics",
  "jax logmeanexp": "a reduction",
  "jax logsumexp": "a reduction",
  "jax one_hot": "an encoding",
  "jax scaled_dot_general": "a product",
  "jax scaled_matmul": "a product",
};

test("every activation that a library exports is in the catalogue under its name there", () => {
  const bare = (call: string): string => call.replace(/\(.*\)$/, "").replace(/^.*\./, "");
  const missing = frameworkNames.flatMap((framework) => {
    const known = new Set(catalogue.map(({ record }) => bare(nameIn(record, framework) ?? "")));
    return golden.lists[framework].filter((name) => !known.has(name) && !(`${framework} ${name}` in others)).map((name) => `${framework} ${name}`); // biome-ignore format: one line
  });
  assert.deepEqual(missing, []);
});
