import assert from "node:assert/strict";
import { test } from "node:test";
import { gelu, leakyRelu } from "../../src/activations/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { asLayer, context, dropout, embedding, flatten, initialise, initialisers, type Layer, layer, linear, type NoParameters, parameterSpec, parametersOf, residual, sequential, summarize, summary } from "../../src/nn/index.js"; // biome-ignore format: one list
import { parameter } from "../../src/ops/create.js";
import { add, mean, mul, sin, tensor } from "../../src/ops/index.js";
import { key } from "../../src/random/index.js";
import { interpret } from "../../src/run/interpret.js";

/** Keeps the running mean of its input, and takes it away: a layer with state. */
const centring = (width: number) =>
  layer({
    name: "centring",
    parameters: {
      scale: parameterSpec({ shape: [width], axes: "(width)", initialiser: initialisers.ones(), decays: false }),
      mean: parameterSpec({ shape: [width], axes: "(width)", initialiser: initialisers.zeros(), decays: false, trained: false }),
    },
    gain: "same",
    apply: ({ scale, mean: running }, x, { mode, write }) => {
      if (mode === "train") write("mean", add(mul(running, 0.9), mul(mean(x, { axes: 0 }), 0.1)));
      return mul(add(x, mul(running, -1)), scale);
    },
  });

test("a sequential has a parameter tree by position, with its type, and checkpoint names", () => {
  const model = sequential(linear(4, 8), gelu, centring(8), linear(8, 2, { bias: false }));
  const parameters = initialise(model, 7);
  const weight: Tensor = parameters[0].weight;
  const state: Tensor = parameters[2].mean;
  const none: NoParameters = parameters[1];
  assert.deepEqual([weight.shape, state.shape, none, parameters[3].bias], [[4, 8], [8], {}, undefined]);
  assert.deepEqual(
    parametersOf(model).map(({ path, shape, axes, decays, trained }) => [path, [...shape], axes, decays, trained]),
    [
      ["0.weight", [4, 8], "(in out)", true, true],
      ["0.bias", [8], "(out)", false, true],
      ["2.scale", [8], "(width)", false, true],
      ["2.mean", [8], "(width)", false, false],
      ["3.weight", [8, 2], "(in out)", true, true],
    ],
  );
});

test("one seed gives one set of parameters, and every parameter its own numbers", () => {
  const model = sequential(linear(6, 6), gelu, linear(6, 6));
  const values = (seed: number): number[][] => {
    const [first, , second] = initialise(model, seed);
    return interpret([first.weight, second.weight]).map((x) => [...x]);
  };
  assert.deepEqual(values(1), values(1));
  assert.notDeepEqual(values(1)[0], values(2)[0]);
  assert.notDeepEqual(values(1)[0], values(1)[1].map((x) => x / gelu.gain)); // biome-ignore format: one line
  const own = key(1);
  assert.deepEqual(
    interpret([model.initialise(own)[0].weight]).map((x) => Array.from(x, Math.fround)),
    [values(1)[0]],
  );
});

test("the key of the parameters may be known only when the graph runs", () => {
  const model = linear(3, 2);
  const fed = parameter([2], "uint32");
  const late = interpret([model.initialise(fed).weight], new Map([[fed, Uint32Array.from(key(3))]]));
  assert.deepEqual(late, interpret([model.initialise(key(3)).weight]));
});

test("a wrong shape says which layer it met, and what that expects", () => {
  const x = parameter([5, 63], "float32");
  const message = (model: Layer, input: Tensor): string => {
    try {
      model.apply(model.initialise(key(1)), input, context());
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  const flat = sequential(linear(63, 128), gelu, linear(64, 10));
  assert.equal(
    message(flat, x),
    "sequential, layer 2 (linear 64 → 10): axis in is 128 and 64\n  expected  (…batch in), (in out)\n  got       (5 128), (64 10)",
  );
  assert.match(message(sequential(gelu, sequential(linear(63, 4), linear(5, 5))), x), /^sequential, layer 1 \(sequential, layer 1 \(linear 5 → 5\)\): axis in is 4 and 5/); // biome-ignore format: one line
  assert.match(message(sequential(residual(linear(63, 4))), x), /^sequential, layer 0 \(residual\): the branch changes the shape[\s\S]*\(5 63\)[\s\S]*\(5 4\)[\s\S]*shortcut/); // biome-ignore format: one line
  assert.match(message(embedding(4, 2), x), /embedding 4 × 2: it takes positions in its table/);
  assert.match(message(flatten(), parameter([], "float32")), /flatten: a scalar has no batch axis/);
  assert.throws(() => linear(0, 3), /linear: the number of inputs is not a size/);
  assert.throws(() => dropout(1), /dropout: the rate is not a share/);
  // @ts-expect-error: a number is not a layer
  assert.throws(() => sequential(3), /layer: this is neither a layer nor a function/);
});

test("a summary lists layers, output shapes and numbers of parameters", () => {
  const model = sequential(
    linear(64, 128),
    gelu,
    residual(sequential(linear(128, 128), leakyRelu)),
    centring(128),
    linear(128, 10),
  );
  const rows = summarize(model, [64]);
  assert.deepEqual(
    rows.map(({ path, title, outputShape, trained, state, depth }) => [path, title, outputShape, trained, state, depth]),
    [
      ["", "sequential", [10], 26250, 128, 0],
      ["0", "linear 64 → 128", [128], 8320, 0, 1],
      ["1", "GELU", [128], 0, 0, 1],
      ["2", "residual", [128], 16512, 0, 1],
      ["2.branch", "sequential", [128], 16512, 0, 2],
      ["2.branch.0", "linear 128 → 128", [128], 16512, 0, 3],
      ["2.branch.1", "leaky ReLU", [128], 0, 0, 3],
      ["3", "centring", [128], 128, 128, 1],
      ["4", "linear 128 → 10", [10], 1290, 0, 1],
    ],
  );
  const text = summary(model, [64]);
  assert.match(text, /\(batch 128\) +8,320\n/);
  assert.match(text, /26,250 trained, 128 state$/);
  assert.match(summary(sequential(embedding(9, 4), flatten()), [3], { dtype: "int32" }), /\(batch 12\)/);
});

test("state is written in training, under the name it has in checkpoints, and left alone in use", () => {
  const model = sequential(gelu, centring(2));
  const written = new Map<string, Tensor>();
  const run = (mode: "train" | "eval"): void => {
    written.clear();
    const x = tensor([[1, 2], [3, 4]]); // biome-ignore format: one line
    model.apply(initialise(model, 1), x, context({ mode, write: (path, value) => void written.set(path, value) }));
  };
  run("eval");
  assert.equal(written.size, 0);
  run("train");
  assert.deepEqual([...written.keys()], ["1.mean"]);
  assert.ok(parametersOf(model).some(({ path, trained }) => path === "1.mean" && !trained));
});

test("every layer shows its input and its output to whoever looks, who may put another in its place", () => {
  const model = sequential(linear(2, 3), gelu, linear(3, 1));
  const parameters = initialise(model, 1);
  const seen: string[] = [];
  const x = tensor([[1, 2]]);
  const look = context({
    probe: (path, value) => {
      seen.push(path);
      return path === "1.output" ? mul(value, 0) : undefined;
    },
  });
  const [value] = interpret([model.apply(parameters, x, look)]);
  assert.deepEqual(seen, ["0.input", "0.output", "1.input", "1.output", "2.input", "2.output"]);
  assert.deepEqual([...value], [...interpret([parameters[2].bias as Tensor])[0]]);
});

test("plain functions stand among layers", () => {
  const model = sequential(sin, (x) => mul(x, 2), linear(2, 2));
  const parameters = initialise(model, 1);
  assert.deepEqual(
    parametersOf(model).map(({ path }) => path),
    ["2.weight", "2.bias"],
  );
  assert.equal(model.apply(parameters, tensor([[1, 2]]), context()).shape.join(), "1,2");
  assert.deepEqual([asLayer(sin).title, asLayer(gelu).title], ["sin", "GELU"]);
});

const COUNT = 40_000;
const one = tensor(new Float64Array(COUNT).fill(1));
const dropped = (model: Layer, options: Parameters<typeof context>[0]): number[] => [
  ...interpret([model.apply(model.initialise(key(1)), one, context(options))])[0],
];

test("dropout drops at its rate in training, keeps the mean, and does nothing in use", () => {
  const values = dropped(dropout(0.3), { mode: "train", key: key(5) });
  const zeros = values.filter((value) => value === 0).length / COUNT;
  assert.ok(Math.abs(zeros - 0.3) < 5 * Math.sqrt(0.21 / COUNT), `${zeros}`);
  assert.ok(values.every((value) => value === 0 || Math.abs(value - 1 / 0.7) < 1e-15));
  assert.ok(dropped(dropout(0.3), { mode: "eval" }).every((value) => value === 1));
  assert.ok(dropped(dropout(0), { mode: "train" }).every((value) => value === 1));
});

test("random keys follow the path: layers differ, calls repeat, and a missing key is named", () => {
  const twice = sequential(dropout(0.5), dropout(0.5));
  const values = dropped(twice, { mode: "train", key: key(5) });
  // Kept by both, independently: a quarter, each 4.
  const share = values.filter((value) => value === 4).length / COUNT;
  assert.ok(Math.abs(share - 0.25) < 5 * Math.sqrt(0.1875 / COUNT), `${share}`);
  assert.deepEqual(values, dropped(twice, { mode: "train", key: key(5) }));
  assert.notDeepEqual(values, dropped(twice, { mode: "train", key: key(6) }));
  const fresh = context({ key: key(1) });
  const keys = interpret([fresh.nextKey(), fresh.nextKey(), fresh.within("a").nextKey(), fresh.within("a").nextKey()]);
  assert.equal(new Set(keys.map((words) => words.join())).size, 4);
  assert.throws(() => dropped(twice, { mode: "train" }), /layer 0 \(dropout 0.5: random key\): the context has none/);
});
