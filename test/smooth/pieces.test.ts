import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue } from "../../src/activations/index.js";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import {
  abs,
  add,
  ceil,
  clip,
  exp,
  floor,
  greater,
  maximum,
  mul,
  neg,
  relu,
  round,
  sub,
  tanh,
  where,
} from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { gaussian, mollify, NoClosedForm, type Pieces } from "../../src/smooth/index.js";
import { rules } from "../../src/smooth/pieces/rules.js";
import { scalar } from "../../src/smooth/pieces/scalar.js";
import { piecesOf } from "../../src/smooth/pieces/trace.js";

/** Breaks, and the coefficients of each piece by rising power. */
const plain = ({ breaks, pieces }: Pieces): unknown => ({
  breaks: breaks.map(({ at }) => at || 0),
  pieces: pieces.map((piece) => {
    const list: number[] = [];
    for (const { coefficient, power } of piece) list[power] = coefficient.at;
    return Array.from(list, (value) => value || 0);
  }),
});

const cases: readonly (readonly [string, (x: Tensor) => Tensor, unknown])[] = [
  ["a relu", (x) => relu(x), { breaks: [0], pieces: [[], [0, 1]] }],
  ["a maximum of three lines", (x) => maximum(maximum(neg(x), 1), x), { breaks: [-1, 1], pieces: [[0, -1], [1], [0, 1]] }],
  ["a clipped parabola", (x) => clip(mul(x, x), 1, 4), { breaks: [-2, -1, 1, 2], pieces: [[4], [0, 0, 1], [1], [0, 0, 1], [4]] }],
  [
    "a function in a function",
    (x) => abs(sub(abs(x), 2)),
    {
      breaks: [-2, 0, 2],
      pieces: [
        [-2, -1],
        [2, 1],
        [2, -1],
        [-2, 1],
      ],
    },
  ],
  ["a jump", (x) => where(greater(x, 1), mul(x, x), 0), { breaks: [1], pieces: [[], [0, 0, 1]] }],
  ["a break at which nothing changes", (x) => add(relu(x), neg(relu(neg(x)))), { breaks: [], pieces: [[0, 1]] }],
  ["a condition that holds on both sides", (x) => where(greater(x, 3), x, x), { breaks: [], pieces: [[0, 1]] }],
];

for (const [name, f, expected] of cases) {
  test(`${name} is taken apart into its pieces`, () => assert.deepEqual(plain(piecesOf(f, {})), expected));
}

test("a learned number stays a graph in breaks and coefficients, whose value decides the order", () => {
  const a = parameter([], "float32");
  const { breaks, pieces } = piecesOf((x, { limit }) => clip(x, neg(limit), limit), { limit: scalar(2, a) });
  assert.deepEqual(
    breaks.map(({ at }) => at),
    [-2, 2],
  );
  const moved = interpret(
    [...breaks.map(({ graph }) => graph as Tensor), pieces[2][0].coefficient.graph as Tensor],
    new Map([[a, Float64Array.of(3)]]),
  );
  assert.deepEqual(
    moved.map(([value]) => value),
    [-3, 3, 3],
  );
});

test("every activation that says it is made of lines and parabolas has pieces", () => {
  const kinked = catalogue.filter(({ facts }) => facts.kind === "pointwise" && facts.kinks.length > 0);
  const without = kinked.filter((f) => {
    try {
      piecesOf((x) => f(x), {});
      return false;
    } catch (error) {
      assert.ok(error instanceof NoClosedForm, `${f.name}: ${error}`);
      return true;
    }
  });
  // Between their corners these are logarithms, roots, fractions and saturating functions.
  assert.deepEqual(
    without.map(({ name }) => name).sort(),
    ["elish", "elliott", "isrlu", "logRelu", "opau", "pau", "penalizedTanh", "softsign", "symlog"].sort(),
  );
});

test("the rules cover the operations that keep pieces pieces, and no others", () => {
  const names = [...rules.keys()].map(({ name }) => name);
  for (const name of ["add", "sub", "mul", "div", "maximum", "minimum", "where", "abs", "sign", "clip", "relu", "power", "exp"]) {
    assert.ok(names.includes(name), name);
  }
  assert.throws(() => piecesOf((x) => tanh(x), {}), NoClosedForm);
  assert.throws(() => piecesOf((x) => exp(mul(x, x)), {}), NoClosedForm);
});

test("a staircase is sent to the sums that know it", () => {
  for (const f of [floor, ceil, round]) {
    assert.throws(
      () => mollify((x) => f(x), { kernel: gaussian })(0),
      (error) => error instanceof Fault && !(error instanceof NoClosedForm) && /smoothFloor/.test(error.message),
    );
  }
});
