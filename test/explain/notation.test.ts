import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Explanation, explain, scalarFunctions } from "../../src/explain/index.js";
import { notations } from "../../src/explain/notation.js";
import { isClose, valueOfFormula } from "./support.js";

/** Functions that are finite on the whole line, so that random expressions mostly are. */
const tame = [
  "sin",
  "cos",
  "atan",
  "tanh",
  "sigmoid",
  "erf",
  "softplus",
  "abs",
  "relu",
  "square",
  "neg",
  "normalCdf",
  "log1p(abs",
];

const { term } = fc.letrec<{ term: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(fc.constantFrom("x", "y", "z"), fc.integer({ min: -3, max: 3 }).map((n) => (n < 0 ? `(${n})` : String(n))), fc.constantFrom("0.5", "pi")), // biome-ignore format: one list
  term: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    tie("leaf"),
    fc
      .tuple(tie("term"), fc.constantFrom("+", "-", "*", "/", ">", "<"), tie("term"))
      .map(([a, sign, b]) => (sign === ">" || sign === "<" ? `where(${a} ${sign} ${b}, ${a}, ${b})` : `(${a} ${sign} ${b})`)),
    fc.tuple(fc.constantFrom(...tame), tie("term")).map(([name, a]) => `${name}(${a})${name.includes("(") ? ")" : ""}`),
    fc.tuple(fc.constantFrom("max", "min"), tie("term"), tie("term")).map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc.tuple(tie("term"), fc.constantFrom("2", "3", "-1", "0.5")).map(([a, power]) => `(1 + ${a}^2)^${power}`),
  ),
}));

/** The same expressions in every run; other ones by the environment. */
const seed = Number(process.env.SOFTGRAD_TEST_SEED ?? 202611);

const point = fc.record({ x: number(), y: number(), z: number() });
function number() {
  return fc.integer({ min: -20, max: 20 }).map((n) => n / 8);
}

const isTame = ({ steps }: Explanation): boolean =>
  steps.every(({ value, adjoint, tangents }) =>
    [value, adjoint ?? 0, ...Object.values(tangents)].every((one) => Math.abs(Number(one)) < 1e6),
  );

/** Values of all steps by name, with the tangents and adjoints as ẋ and x̄. */
function valuesOf({ steps }: Explanation, direction: string): Record<string, number | boolean> {
  return Object.fromEntries(
    steps.flatMap(({ name, value, tangents, adjoint }) => [
      [name, value as number | boolean],
      [marked(name, "\u0307"), Number(tangents[direction])],
      [marked(name, "\u0304"), Number(adjoint)],
    ]),
  );
}
const marked = (name: string, mark: string): string => `${name[0]}${mark}${name.slice(1)}`;

test("every printed formula and rule, read back, gives the number beside it", () => {
  fc.assert(
    fc.property(term, point, (expression, at) => {
      const found = explain(expression, at, { digits: 17 });
      fc.pre(isTame(found));
      for (const direction of found.directions) {
        const values = valuesOf(found, direction);
        for (const step of found.steps) {
          if (step.kind === "variable" || typeof step.value === "boolean") continue;
          agree(step.expression, valueOfFormula(step.expression, values), Number(step.value));
          if (step.rule.forward !== null) {
            const [, formula] = step.rule.forward.split(" = ");
            agree(step.rule.forward, valueOfFormula(formula, values), Number(step.tangents[direction]));
          }
          for (const { text, value, slope } of step.rule.reverse) {
            const [, formula] = text.split(" += ");
            agree(text, valueOfFormula(formula, values), Number(value));
            if (slope !== null) agree(`slope ${slope.text}`, valueOfFormula(slope.text, values), slope.value);
          }
        }
      }
    }),
    { numRuns: 60, seed },
  );
});

function agree(what: string, got: number, expected: number): void {
  const close = isClose(got, expected, 1e-9) || Math.abs(got - expected) < 1e-9;
  assert.ok(close, `${what} reads as ${got}, and stands beside ${expected}`);
}

test("forward and reverse mode agree on random expressions, and adjoints are the sums of what they were given", () => {
  fc.assert(
    fc.property(term, point, (expression, at) => {
      const found = explain(expression, at);
      fc.pre(isTame(found));
      for (const name of found.directions) agree(`∂${name} of ${expression}`, found.forward[name], Number(found.gradient[name]));
      for (const step of found.steps) {
        if (step.adjoint === null || step.name === found.result) continue;
        const given = found.steps.flatMap(({ rule }) => rule.reverse.filter(({ to }) => to === step.name));
        agree(`the adjoint of ${step.name}`, given.reduce((total, { value }) => total + Number(value), 0), Number(step.adjoint)); // biome-ignore format: one line
      }
    }),
    { numRuns: 60, seed },
  );
});

test("every function of the library that takes numbers can be typed, and its steps have rules", () => {
  const functions = scalarFunctions();
  for (const name of ["exp", "sigmoid", "power", "maximum", "clip", "where", "softplus", "max", "ln"])
    assert.ok(functions.has(name), name);
  for (const name of ["sum", "reshape", "tensor", "argmax", "sort", "einsum", "isTensor"]) assert.ok(!functions.has(name), name);
  for (const [name, { arity }] of functions) {
    const takesTruth = name.startsWith("logical");
    const args = Array.from({ length: arity }, (_, i) => (takesTruth || (name === "where" && i === 0) ? "x > 0" : `x + ${i}`));
    const call = `${name}(${args.join(", ")})`;
    const isRelation = takesTruth || /^(equal|notEqual|greater|less)/.test(name);
    const found = explain(isRelation ? `where(${call}, x, 2*x)` : call, { x: 0.375 });
    assert.ok(Number.isFinite(found.value), `${call} is ${found.value}`);
    agree(call, found.forward.x, Number(found.gradient.x));
  }
});

test("a table of special notations covers the signs of school algebra", () => {
  const covered = [...notations.keys()].map(({ name }) => name).sort();
  assert.deepEqual(covered, [
    ...["add", "cast", "div", "equal", "greater", "greaterEqual", "identity", "less", "lessEqual", "matmul", "mul", "neg"],
    ...["notEqual", "power", "reciprocal", "sigmoidSlope", "step", "sub", "sum", "tailSigmoid", "tailSigmoidSlope", "tanhSlope"],
  ]);
});
