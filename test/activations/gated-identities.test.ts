import assert from "node:assert/strict";
import { test } from "node:test";
import * as activations from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { add, concat, erf, exp, mul, neg, normalPdf, reshape, sub, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

const { aconB, aconC, aglu, aria2, asau, atlu, bentIdentity, cRelu, dSilu, eSwish, elish, elu, findActivation, gelu } =
  activations;
const { golu, glu, identity, leakyRelu, lisht, logSoftmax, maxMin, maxout, mish, opau, pau, polyRelu, prelu, pserf, quickGelu } =
  activations;
const { relu, sau, serf, sigmoid, silu, smu, smu1, softmax, softmin, softplus, squareplus, swiGlu, swish } = activations;
const { swishT, tanh, tanhExp, tanhShrink, xAtlu, xGelu, xSilu, xielu, xiprelu, smoothSquaredRelu, softmaxOne } = activations;

type F = (x: Tensor) => Tensor;
const slope = (f: F): F => grad((x) => sum(f(x)));

/** Pairs that are one function, on the whole line and in their slopes too. */
const same: Readonly<Record<string, readonly [F, F]>> = {
  "TeLU is TanhExp": [(x) => findActivation("TeLU")?.(x) as Tensor, tanhExp],
  "Swish of sharpness 1 is SiLU": [(x) => swish(x, { beta: 1 }), silu],
  "quick GELU is Swish of sharpness 1.702": [quickGelu, (x) => swish(x, { beta: 1.702 })],
  "E-swish of height 1 is SiLU": [(x) => eSwish(x, { beta: 1 }), silu],
  "dSiLU is the slope of SiLU": [dSilu, slope(silu)],
  "SMU without a leak, of sharpness 1/√2, is GELU": [(x) => smu(x, { alpha: 0, mu: Math.SQRT1_2 }), gelu],
  "SMU-1 without a leak is squareplus": [(x) => smu1(x, { alpha: 0, mu: 2 }), (x) => squareplus(x, { b: 4 })],
  "SAU without a leak is GELU and the normal density": [(x) => sau(x, { alpha: 0, width: 1 }), (x) => add(gelu(x), normalPdf(x))],
  "the slope of SAU without a leak is the normal distribution": [slope((x) => sau(x, { alpha: 0 })), activations.probit],
  "ACON-C of slopes 1 and 0 is Swish": [(x) => aconC(x, { p1: 1, p2: 0, beta: 2 }), (x) => swish(x, { beta: 2 })],
  "ACON-C of slope 1 is ACON-B": [(x) => aconC(x, { p1: 1, p2: 0.3, beta: 2 }), (x) => aconB(x, { p2: 0.3, beta: 2 })],
  "ACON-C of equal slopes is a line": [(x) => aconC(x, { p1: 0.5, p2: 0.5, beta: 2 }), (x) => mul(x, 0.5)],
  "ASAU without a leak is Mish": [(x) => asau(x, { alpha: 0, w1: 1, w2: 1 }), mish],
  "Pserf of ones is Serf": [(x) => pserf(x, { gamma: 1, delta: 1 }), serf],
  "ARiA2 of power 1 is Swish": [(x) => aria2(x, { alpha: 1, beta: 2 }), (x) => swish(x, { beta: 2 })],
  "AGLU of ones is SiLU": [(x) => aglu(x, { kappa: 1, lambda: 1 }), silu],
  "Mish is x times the tanh of softplus": [mish, (x) => mul(x, tanh(softplus(x)))],
  "Serf is x times the error function of softplus": [serf, (x) => mul(x, erf(softplus(x)))],
  "tanh-shrink and tanh add up to the identity": [(x) => add(tanhShrink(x), tanh(x)), identity],
  "LiSHT is x times tanh": [lisht, (x) => mul(x, tanh(x))],
  "ELiSH is ELU times the sigmoid": [elish, (x) => mul(elu(x), sigmoid(x))],
  "SwishT without tanh is SiLU": [(x) => swishT(x, { alpha: 0 }), silu],
  "xATLU, xGELU and xSiLU start as what they expand": [
    (x) => add(add(xAtlu(x), xGelu(x)), xSilu(x)),
    (x) => add(add(atlu(x), gelu(x)), silu(x)),
  ],
  "ATLU and its mirror image differ by the identity": [(x) => sub(atlu(x), atlu(neg(x))), identity],
  "bent identity is a smooth leaky relu of slopes ½ and 3/2, less ½": [
    bentIdentity,
    (x) => sub(add(mul(x, 0.5), squareplus(x, { b: 1 })), 0.5),
  ],
  "squareplus and its mirror image differ by the identity": [(x) => sub(squareplus(x), squareplus(neg(x))), identity],
  "smooth squared relu is x times squareplus": [
    (x) => smoothSquaredRelu(x, { width: 0.5 }),
    (x) => mul(x, squareplus(x, { b: 0.25 })),
  ],
  "B-SiLU is a gate on x + α, less what that has at 0": [
    (x) => activations.bSilu(x, { alpha: 1.67 }),
    (x) => sub(mul(add(x, 1.67), sigmoid(x)), 0.835),
  ],
  "Swim is x gated by the slope of squareplus": [
    (x) => activations.swim(x, { k: 0.5 }),
    (x) => mul(x, slope((y) => squareplus(y, { b: 4 }))(x)),
  ],
  "xIPReLU has a PReLU for its slope": [
    slope((x) => xiprelu(x, { alphaP: 0.5, alphaN: 0.125, beta: 1 })),
    (x) => add(prelu(x, { alpha: 0.25 }), 1),
  ],
  "xIELU has an ELU for its slope": [slope((x) => xielu(x, { alphaP: 0.5, alphaN: 1, beta: 0.5 })), (x) => add(elu(x), 0.5)],
  "PolyReLU of slope 1 alone is relu": [(x) => polyRelu(x, { a0: 0, a1: 1, a2: 0, a3: 0 }), relu],
  "GoLU has the law of Gumbel for its gate": [golu, (x) => mul(x, exp(neg(exp(neg(x)))))],
};

const points = Float64Array.from({ length: 801 }, (_, i) => (i - 400) / 16 + 1 / 1024);

for (const [what, [left, right]] of Object.entries(same)) {
  test(what, () => {
    const x = tensor(points);
    for (const [one, other] of [
      [left, right],
      [slope(left), slope(right)],
    ]) {
      // biome-ignore format: one list
      const [a, b] = interpret([one(x), other(x)]);
      a.forEach((value: number, i: number) => {
        const tolerance = 1e-13 * Math.max(1, Math.abs(value), Math.abs(points[i]));
        assert.ok(Math.abs(value - b[i]) <= tolerance, `at ${points[i]}: ${value}, not ${b[i]}`);
      });
    }
  });
}

const numbers = (x: Tensor): number[] => [...interpret([x])[0]];
const near = (a: readonly number[], b: readonly number[]): void =>
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) <= 1e-14 * Math.max(1, Math.abs(b[i])), `${value}, not ${b[i]}`));

test("a PAU and an OPAU start near a leaky relu of slope 0.01", () => {
  const x = tensor(points.filter((at) => Math.abs(at) <= 3));
  const apart = (f: Tensor): number => Math.max(...numbers(sub(f, leakyRelu(x))).map(Math.abs));
  assert.ok(apart(pau(x)) < 0.06);
  assert.ok(apart(opau(x)) < 0.15);
});

test("SAU and SMU of the widths of their papers are a leaky relu to 2e-5", () => {
  const x = tensor(points);
  const far = (f: Tensor, g: Tensor): number => Math.max(...numbers(sub(f, g)).map(Math.abs));
  assert.ok(far(sau(x, { alpha: 0.15, width: 1 / 20000 }), leakyRelu(x, { alpha: 0.15 })) < 2e-5);
  assert.ok(far(smu(x, { alpha: 0.25, mu: 1e6 }), leakyRelu(x, { alpha: 0.25 })) < 2e-7);
});

test("functions of a row are one another where mathematics says so", () => {
  const x = tensor([0.3, -1.2, 0.9, 2.1]);
  near(numbers(softmin(x)), numbers(softmax(neg(x))));
  near(numbers(logSoftmax(x)), numbers(softmax(x)).map(Math.log));
  near(numbers(softmaxOne(x)), numbers(softmax(concat([x, tensor([0])]))).slice(0, 4));
  near([numbers(softmax(tensor([1.3, 0])))[0]], numbers(sigmoid(tensor([1.3]))));
  near(numbers(glu(concat([x, tensor([0, 0, 0, 0])]))), numbers(mul(x, 0.5)));
  near(numbers(swiGlu(concat([x, x]))), numbers(mul(x, silu(x))));
  near(numbers(sub(...halvesOf(cRelu(x)))), numbers(x));
  near(numbers(maxout(concat([x, neg(x)]))), numbers(x).map(Math.abs));
  near(numbers(add(...halvesOf(maxMin(x)))), [0.3 + 0.9, -1.2 + 2.1]);
});

function halvesOf(x: Tensor): [Tensor, Tensor] {
  const [first, second] = [0, 1].map((i) => sum(mul(reshape(x, [2, -1]), tensor([[1 - i], [i]])), { axes: 0 })); // biome-ignore format: one line
  return [first, second];
}
