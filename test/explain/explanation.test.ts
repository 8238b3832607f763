import assert from "node:assert/strict";
import { test } from "node:test";
import { customJvp, grad } from "../../src/diff/index.js";
import { explain, explainFunction } from "../../src/explain/index.js";
import { widthOf } from "../../src/explain/text.js";
import { add, cast, exp, matmul, mul, sin, sum, type TensorLike, tanh, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

test("a function of trees is explained with its leaves named by their paths", () => {
  const layers = [{ weight: tensor([[1, 2]]), bias: tensor([0.5]) }];
  const found = explainFunction(
    ([{ weight, bias }]: typeof layers, x: TensorLike) => sum(tanh(add(matmul(tensor([[2], [3]]), weight), mul(bias, x)))), // biome-ignore format: one line
    [layers, 0.25] as const,
    { names: ["layers", "x"], forward: ["x"] },
  );
  assert.deepEqual(Object.keys(found.gradient), ["layers.0.weight", "layers.0.bias", "x"]);
  assert.equal(found.forward.x, found.gradient.x);
});

test("arguments without names are numbered, and the leaves of a single tree go by their own", () => {
  const two = explainFunction((a: TensorLike, b: TensorLike) => mul(a, b), [2, 3] as const);
  assert.deepEqual(two.gradient, { x1: 3, x2: 2 });
  const one = explainFunction(({ a, b }: { a: TensorLike; b: TensorLike }) => mul(a, b), [{ a: 2, b: 3 }] as const);
  assert.deepEqual(one.gradient, { a: 3, b: 2 });
  assert.deepEqual(explainFunction((a: TensorLike) => mul(a, a), [2] as const).gradient, { x: 4 });
});

test("the gradient is that of grad, and forward mode gives its elements", () => {
  const f = ({ x }: { x: ReturnType<typeof tensor> }) => sum(mul(sin(x), exp(x)));
  const found = explain(f, { x: [0, 1, 2] });
  const [expected] = interpret([grad(f)({ x: tensor([0, 1, 2]) }).x]);
  assert.deepEqual(found.gradient.x, Array.from(expected));
  assert.deepEqual(Object.values(found.forward), Array.from(expected));
  assert.deepEqual(found.directions, ["x[0]", "x[1]", "x[2]"]);
});

test("a function with a rule of its own is one step, differentiated by that rule", () => {
  const odd = customJvp(
    (x: ReturnType<typeof tensor>) => mul(x, 3),
    (_, [tangent]) => mul(tangent, 7),
  );
  const found = explain(({ x }) => exp(odd(x)), { x: 0 });
  assert.deepEqual(
    found.steps.map(({ name, expression }) => `${name} = ${expression}`),
    ["x = x", "h1 = call(x)", "h2 = exp(h1)"],
  );
  assert.equal(found.step("h1").rule.forward?.normalize("NFC"), "ḣ1 = 7·ẋ".normalize("NFC"));
  assert.equal(found.gradient.x, 7);
  assert.equal(found.forward.x, 7);
});

test("whole numbers pass values and no derivatives", () => {
  const found = explain(({ n, x }) => mul(cast(n, "float32"), x), { n: tensor(3, { dtype: "int32" }), x: 2 });
  assert.equal(found.value, 6);
  assert.deepEqual(found.gradient, { x: 3 });
  assert.deepEqual(found.directions, ["x"]);
});

test("the result may be a variable, a value that was named, or no function of the variables", () => {
  assert.deepEqual(explain("x", { x: 3, y: 1 }).gradient, { x: 1, y: 0 });
  assert.equal(explain(({ x }) => ({ value: mul(x, x), names: { square: mul(x, 1) } }), { x: 3 }).result, "h1");
  assert.equal(explain("3", { x: 1 }).result, null);
  assert.deepEqual(explain("3", { x: 1 }).gradient, { x: 0 });
});

test("a result of many numbers is refused with what to do", () => {
  assert.throws(() => explain(({ x }) => exp(x), { x: [1, 2] }), /must return one number(.|\n)*reduce with sum or mean/);
});

test("an expression takes functions from outside", () => {
  const found = explain("cube(x) + 1", { x: 2 }, { functions: { cube: (x) => mul(x, mul(x, x)) } });
  assert.equal(found.value, 9);
  assert.equal(found.gradient.x, 12);
});

test("JSON holds every step, and numbers that JSON has no word for as strings", () => {
  const data = JSON.parse(JSON.stringify(explain("1 / x + -x", { x: 0 })));
  assert.equal(data.value, "Infinity");
  assert.deepEqual(data.gradient, { x: "-Infinity" });
  assert.deepEqual(
    data.steps.map((step: { name: string }) => step.name),
    ["x", "h1", "h2", "h3"],
  );
  assert.equal(Object.is(data.steps[2].value, -0), false);
  assert.equal(data.steps[3].rule.reverse[0].text.normalize("NFC"), "h̄1 += h̄3".normalize("NFC"));
});

test("the columns of the tables line up though letters carry dots and bars", () => {
  const text = explain("w*beta + beta^2", { w: 1.5, beta: -2 }).text();
  const lines = text.split("\n");
  const rules = lines.filter((line) => line.includes("+="));
  assert.equal(
    new Set(rules.map((line) => widthOf(line.slice(0, line.lastIndexOf("=")).trimEnd().replace(/\s*$/, "")) > 0)).size,
    1,
  );
  assert.equal(new Set(rules.map((line) => widthOf(line.slice(0, line.lastIndexOf(" = "))))).size, 1, text);
});

test("digits are those asked for", () => {
  assert.match(explain("exp(x)", { x: 1 }, { digits: 4 }).text(), /f {6}= 2\.718\n/);
  assert.match(explain("exp(x)", { x: 1 }, { digits: 17 }).text(), /f {6}= 2\.7182818284590451\n/);
});

test("a step that does not exist is refused with those that do", () => {
  assert.throws(() => explain("exp(x)", { x: 1 }).step("h2"), /there is no step h2\n {2}expected {2}x, h1/);
});
