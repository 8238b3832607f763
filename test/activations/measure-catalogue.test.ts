import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Activation,
  catalogue,
  contradictions,
  elu,
  gelu,
  leakyRelu,
  line,
  type MeasuredFacts,
  measureFacts,
  type PointwiseFacts,
  range,
  relu,
  tanh,
} from "../../src/activations/index.js";
import { close, known } from "./measured-functions.js";

/** The activation as it is, and with another value of each of its first three parameters. */
function variants(f: Activation): Activation[] {
  const others = Object.entries(f.record.parameters)
    .slice(0, 3)
    .flatMap(([name, parameter]) => {
      const other = [0.5, 2, 1.5, 0.25].find(
        (x) => x !== parameter.default && x >= parameter.range[0] && x <= parameter.range[1],
      );
      return parameter.whole || other === undefined ? [] : [f.with({ [name]: other })];
    });
  return [f, ...others];
}

const gaps = (measured: MeasuredFacts): string[] =>
  Object.entries(measured).flatMap(([name, fact]) =>
    "established" in fact && !fact.established ? [`${name}: ${fact.reason}`] : [],
  );

for (const f of catalogue.flatMap(variants)) {
  const { facts } = f;
  if (facts.kind !== "pointwise") continue;
  test(`${f.record.name} (${f.title}): what is measured is what is declared`, () => {
    const measured = measureFacts(f);
    assert.deepEqual(contradictions(facts, measured), []);
    const swings = [facts.left, facts.right].some(({ kind }) => kind === "oscillates");
    // What cannot be had: bounds of what oscillates without repeating itself, a critical initialisation of every function.
    const none = /^critical: (weights that keep gradients|it jumps|its slope is 0)|^backwardGain: the moment is 0/;
    const missing = gaps(measured).filter((gap) => !swings && !none.test(gap));
    assert.deepEqual(missing, []);
    const { mean, secondMoment } = f.moments ?? { mean: Number.NaN, secondMoment: Number.NaN };
    assert.ok(close(known(measured.mean), mean, 1e-10), `mean ${mean}, measured ${known(measured.mean)}`);
    assert.ok(
      close(known(measured.secondMoment), secondMoment, 1e-10),
      `${secondMoment}, measured ${known(measured.secondMoment)}`,
    );
  });
}

/** The facts of an activation of the catalogue, as those of a function of one number. */
function factsOf(f: Activation): PointwiseFacts {
  assert.ok(f.facts.kind === "pointwise");
  return f.facts;
}

const planted: readonly (readonly [what: string, f: Activation, wrong: Partial<PointwiseFacts>])[] = [
  ["a range that is a hair too narrow", gelu, { range: range("[", -0.1699712, Infinity, ")") }],
  ["an end that is not attained", tanh, { range: range("(", -1, 1, "]") }],
  ["an end that is attained after all", relu, { range: range("(", 0, Infinity, ")"), minimumAt: null }],
  ["the wrong direction", tanh, { monotone: "decreasing" }],
  ["a dip forgotten", gelu, { monotone: "increasing" }],
  ["a symmetry it has not", elu, { parity: "odd" }],
  ["a mean it has not", relu, { zeroCentred: true }],
  ["an asymptote a little off", elu, { left: line(0, -1.0001) }],
  ["a slope a little off", leakyRelu, { left: line(0.0101) }],
  ["growth where there is a line", relu, { right: { kind: "grows", like: "x^2" } }],
  ["a kink too few", relu, { kinks: [] }],
  ["a kink moved by a hundred millionth", leakyRelu, { kinks: [{ at: 1e-8, order: 1 }] }],
  ["a kink of another order", elu, { kinks: [{ at: 0, order: 1 }] }],
  ["a kink too many", tanh, { kinks: [{ at: 0, order: 3 }] }],
  ["a smoother class", elu, { smoothness: "C2" }],
  ["a slope bound off by two millionths", gelu, { lipschitz: 1.1289041451851856 * (1 + 2e-6) }],
  ["a curvature bound off by two millionths", gelu, { curvature: (2 / Math.sqrt(2 * Math.PI)) * (1 - 2e-6) }],
  ["a minimum elsewhere", gelu, { minimumAt: -0.7518 }],
];

for (const [what, f, wrong] of planted) {
  test(`a wrong fact planted in ${f.name} is found: ${what}`, () => {
    const found = contradictions({ ...factsOf(f), ...wrong }, measureFacts(f));
    const named = Object.keys(wrong);
    assert.equal(found.length, named.length, found.join("; "));
    for (const name of named)
      assert.ok(
        found.some((problem) => problem.startsWith(`${name}: declared`)),
        `${name}: ${found.join("; ")}`,
      );
  });
}
