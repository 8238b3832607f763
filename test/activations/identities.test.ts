import assert from "node:assert/strict";
import { test } from "node:test";
import * as activations from "../../src/activations/index.js";
import { grad } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { add, mul, neg, sub, sum, tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

const { absolute, celu, clippedRelu, complementaryLogLog, displacedRelu, elliott, elu, exponential } = activations;
const { flexibleRelu, gudermannian, hardShrink, hardSigmoid, hardSwish, hardTanh, identity, isrlu, isru } = activations;
const { leakyRelu, logSigmoid, mpelu, pelu, prelu, relu, relu6, repu, rrelu, scaledTanh, selu, shrink, sigmoid, smelu } =
  activations;
const { apl, arctan, binaryStep, cosine, penalizedTanh, probit, sign, sine, snake, softClipping, softExponential } = activations;
const { softShrink, softplus, softsign, sparsePlus, sparseSigmoid, srelu, starRelu, squaredRelu, tanh, threshold } = activations;
const { thresholdedRelu } = activations;

type F = (x: Tensor) => Tensor;
const slope = (f: F): F => grad((x) => sum(f(x)));

/** Pairs that are one function, on the whole line and in their slopes too. */
const same: Readonly<Record<string, readonly [F, F]>> = {
  "SmeLU of half-width 1 is sparse plus": [(x) => smelu(x, { beta: 1 }), sparsePlus],
  "the slope of sparse plus is the sparse sigmoid": [slope((x) => sparsePlus(x)), sparseSigmoid],
  "the slope of softplus is the sigmoid": [slope((x) => softplus(x)), sigmoid],
  "log-sigmoid is softplus turned about the origin": [logSigmoid, (x) => neg(softplus(neg(x)))],
  "tanh is a sigmoid of twice the steepness": [tanh, (x) => sub(mul(sigmoid(mul(x, 2)), 2), 1)],
  "scaled tanh of height and steepness 1 is tanh": [(x) => scaledTanh(x, { height: 1, steepness: 1 }), tanh],
  "a hard sigmoid of slope ½ is the sparse sigmoid": [(x) => hardSigmoid(x, { slope: 0.5 }), sparseSigmoid],
  "hard swish is x times the hard sigmoid": [hardSwish, (x) => mul(x, hardSigmoid(x))],
  "hard tanh is a hard sigmoid stretched": [hardTanh, (x) => sub(mul(sparseSigmoid(x), 2), 1)],
  "leaky relu of slope 0 is relu": [(x) => leakyRelu(x, { alpha: 0 }), relu],
  "leaky relu of slope 1 is the identity": [(x) => leakyRelu(x, { alpha: 1 }), identity],
  "PReLU is a leaky relu": [prelu, (x) => leakyRelu(x, { alpha: 0.25 })],
  "RReLU evaluated is a leaky relu of the mean slope": [rrelu, (x) => leakyRelu(x, { alpha: (1 / 8 + 1 / 3) / 2 })],
  "a relu clipped at 6 is ReLU6": [(x) => clippedRelu(x, { ceiling: 6 }), relu6],
  "a relu displaced by 0 is relu": [(x) => displacedRelu(x, { delta: 0 }), relu],
  "flexible relu is relu and a constant": [(x) => flexibleRelu(x, { bias: 0.5 }), (x) => add(relu(x), 0.5)],
  "RePU of power 1 is relu": [(x) => repu(x, { power: 1 }), relu],
  "RePU of power 2 is squared relu": [(x) => repu(x, { power: 2 }), squaredRelu],
  "StarReLU of scale 1 and bias 0 is squared relu": [(x) => starRelu(x, { scale: 1, bias: 0 }), squaredRelu],
  "APL of slope 1 at hinge 0 is the absolute value": [(x) => apl(x, { slope: 1 }), absolute],
  "S-shaped ReLU of slopes 1 is the identity": [(x) => srelu(x, { leftSlope: 1, rightSlope: 1 }), identity],
  "ELU of depth 0 is relu": [(x) => elu(x, { alpha: 0 }), relu],
  "CELU of depth 1 is ELU": [celu, elu],
  "PELU of equal numbers is CELU": [(x) => pelu(x, { a: 2, b: 2 }), (x) => celu(x, { alpha: 2 })],
  "MPELU of rate 1 is ELU": [(x) => mpelu(x, { alpha: 0.5 }), (x) => elu(x, { alpha: 0.5 })],
  "SELU is ELU scaled": [selu, (x) => mul(elu(x, { alpha: 1.6732632423543772 }), 1.0507009873554805)],
  "soft exponential of 0 is the identity": [(x) => softExponential(x, { alpha: 0 }), identity],
  "shrink of bias 0 is hard shrink": [(x) => shrink(x, { bias: 0 }), hardShrink],
  "shrink of a bias as large as its threshold is soft shrink": [(x) => shrink(x, { bias: 0.5 }), softShrink],
  "threshold at 1 with value 0 is thresholded relu": [(x) => threshold(x, { theta: 1 }), thresholdedRelu],
  "Elliott is half of softsign plus a half": [elliott, (x) => add(mul(softsign(x), 0.5), 0.5)],
  "penalized tanh is tanh for factor 1": [(x) => penalizedTanh(x, { a: 1 }), tanh],
  "the sign is two steps less one but at 0": [(x) => sign(x), (x) => sub(binaryStep(x), binaryStep(neg(x)))],
  "the slope of the sine is the cosine": [slope((x) => sine(x)), cosine],
  "the slope of Snake is 1 + sin 2x": [slope((x) => snake(x)), (x) => add(sine(x, { omega: 2 }), 1)],
  "soft clipping is the difference of two softplus": [
    softClipping,
    (x) => sub(softplus(x, { beta: 4 }), softplus(sub(x, 1), { beta: 4 })),
  ],
};

const points = Float64Array.from({ length: 801 }, (_, i) => (i - 400) / 16);
const left = points.filter((x) => x <= 0);
const at = (f: F, x: Float64Array): Float64Array => Float64Array.from(interpret([f(tensor(x))])[0]);

function assertSame(f: F, g: F, x: Float64Array, tolerance: number): void {
  const [mine, theirs] = [at(f, x), at(g, x)];
  mine.forEach((y, i) => {
    assert.ok(Math.abs(y - theirs[i]) <= tolerance * Math.max(1, Math.abs(y)), `${y} and ${theirs[i]} at ${x[i]}`);
  });
}

for (const [claim, [f, g]] of Object.entries(same)) {
  test(claim, () => {
    assertSame(f, g, points, 1e-14);
    assertSame(slope((x) => f(x)), slope((x) => g(x)), points, 1e-13); // biome-ignore format: one line
  });
}

test("ISRLU is ISRU on the left", () => assertSame(isrlu, isru, left, 1e-15));

test("soft exponential of 1 is the exponential", () =>
  assertSame((x) => softExponential(x, { alpha: 1 }), exponential, left, 1e-14));

test("a soft exponential of −α undoes that of α, and is the same by an α that is learned", () => {
  const x = tensor([-1, -0.1, 0, 0.3, 2, 7]);
  for (const alpha of [1, 0.5, 0.01]) {
    const there = softExponential(x, { alpha });
    const [back, learned] = [{ alpha: -alpha }, { alpha: tensor(-alpha) }].map(
      (values) => interpret([softExponential(there, values)])[0],
    );
    interpret([x])[0].forEach((at, i) => {
      assert.ok(Math.abs(back[i] - at) <= 1e-12, `${back[i]}, not ${at}`);
      assert.equal(learned[i], back[i]);
    });
  }
  // From either side of 0 it can go on to the other.
  const slope = (alpha: number): number =>
    interpret([grad((a: Tensor) => sum(softExponential(x, { alpha: a })))(tensor(alpha))])[0][0];
  assert.ok(Math.abs(slope(0) - slope(1e-6)) < 1e-3 * slope(0));
});

test("slopes at 0 are 1 where a function is the identity to first order", () => {
  for (const f of [softsign, tanh, gudermannian, arctan, sine, isru]) assert.equal(at(slope((x) => f(x)), Float64Array.of(0))[0], 1); // biome-ignore format: one line
});

test("sigmoids of the three laws meet at ½ where they are symmetric, and the law of extremes does not", () => {
  for (const f of [sigmoid, probit, elliott]) assert.equal(at(f, Float64Array.of(0))[0], 0.5);
  assert.ok(Math.abs(at(complementaryLogLog, Float64Array.of(0))[0] - (1 - Math.exp(-1))) < 1e-15);
});
