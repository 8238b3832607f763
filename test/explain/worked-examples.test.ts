import assert from "node:assert/strict";
import { test } from "node:test";
import { explain } from "../../src/explain/index.js";
import { add, matmul, mul, sigmoid, square, sub, sum, tensor } from "../../src/ops/index.js";
import { golden, isClose } from "./support.js";

const unit = explain("1 / (exp(-(w*x + b)) + 1)", { x: 1, w: 0, b: 0 });

test("the sigmoid unit is taken apart into h1 to h6", () => {
  const steps = unit.steps.filter(({ kind }) => kind === "operation").map(({ name, expression }) => `${name} = ${expression}`);
  assert.deepEqual(steps, ["h1 = w·x", "h2 = h1 + b", "h3 = −h2", "h4 = exp(h3)", "h5 = h4 + 1", "h6 = 1 / h5"]);
  assert.deepEqual(
    unit.steps.map(({ value }) => Number(value) + 0),
    [1, 0, 0, 0, 0, 0, 1, 2, 0.5],
  );
});

test("forward mode gives 0.25 by w, step by step", () => {
  assert.deepEqual(
    unit.steps.filter(({ kind }) => kind === "operation").map(({ tangents }) => tangents.w),
    [1, 1, -1, -1, -1, 0.25],
  );
  assert.equal(unit.forward.w, 0.25);
});

test("reverse mode gives 0.25 by w, step by step", () => {
  assert.deepEqual(
    unit.steps
      .filter(({ kind }) => kind === "operation")
      .map(({ adjoint }) => adjoint)
      .reverse(),
    [1, -0.25, -0.25, -0.25, 0.25, 0.25],
  );
  assert.deepEqual(unit.gradient, { x: 0, w: 0.25, b: 0.25 });
});

test("every step says by which rule it was differentiated", () => {
  const rules = unit.steps.flatMap(({ rule }) => [rule.forward, ...rule.reverse.map(({ text }) => text)]).filter(Boolean);
  assert.deepEqual(
    rules.map((rule) => rule?.normalize("NFC")),
    [
      ...["ḣ1 = ẇ·x + w·ẋ", "w̄ += h̄1·x", "x̄ += h̄1·w"],
      ...["ḣ2 = ḣ1 + ḃ", "h̄1 += h̄2", "b̄ += h̄2"],
      ...["ḣ3 = −ḣ2", "h̄2 += −h̄3"],
      ...["ḣ4 = ḣ3·h4", "h̄3 += h̄4·h4"],
      ...["ḣ5 = ḣ4", "h̄4 += h̄5"],
      ...["ḣ6 = −ḣ5·(h6 / h5)", "h̄5 += −h̄6·(h6 / h5)"],
    ].map((rule) => rule.normalize("NFC")),
  );
});

const x = tensor([[0.05, 0.1]]);
const target = tensor([[0.01, 0.99]]);

const network = explain(
  ({ W1, b1, W2, b2 }) => {
    const net1 = add(matmul(x, W1), b1);
    const hidden = sigmoid(net1);
    const net2 = add(matmul(hidden, W2), b2);
    const out = sigmoid(net2);
    const E = mul(sum(square(sub(target, out))), 0.5);
    return { value: E, names: { x, target, net1, hidden, net2, out, E } };
  },
  { W1: [[0.15, 0.25], [0.2, 0.3]], b1: 0.35, W2: [[0.4, 0.5], [0.45, 0.55]], b2: 0.6 }, // biome-ignore format: matrices
  { name: "E", forward: ["W1[0, 0]", "W1[0, 1]", "W1[1, 0]", "W1[1, 1]", "W2[0, 0]", "W2[0, 1]", "W2[1, 0]", "W2[1, 1]"] },
);

test("the network's values are those of fifty digits", () => {
  for (const name of ["net1", "hidden", "net2", "out"] as const) {
    const [row] = network.step(name).value as readonly (readonly number[])[];
    row.forEach((value, i) => assert.ok(isClose(value, golden.network[name][i], 1e-15), `${name} ${i}: ${value}`));
  }
  assert.ok(isClose(network.value, golden.network.E, 1e-15));
});

test("the network's output and error are the printed ones to nine digits", () => {
  const cut = (value: number) => Math.trunc(value * 1e9) / 1e9;
  const [out] = network.step("out").value as readonly (readonly number[])[];
  assert.deepEqual(out.map(cut), [0.751365069, 0.772928465]);
  assert.equal(Math.round(network.value * 1e9) / 1e9, 0.298371109);
});

test("all eight weight gradients of the network come out, by both modes", () => {
  for (const name of ["W1", "W2"] as const) {
    const gradient = network.gradient[name] as readonly (readonly number[])[];
    golden.network.gradient[name].forEach((row, i) =>
      row.forEach((expected, j) => {
        assert.ok(isClose(gradient[i][j], expected, 1e-13), `reverse ${name}[${i}, ${j}]: ${gradient[i][j]}, not ${expected}`);
        const forward = network.forward[`${name}[${i}, ${j}]`];
        assert.ok(isClose(forward, expected, 1e-13), `forward ${name}[${i}, ${j}]: ${forward}, not ${expected}`);
      }),
    );
  }
});

test("the rules of the network are those of the textbook", () => {
  const rules = network.steps.flatMap(({ rule }) => rule.reverse.map(({ text }) => text.normalize("NFC")));
  for (const rule of [
    "W̄1 += xᵀ @ h̄1",
    "n̄et1 += h̄idden·hidden·(1 − hidden)",
    "b̄2 += sum(n̄et2)",
    "h̄idden += h̄2 @ W2ᵀ",
    "ōut += −h̄3",
  ]) {
    assert.ok(rules.includes(rule.normalize("NFC")), `${rule} is not among ${rules.join("; ")}`);
  }
});
