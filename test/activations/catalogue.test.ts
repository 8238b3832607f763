import assert from "node:assert/strict";
import { test } from "node:test";
import * as activations from "../../src/activations/index.js";
import {
  catalogue,
  elu,
  findActivation,
  gelu,
  isActivation,
  leakyRelu,
  relu,
  softmax,
  softplus,
} from "../../src/activations/index.js";
import { grad, jvp } from "../../src/diff/index.js";
import { parameter } from "../../src/ops/create.js";
import { sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { golden } from "./golden.js";

test("the catalogue is what is exported, under the name of the record", () => {
  const exported = Object.entries<unknown>(activations).filter((entry): entry is [string, activations.Activation] =>
    isActivation(entry[1]),
  );
  assert.deepEqual(new Set(exported.map(([, f]) => f)), new Set(catalogue));
  for (const [name, f] of exported) assert.deepEqual([f.record.name, f.name], [name, name]);
});

test("names and aliases are each given once, and found whatever their case", () => {
  const names = catalogue.flatMap(({ record }) => [record.name, ...(record.aliases ?? [])].map((name) => name.toLowerCase()));
  assert.equal(new Set(names).size, names.length);
  assert.equal(findActivation("Leaky-ReLU"), leakyRelu);
  assert.equal(findActivation("leaky_relu"), leakyRelu);
  assert.equal(findActivation("acon")?.name, "aconC");
  assert.equal(findActivation("no such thing"), null);
});

test("every record says what it is and where it comes from, with defaults in range", () => {
  for (const { record } of catalogue) {
    for (const text of [record.title, record.tex, record.source]) assert.ok(text.length > 0, record.name);
    for (const sentence of [record.strengths, record.weaknesses, record.use])
      assert.match(sentence, /^\p{Lu}.*\.$/u, record.name);
    for (const [name, { default: value, range, doc }] of Object.entries(record.parameters)) {
      assert.ok(value >= range[0] && value <= range[1] && doc.length > 0, `${record.name} ${name}`);
    }
  }
});

test("moments for normal inputs, and the gain that keeps the second one at 1, are those of mpmath", () => {
  for (const { name, parameters, mean, secondMoment, gain } of golden.cases) {
    const f = findActivation(name)?.with(parameters);
    assert.ok(f !== undefined && f.facts.kind === "pointwise");
    const moments = activations.momentsOf((x) => f(x), f.facts.kinks.map(({ at }) => at)); // biome-ignore format: one line
    assert.ok(Math.abs(moments.mean - mean) < 1e-13 * Math.max(1, Math.abs(mean)), `${name}: mean ${moments.mean}, not ${mean}`);
    const limit = 1e-13 * Math.max(1, secondMoment);
    assert.ok(Math.abs(moments.secondMoment - secondMoment) < limit, `${name}: ${moments.secondMoment}, not ${secondMoment}`);
    assert.ok(Math.abs(f.gain / gain - 1) < 1e-12, `${name}: gain ${f.gain}, not ${gain}`);
  }
  assert.ok(Math.abs(relu.gain - Math.SQRT2) < 1e-13);
});

test("an activation is called with parameters, or made with them", () => {
  const x = tensor([-2, 3]);
  const expected = [-0.5, 3];
  assert.deepEqual([...interpret([leakyRelu(x, { alpha: 0.25 })])[0]], expected);
  const own = leakyRelu.with({ alpha: 0.25 });
  assert.deepEqual([...interpret([own(x)])[0]], expected);
  assert.deepEqual([own.title, own.values, own.name], ["leaky ReLU, alpha 0.25", { alpha: 0.25 }, "leakyRelu"]);
  assert.deepEqual(leakyRelu.values, { alpha: 0.01 });
  assert.ok(Math.abs(own.gain ** -2 - 0.53125) < 1e-13);
});

test("a parameter may be learned: it is a tensor, with a derivative", () => {
  const x = tensor([-2, 3]);
  const slope = grad((alpha) => sum(leakyRelu(x, { alpha })))(tensor(0.25));
  assert.deepEqual([...interpret([slope])[0]], [-2]);
  const perChannel = leakyRelu(tensor([[-1, -1]]), { alpha: tensor([0.5, 2]) });
  assert.deepEqual([...interpret([perChannel])[0]], [-0.5, -2]);
  const sharper = jvp((beta) => softplus(tensor(0), { beta }), [tensor(2)], [tensor(1)]).tangent;
  // d/dβ (log 2)/β = −(log 2)/β².
  assert.ok(Math.abs(interpret([sharper])[0][0] + Math.LN2 / 4) < 1e-15);
});

test("softmax works over the axis it is told, and its rows keep the facts", () => {
  const x = tensor([[1, 2], [3, 1e4]]); // biome-ignore format: one line
  const [rows, columns] = interpret([softmax(x), softmax(x, { axis: 0 })]);
  assert.ok(Math.abs(rows[0] + rows[1] - 1) < 1e-15 && Math.abs(columns[0] + columns[2] - 1) < 1e-15);
  const moved = interpret([softmax(tensor([[101, 102]]))])[0];
  assert.ok(Math.abs(moved[0] - rows[0]) < 1e-14);
  const tangent = jvp((x0) => softmax(x0), [tensor([0, 0])], [tensor([1, -1])]).tangent;
  assert.deepEqual([...interpret([tangent])[0]], [0.5, -0.5]);
});

test("what does not exist or does not fit is refused by name", () => {
  assert.throws(() => relu(tensor(1), { alpha: 1 }), /relu: there is no parameter "alpha"/);
  // @ts-expect-error: elu has no parameter beta
  assert.throws(() => elu.with({ beta: 1 }), /elu: there is no parameter "beta"\n {2}expected {2}alpha/);
  assert.throws(() => elu.with({ alpha: -1 }), /elu: alpha is out of range/);
  assert.throws(() => softmax.with({ axis: 0.5 }), /softmax: axis is out of range\n {2}expected {2}a whole number/);
  assert.throws(() => softmax(tensor([1]), { axis: tensor(0) }), /softmax: this parameter is a plain number/);
  assert.throws(() => gelu(parameter([2], "int32")), /int32/);
});

test("an activation is taken as another library has it, and a library that has none is named", () => {
  assert.deepEqual(leakyRelu.as("keras").values, { alpha: 0.2 });
  assert.deepEqual(leakyRelu.as("pytorch").values, { alpha: 0.01 });
  assert.throws(() => softmax.as("timm"), /softmax: timm has no such function\n {2}expected {2}pytorch, keras, jax, onnx/);
});

test("the backward gain keeps a gradient's second moment: √2 for a relu, as He and others found", () => {
  assert.ok(Math.abs(relu.backwardGain - Math.SQRT2) < 1e-13);
  assert.ok(Math.abs(leakyRelu.with({ alpha: 0.5 }).backwardGain - Math.sqrt(2 / 1.25)) < 1e-13);
});
