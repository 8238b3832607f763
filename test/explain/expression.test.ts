import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, parsePoint } from "../../src/explain/index.js";
import { golden, isClose } from "./support.js";

for (const { expression, point, value, gradient, second } of golden.expressions) {
  test(`${expression} has the value and the derivatives of sixty digits`, () => {
    const found = explain(expression, point);
    assert.ok(isClose(found.value, value, 1e-14), `${found.value}, not ${value}`);
    for (const [name, slope] of Object.entries(gradient)) {
      assert.ok(isClose(found.forward[name], slope, 1e-12), `forward ∂${name}: ${found.forward[name]}, not ${slope}`);
      assert.ok(isClose(Number(found.gradient[name]), slope, 1e-12), `reverse ∂${name}: ${found.gradient[name]}, not ${slope}`);
      const again = explain(expression, point, { derivative: [name] });
      assert.ok(isClose(again.value, slope, 1e-12), `the graph of ∂${name}: ${again.value}, not ${slope}`);
      for (const [other, curvature] of Object.entries(second[name])) {
        assert.ok(
          isClose(again.forward[other], curvature, 1e-11),
          `forward ∂${name}∂${other}: ${again.forward[other]}, not ${curvature}`,
        );
        assert.ok(isClose(Number(again.gradient[other]), curvature, 1e-11), `reverse ∂${name}∂${other}`);
      }
    }
  });
}

test("powers bind tighter than signs and group to the right", () => {
  assert.equal(explain("-x^2", { x: 3 }).value, -9);
  assert.equal(explain("2^3^2", {}).value, 512);
  assert.equal(explain("2**-1", {}).value, 0.5);
  assert.equal(explain("x² − 1", { x: 3 }).value, 8);
});

test("parts can be named, and keep their names", () => {
  const found = explain("s = w*x + b; 1 / (exp(-s) + 1)", { x: 1, w: 0, b: 0 });
  assert.equal(found.step("s").expression, "h1 + b");
  assert.equal(found.forward.w, 0.25);
});

test("a part that is written twice is one step", () => {
  const found = explain("sin(x*y) + x*y", { x: 1, y: 2 });
  assert.deepEqual(
    found.steps.slice(2).map(({ expression }) => expression),
    ["x·y", "sin(h1)", "h2 + h1"],
  );
  assert.equal(found.step("h3").rule.reverse.length, 2);
});

test("the slope of a step holds its other inputs, also one that is computed from the first", () => {
  const found = explain("z + sin(z)", { z: 0 });
  assert.deepEqual(
    found.step("h2").rule.reverse.map(({ to, slope }) => [to, slope?.value]),
    [
      ["z", 1],
      ["h1", 1],
    ],
  );
  assert.equal(found.gradient.z, 2);
});

test("brackets are printed where they are needed", () => {
  const printed = (expression: string) => explain(expression, { x: 2 }).steps.at(-1)?.expression;
  assert.equal(printed("(-1 + 0.5) / x"), "(−1 + 0.5) / x");
  assert.equal(printed("1 - (2 - 3) - x"), "1 − (2 − 3) − x");
  assert.equal(printed("(-2)^2 * x"), "(−2)²·x");
  assert.equal(printed("-2^2 * x"), "−2²·x");
  assert.equal(printed("x / (2 / 3)"), "x / (2 / 3)");
  assert.equal(printed("(2^3)^x"), "(2³)^x");
});

test("a choice shows its condition, and derivatives take the chosen side", () => {
  const found = explain("where(x > 0, x, 0.1*x)", { x: -2 });
  assert.deepEqual(found.step("h1").value, false);
  assert.equal(found.step("h1").adjoint, null);
  assert.equal(found.gradient.x, 0.1);
});

test("max, min and ln are understood beside the library's names", () => {
  assert.equal(explain("max(x, 2) - min(x, 2) + ln(e)", { x: 5 }).value, 4);
});

test("a variable may be called e, pi or h1", () => {
  assert.equal(explain("2*e", { e: 5 }).value, 10);
  const found = explain("exp(h1) + 1", { h1: 0 });
  assert.deepEqual(
    found.steps.map(({ name }) => name),
    ["h1", "v1", "v2"],
  );
});

test("a derivative is explained like any function, to any order", () => {
  const found = explain("x^3*y", { x: 2, y: 5 }, { derivative: ["x", "x"] });
  assert.equal(found.value, 60);
  assert.deepEqual(found.gradient, { x: 30, y: 12 });
  assert.match(found.text(), /∂³f\/∂x²∂y {2}= 12 by forward mode/);
});

test("an expression without variables has a value and no steps", () => {
  const found = explain("1 + 2*3", {});
  assert.equal(found.value, 7);
  assert.deepEqual(found.steps, []);
  assert.match(found.text(), /f {2}= 7/);
});

const complaints: readonly (readonly [string, RegExp])[] = [
  ["1 / (2", /the expression ends too early\n {2}expected {2}"\)".*\n {2}got {7}1 \/ \(2\n {18}\^/],
  ["", /the expression ends too early\n {2}expected {2}a name, a number, "\("/],
  ["x + * x", /"\*" cannot stand at character 5/],
  ["2x", /"x" cannot stand at character 2(.|\n)*write the multiplication: 2\*x/],
  ["x $ x", /"\$" cannot stand at character 3/],
  ["y + 1", /y has no value \(character 1\)\n {2}expected {2}one of x, pi, π, e(.|\n)*y=1/],
  ["1 + sine(x)", /there is no function sine \(character 5\)\n {2}expected {2}abs, acos, (.|\n)*tanh, where/],
  ["sin(x, x)", /sin takes 1 argument, not 2 \(character 1\)/],
  ["power(x)", /power takes 2 arguments, not 1/],
  ["sin + x", /sin is a function/],
  ["x(x)", /there is no function x \(character 1\)(.|\n)*x\*\(…\)/],
  ["x = 2; x", /x already has a value/],
  ["x > 0", /the result is true or false/],
  ["where(x, 1, 2)", /where \(its condition\): takes no float32 \(character 1\)\n {2}expected {2}bool/],
];

for (const [expression, complaint] of complaints) {
  test(`"${expression}" is refused with its place and what is known`, () => {
    assert.throws(() => explain(expression, { x: 1 }), { name: "Fault", message: complaint });
  });
}

test("directions and derivatives that do not exist are refused by name", () => {
  assert.throws(() => explain("x", { x: 1 }, { forward: ["y"] }), /there is no direction y/);
  assert.throws(() => explain(({ w }) => w, { w: 1 }, { forward: ["w[0]"] }), /w has no element \[0\]/);
  assert.throws(() => explain("x", { x: 1 }, { derivative: ["y"] }), /no derivative with respect to y/);
  assert.throws(() => explain("x", { x: 1 }, { digits: 0 }), /digits out of range/);
});

test("an expression that is nested without end is refused", () => {
  assert.throws(() => explain(`${"(".repeat(5000)}x${")".repeat(5000)}`, { x: 1 }), {
    name: "Fault",
    message: /nested too deeply/,
  });
});

test("a point is read from text, with expressions for values", () => {
  assert.deepEqual(parsePoint("x=1, w=-0.5,b = max(1, 2)*pi"), { x: 1, w: -0.5, b: 2 * Math.PI });
  assert.deepEqual(parsePoint(""), {});
  assert.throws(() => parsePoint("x=1,2"), /cannot read "2" as a value of the point/);
  assert.throws(() => parsePoint("x=1,x=2"), /x has two values/);
  assert.throws(() => parsePoint("x=1 2"), /cannot read the value of x/);
});
