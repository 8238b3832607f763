import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  type Activation,
  findActivation,
  gelu,
  hardSwish,
  hardTanh,
  leakyRelu,
  relu,
  sau,
  silu,
  smelu,
  smu,
  softplus,
  squareplus,
} from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { clip, exp, maximum, mul, neg, sum, tanh, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { algebraic, box, cauchy, Divergence, gate, gaussian, kernelOf, logistic, mollify, t3 } from "../../src/smooth/index.js";

const points = [-800, -30, -6, -2.5, -1, -0.3, -1e-9, 0, 1e-9, 0.4, 1, 2.5, 6, 30, 800];
const x = tensor(points);
const numbers = (y: Tensor): number[] => [...interpret([y])[0]];

/** f(u), f′(u) and f″(u) for all points together. */
function derivatives(f: (x: Tensor) => Tensor): number[][] {
  const slope = (at: Tensor): Tensor => grad((y: Tensor) => sum(f(y)))(at);
  const bend = (at: Tensor): Tensor => grad((y: Tensor) => sum(slope(y)))(at);
  return [f, slope, bend].map((g) => numbers(g(x)));
}

const identities: readonly (readonly [string, (x: Tensor) => Tensor, (x: Tensor) => Tensor])[] = [
  ["relu by the logistic kernel is softplus", mollify(relu, { kernel: logistic }), softplus],
  [
    "relu by the logistic kernel of width ½ is softplus with β = 2",
    mollify(relu, { kernel: logistic, width: 0.5 }),
    softplus.with({ beta: 2 }),
  ],
  ["relu gated by the logistic kernel is SiLU", gate(relu, { kernel: logistic }), silu],
  ["relu gated by the Gaussian kernel is GELU", gate(relu, { kernel: gaussian }), gelu],
  ["relu by the t₂ kernel of width 2 is squareplus", mollify(relu, { kernel: algebraic, width: 2 }), squareplus],
  ["relu by the box kernel of width 2 is SmeLU", mollify(relu, { kernel: box, width: 2 }), smelu],
  ["relu gated by the box kernel of width 3 is hard-swish", gate(relu, { kernel: box, width: 3 }), hardSwish],
  [
    "a leaky relu by the Gaussian kernel is SAU",
    mollify(leakyRelu.with({ alpha: 0.15 }), { kernel: gaussian, width: 0.5 }),
    sau.with({ alpha: 0.15, width: 0.5 }),
  ],
  [
    "a leaky relu gated by the Gaussian kernel is SMU",
    gate(leakyRelu.with({ alpha: 0.25 }), { kernel: gaussian, width: 1 / (Math.SQRT2 * 2 * 0.75) }),
    smu.with({ alpha: 0.25, mu: 2 }),
  ],
];

for (const [name, made, known] of identities) {
  test(`${name}, with two derivatives`, () => {
    const [mine, theirs] = [derivatives(made), derivatives(known)];
    mine.forEach((values, order) =>
      values.forEach((value, i) => {
        const expected = theirs[order][i];
        const close = 1e-14 * Math.max(1, Math.abs(expected));
        assert.ok(Math.abs(value - expected) <= close, `order ${order} at ${points[i]}: ${value}, not ${expected}`);
      }),
    );
  });
}

test("whoever writes the function differently gets the same pieces", () => {
  const ways: ((x: Tensor) => Tensor)[] = [(u) => clip(u, -1, 1), (u) => maximum(neg(maximum(neg(u), -1)), -1)];
  const reference = numbers(mollify(hardTanh, { kernel: gaussian, width: 0.7 })(x));
  for (const f of ways) {
    numbers(mollify(f, { kernel: gaussian, width: 0.7 })(x)).forEach((value, i) =>
      assert.ok(Math.abs(value - reference[i]) < 1e-14),
    );
  }
});

test("derivatives in the width, a slope and a break are the limits of differences, and so are theirs", () => {
  const cases = [
    { f: mollify(leakyRelu, { kernel: gaussian, width: 0.5 }) as Activation, at: { width: 0.5, alpha: 0.15 } },
    { f: mollify(hardTanh, { kernel: t3, width: 0.5 }) as Activation, at: { width: 0.8 } },
    {
      f: mollify((u, { a }: { a: Tensor | number | boolean }) => clip(u, neg(a), a), {
        kernel: logistic,
        parameters: { a: 1 },
      }) as Activation,
      at: { width: 0.4, a: 1.2 },
    },
  ];
  const near = tensor([-2.5, -0.9, 0.3, 1.4]);
  for (const { f, at } of cases) {
    for (const name of Object.keys(at) as (keyof typeof at)[]) {
      const loss = (value: Tensor): Tensor => sum(mul(f(near, { ...at, [name]: value }), tensor([1, -2, 0.5, 3])));
      const value = (at[name] as unknown as number) ?? 0;
      const slope = grad(loss);
      const bend = grad((v: Tensor) => slope(v));
      const exact = (g: (v: Tensor) => Tensor, by: number): number => numbers(g(tensor64(value + by)))[0];
      const difference = (g: (v: Tensor) => Tensor): number => (exact(g, STEP) - exact(g, -STEP)) / (2 * STEP);
      assert.ok(Math.abs(exact(slope, 0) - difference(loss)) < 1e-6, `${f.name} by ${name}`);
      assert.ok(Math.abs(exact(bend, 0) - difference(slope)) < 1e-5, `${f.name} twice by ${name}`);
    }
  }
});

/** A power of two: what is added to a float32 number stays one. */
const STEP = 2 ** -13;
const tensor64 = (value: number): Tensor => tensor(Math.fround(value));

test("a kernel of an activation makes it of a relu again, with the moments that quadrature finds", () => {
  const { cases } = JSON.parse(readFileSync(new URL("../golden/kernel-of.json", import.meta.url), "utf8")) as {
    cases: Record<string, { second: number; norm: number }>;
  };
  for (const [name, expected] of Object.entries(cases)) {
    const f = findActivation(name) as Activation;
    const { kernel, mean, secondMoment, l1Norm, positive } = kernelOf(f);
    assert.ok(Math.abs(mean) < 1e-9, `${name}: ${mean}`);
    assert.ok(Math.abs(secondMoment - expected.second) < 1e-9, `${name}: ${secondMoment}, not ${expected.second}`);
    assert.ok(Math.abs(l1Norm - expected.norm) < 1e-9, `${name}: ${l1Norm}, not ${expected.norm}`);
    assert.equal(positive, Math.abs(expected.norm - 1) < 1e-9, name);
    const [made, known] = [numbers(mollify(relu, { kernel })(x)), numbers(f(x))];
    made.forEach((value, i) =>
      assert.ok(Math.abs(value - known[i]) <= 1e-12 * Math.max(1, Math.abs(known[i])), `${name} ${points[i]}`),
    );
  }
  assert.throws(() => kernelOf(hardSwish), /corner/);
  assert.throws(() => kernelOf(hardTanh), /does not go from 0 to x/);
});

test("a relu by the Cauchy kernel diverges and is told so; a bounded function does not", () => {
  assert.throws(
    () => mollify(relu, { kernel: cauchy })(0),
    (error) => error instanceof Divergence && /diverges/.test(error.problem),
  );
  // −1 + ε[G((x + 1)/ε) − G((x − 1)/ε)], G(z) = z(½ + atan(z)/π) − log(1 + z²)/(2π).
  const g = (z: number): number => z * (0.5 + Math.atan(z) / Math.PI) - Math.log1p(z * z) / (2 * Math.PI);
  const got = numbers(mollify(hardTanh, { kernel: cauchy, width: 0.5 })(x));
  points.forEach((at, i) => {
    const expected = -1 + 0.5 * (g((at + 1) / 0.5) - g((at - 1) / 0.5));
    assert.ok(Math.abs(got[i] - expected) < 1e-12, `${at}: ${got[i]}, not ${expected}`);
  });
});

test("a function without closed form goes by quadrature or from a table, and says so", () => {
  // E(x − wZ)⁴ = x⁴ + 6x²w² + 3w⁴, Z standard normal.
  const fourth = mollify((u) => mul(mul(u, u), mul(u, u)), { kernel: gaussian, width: 0.5 });
  assert.equal(fourth.way.kind, "quadrature");
  assert.ok(fourth.way.error < 1e-13);
  const near = [-2, -0.4, 0, 1.3].map(Math.fround);
  const expected = near.map((at) => at ** 4 + 1.5 * at ** 2 + 3 / 16);
  numbers(fourth(tensor(near))).forEach((value, i) =>
    assert.ok(Math.abs(value - expected[i]) < 1e-12 * Math.max(1, expected[i])),
  );
  const ways = (["quadrature", "table"] as const).map((method) => mollify(tanh, { kernel: gaussian, width: 0.5, method }));
  assert.deepEqual(
    ways.map(({ way }) => way.kind),
    ["quadrature", "table"],
  );
  const [summed, tabled] = ways.map((smooth) => numbers(smooth(x)));
  summed.forEach((value, i) => assert.ok(Math.abs(value - tabled[i]) < 1e-12, `${points[i]}`));
  // By quadrature what has a closed form comes out the same.
  const [closed, other] = [
    mollify(hardTanh, { kernel: logistic }),
    mollify(hardTanh, { kernel: logistic, method: "quadrature" }),
  ];
  const [a, b] = [numbers(closed(x)), numbers(other(x))];
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-12, `${points[i]}: ${value} and ${b[i]}`));
});

test("what cannot be smoothed is refused, and the fault says why", () => {
  const wrong: readonly (readonly [() => unknown, RegExp])[] = [
    [() => mollify(relu, { kernel: gaussian, width: 0 }), /width/],
    [() => mollify(relu, { kernel: gaussian, width: -1 }), /width/],
    [() => mollify(relu, { kernel: gaussian, width: Number.NaN }), /width/],
    [() => mollify(relu, { kernel: gaussian, width: { maximumError: 0 } }), /maximumError/],
    [() => mollify((u) => mul(u, tensor([1, 2])), { kernel: gaussian })(0), /one number of one number/],
    [() => mollify(5 as unknown as (u: Tensor) => Tensor, { kernel: gaussian }), /no function/],
    [() => mollify((u) => exp(mul(u, u)), { kernel: gaussian, method: "closed form" })(0), /straight line/],
    [() => mollify(relu, { kernel: gaussian, method: "guess" as "table" }), /no such method/],
    [() => mollify(tanh, { kernel: gaussian, method: "table" })(0, { width: 2 }), /holds one width/],
    [() => mollify(tanh, { kernel: gaussian }).source("pytorch"), /computed by quadrature/],
    [() => gate((u) => exp(maximum(u, 0)), { kernel: gaussian })(0), /gated/],
    [
      () =>
        mollify((u, { a }: { a: Tensor | number | boolean }) => mul(u, a), { kernel: gaussian, parameters: { a: Number.NaN } }),
      /not a number/,
    ],
  ];
  for (const [attempt, message] of wrong)
    assert.throws(attempt, (error) => error instanceof Fault && message.test(error.message), String(message));
});
