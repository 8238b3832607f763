import assert from "node:assert/strict";
import { test } from "node:test";
import { grad } from "../../src/diff/index.js";
import { expressionFunction } from "../../src/explain/index.js";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

test("an expression is a function of x, element by element, and of its parameters", () => {
  const f = expressionFunction("s = a*x; max(x, s)", { parameters: ["a"] });
  assert.deepEqual(Array.from(interpret([f(tensor([-2, 0, 3]), { a: 0.5 })])[0]), [-1, 0, 3]);
  assert.deepEqual(Array.from(interpret([f(tensor([-2, 0, 3]), { a: tensor(2) })])[0]), [-2, 0, 6]);
});

test("it has derivatives", () => {
  const f = expressionFunction("where(x > 0, x^2, 0)");
  assert.equal(interpret([grad(f)(tensor(3))])[0][0], 6);
});

test("what is wrong with it is told when it is made, with the place", () => {
  assert.throws(() => expressionFunction("max(x,"), /^Fault: expression: the expression ends too early[\s\S]*\^/);
  assert.throws(() => expressionFunction("a*x"), /a has no value \(character 1\)[\s\S]*make it a parameter: a/);
  assert.throws(() => expressionFunction("x", { parameters: ["a"] }), /there is no a in the expression/);
  assert.throws(() => expressionFunction("1 + 2"), /there is no x in the expression/);
  assert.throws(() => expressionFunction("x < 2"), /true or false/);
});
