import assert from "node:assert/strict";
import { test } from "node:test";
import type { Activation, PointwiseFacts } from "../../src/activations/index.js";
import {
  gaussian,
  gelu,
  hardShrink,
  kink,
  line,
  range,
  relu,
  selu,
  sine,
  softsign,
  squaredRelu,
} from "../../src/activations/index.js";
import { type Case, factChecks } from "./fact-checks.js";

const complaints = (one: Case): string[] =>
  factChecks.flatMap(([what, check]) => {
    try {
      check(one);
      return [];
    } catch (error) {
      return [`${what}: ${String(error)}`];
    }
  });

const stated = (f: Activation): PointwiseFacts => {
  assert.ok(f.facts.kind === "pointwise");
  return f.facts;
};

/** What is not true of an activation. */
const lies: readonly (readonly [f: Activation, lie: Partial<PointwiseFacts>])[] = [
  [gelu, { range: range("[", -0.17, Infinity, ")") }],
  [gelu, { range: range("[", -0.18, Infinity, ")") }],
  [gelu, { range: range("(", -0.16997120747990366, Infinity, ")"), minimumAt: null }],
  [gelu, { range: range("[", -0.16997120747990366, 100, ")") }],
  [softsign, { range: range("[", -1, 1, "]"), minimumAt: -1000 }],
  [gelu, { minimumAt: -0.7 }],
  [gelu, { minimumAt: null }],
  [selu, { minimumAt: 0 }],
  [gelu, { monotone: "increasing" }],
  [relu, { monotone: "neither" }],
  [relu, { monotone: "decreasing" }],
  [softsign, { parity: "even" }],
  [softsign, { parity: "neither" }],
  [gaussian, { parity: "odd" }],
  [selu, { zeroCentred: false }],
  [relu, { zeroCentred: true }],
  [relu, { left: line(0.01) }],
  [relu, { right: line(1, 0.01) }],
  [relu, { right: { kind: "grows", like: "x²" } }],
  [relu, { right: { kind: "sublinear", like: "log x" } }],
  [relu, { left: { kind: "oscillates" } }],
  [sine, { left: line(0) }],
  [squaredRelu, { right: line(2) }],
  [relu, { smoothness: "C1" }],
  [gelu, { smoothness: "C2" }],
  [gelu, { kinks: [kink(0, 2)], smoothness: "C1" }],
  [relu, { kinks: [], smoothness: "analytic" }],
  [relu, { kinks: [kink(1, 1)] }],
  [relu, { kinks: [kink(0, 0)], smoothness: "discontinuous" }],
  [squaredRelu, { kinks: [kink(0, 1)], smoothness: "C0" }],
  [hardShrink, { kinks: [kink(0.5, 0)] }],
  [gelu, { lipschitz: 1.13 }],
  [gelu, { lipschitz: 1.128 }],
  [squaredRelu, { lipschitz: 2 }],
  [relu, { lipschitz: Infinity }],
  [softsign, { curvature: 1 }],
  [softsign, { curvature: 2.01 }],
];

test("what is said of these activations is true", () => {
  for (const f of new Set(lies.map(([one]) => one))) {
    assert.deepEqual(complaints({ label: f.title, f, facts: stated(f) }), [], f.title);
  }
});

for (const [f, lie] of lies) {
  test(`a wrong fact is found out: ${f.title} with ${JSON.stringify(lie)}`, () => {
    const found = complaints({ label: f.title, f, facts: { ...stated(f), ...lie } });
    assert.ok(found.length > 0, "every check believed it");
  });
}
