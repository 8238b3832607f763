import assert from "node:assert/strict";
import { test } from "node:test";
import { gelu, measureFacts } from "../../src/activations/index.js";
import { customJvp } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { add, clip, cos, div, equal, exp, log, mean, mul, relu, round, sin, softmax, sqrt, square, sub, tensor, where } from "../../src/ops/index.js"; // biome-ignore format: one list
import { close, functions, known, meanFieldGolden } from "./measured-functions.js";

test("moments of functions that users write are those of mpmath", () => {
  for (const { name, mean: expectedMean, secondMoment, slopeSecondMoment } of meanFieldGolden.moments) {
    const f = Object.entries(functions).find(([key]) => key === name)?.[1];
    if (f === undefined) continue;
    const measured = measureFacts(f);
    assert.ok(close(known(measured.mean), expectedMean, 1e-10), `${name}: mean ${known(measured.mean)}, not ${expectedMean}`);
    assert.ok(
      close(known(measured.secondMoment), secondMoment, 1e-10),
      `${name}: ${known(measured.secondMoment)}, not ${secondMoment}`,
    );
    assert.ok(
      close(known(measured.slopeSecondMoment), slopeSecondMoment, 1e-10),
      `${name}: ${known(measured.slopeSecondMoment)}`,
    );
  }
});

const located = (f: (x: Tensor) => Tensor) => known(measureFacts(f).kinks).map(({ at, order, jump }) => ({ at, order, jump }));

function assertKinks(f: (x: Tensor) => Tensor, expected: readonly (readonly [at: number, order: number, jump: number])[]): void {
  const found = located(f);
  assert.deepEqual(found.map(({ order }) => order), expected.map(([, order]) => order)); // biome-ignore format: one line
  expected.forEach(([at, , jump], i) => {
    assert.ok(Math.abs(found[i].at - at) <= 1e-12 * Math.max(1, Math.abs(at)), `${found[i].at}, not ${at}`);
    assert.ok(close(found[i].jump, jump, 1e-9), `a jump of ${found[i].jump}, not ${jump}, at ${at}`);
  });
}

test("jumps and kinks are located to rounding, with their order and size", () => {
  assertKinks(functions.abs, [[0, 1, 2]]);
  assertKinks(functions.gatedStep, [[1, 0, 1]]);
  assertKinks(functions.clip, [[-1.25, 1, 1], [2.7, 1, -1]]); // biome-ignore format: one line
  assertKinks(functions.threeKinks, [[-2, 1, 1], [1 / 3, 1, 2], [5, 1, -1]]); // biome-ignore format: one line
  assertKinks((x) => square(relu(sub(x, Math.E))), [[Math.E, 2, 2]]);
  assertKinks(functions.thirdOrder, [[0, 3, 3]]);
  assertKinks((x) => relu(sub(x, 1e5)), [[1e5, 1, 1]]);
  assertKinks((x) => add(relu(sub(x, 0.7)), relu(sub(x, 0.7001))), [[0.7, 1, 1], [0.7001, 1, 1]]); // biome-ignore format: one line
});

test("where a slope or a curvature grows without bound, that is what is said", () => {
  assertKinks(functions.cusp, [[0, 1, Infinity]]);
  assertKinks(functions.power3over2, [[0, 2, Infinity]]);
  assert.equal(known(measureFacts(functions.cusp).lipschitz), Infinity);
  assert.equal(known(measureFacts(functions.power3over2).curvature), Infinity);
  assert.equal(measureFacts(functions.cusp).slopeSecondMoment.established, false);
});

test("a function with three kinks is known through and through", () => {
  const facts = measureFacts(functions.threeKinks);
  const values = known(facts.range);
  assert.ok(close(values.low, 7 / 3, 1e-12) && values.lowAttained && values.high === Infinity);
  assert.deepEqual([known(facts.monotone), known(facts.parity), known(facts.smoothness)], ["neither", "neither", "C0"]);
  assert.deepEqual([known(facts.lipschitz), known(facts.curvature), known(facts.saturates)], [2, 0, "neither"]);
  const [left, right] = [known(facts.left), known(facts.right)];
  assert.ok(left.kind === "line" && right.kind === "line");
  // 1/3 − x on the left; x − 1/3 + 7 on the right.
  assert.ok(close(left.slope, -1, 1e-12) && close(left.intercept, 1 / 3, 1e-11));
  assert.ok(close(right.slope, 1, 1e-12) && close(right.intercept, 20 / 3, 1e-11));
});

test("a jump leaves no slope to bound, and no critical initialisation", () => {
  const facts = measureFacts(functions.gatedStep);
  assert.deepEqual([known(facts.lipschitz), known(facts.steepest), known(facts.smoothness)], [Infinity, 1, "discontinuous"]);
  assert.deepEqual([known(facts.range).lowAttained, known(facts.range).low, known(facts.monotone)], [true, 0, "increasing"]);
  assert.match(reasonOf(facts.critical), /jumps at x = 1/);
  const fraction = measureFacts(functions.fraction);
  // It comes as near to 1 as one likes and falls to 0.
  assert.deepEqual(known(fraction.range), { low: 0, lowAttained: true, high: 1, highAttained: false });
});

test("what repeats itself is known from one period", () => {
  const whole = measureFacts(functions.floor);
  assert.deepEqual(known(whole.period), { length: 1, drift: 1 });
  assert.deepEqual([known(whole.monotone), known(whole.smoothness)], ["increasing", "discontinuous"]);
  assert.equal(known(whole.range).high, Infinity);
  assert.equal(whole.kinksFound.filter(({ at }) => Math.abs(at) < 10.5).length, 21);
  assert.match(reasonOf(whole.kinks), /without end/);
  const wave = measureFacts((x) => sin(mul(30, x)));
  assert.ok(close(known(wave.period)?.length ?? 0, (2 * Math.PI) / 30, 1e-12));
  const { low, high, lowAttained, highAttained } = known(wave.range);
  assert.ok(close(low, -1, 1e-12) && close(high, 1, 1e-12) && lowAttained && highAttained);
  assert.ok(close(known(wave.lipschitz), 30, 1e-10) && close(known(wave.curvature), 900, 1e-10));
  assert.deepEqual([known(wave.left), known(wave.parity)], [{ kind: "oscillates" }, "odd"]);
  const slow = measureFacts((x) => add(x, sin(div(x, 10))));
  assert.ok(close(known(slow.period)?.length ?? 0, 20 * Math.PI, 1e-12) && close(known(slow.lipschitz), 1.1, 1e-12));
  assert.equal(known(slow.monotone), "increasing");
});

test("a sharp but smooth function is not taken for a broken one", () => {
  const facts = measureFacts(functions.sharp);
  assert.deepEqual([known(facts.kinks), known(facts.smoothness), known(facts.saturates)], [[], "smooth", "both"]);
  assert.ok(close(known(facts.lipschitz), 1e6, 1e-9));
  // 4/(3√3), the curvature of tanh, times 10¹².
  assert.ok(close(known(facts.curvature), 4e12 / (3 * Math.sqrt(3)), 1e-8));
});

test("what dies out while it oscillates has its extremes where it is strong", () => {
  const facts = measureFacts((x) => div(sin(x), add(1, square(x))));
  // cot x = 2x / (1 + x²) at 0.798016991842370: mpmath's findroot.
  const { low, high } = known(facts.range);
  assert.ok(close(high, 0.43741415827901, 1e-13) && close(low, -0.43741415827901, 1e-13), `${low} … ${high}`);
  assert.deepEqual([known(facts.lipschitz), known(facts.kinks), known(facts.saturates)], [1, [], "both"]);
});

test("a constant is attained, and everything about it is known", () => {
  const facts = measureFacts((x) => add(mul(x, 0), 3));
  assert.deepEqual(known(facts.range), { low: 3, lowAttained: true, high: 3, highAttained: true });
  assert.deepEqual([known(facts.lipschitz), known(facts.parity)], [0, "even"]);
  assert.ok(close(known(facts.mean), 3, 1e-13));
  assert.match(reasonOf(facts.critical), /slope is 0/);
});

test("a bump a thousandth wide is seen, and spoils a symmetry", () => {
  const facts = measureFacts((x) => add(x, exp(mul(-1, square(mul(1e3, sub(x, 3.3)))))));
  assert.deepEqual([known(facts.parity), known(facts.monotone)], ["neither", "neither"]);
  // The steepest slope of e^(−u²) is √2 e^(−1/2).
  assert.ok(close(known(facts.lipschitz), 1e3 * Math.SQRT2 * Math.exp(-0.5) + 1, 1e-9));
});

test("a function that grows faster than the normal density falls has no moments", () => {
  const facts = measureFacts((x) => exp(square(x)));
  assert.match(reasonOf(facts.mean), /infinite/);
  assert.match(reasonOf(facts.forwardGain), /infinite/);
  assert.deepEqual(known(facts.right), { kind: "grows", like: "faster than every power" });
  assert.deepEqual([known(facts.lipschitz), known(facts.range).low, known(facts.parity)], [Infinity, 1, "even"]);
  // E exp(z²/8)² = E exp(z²/4) = √2 exists.
  assert.ok(close(known(measureFacts((x) => exp(div(square(x), 8))).secondMoment), Math.SQRT2, 1e-10));
  assert.deepEqual(known(measureFacts((x) => mul(x, square(x))).right), { kind: "grows", like: "x^3" });
});

const reasonOf = (fact: { readonly established: boolean; readonly reason?: string }): string => fact.reason ?? "established";

test("what oscillates ever faster, or without repeating itself, has no bounds", () => {
  const here = (x: Tensor): Tensor => where(equal(x, 0), 1, x);
  const wild = measureFacts((x) => where(equal(x, 0), 0, sin(div(1, here(x)))));
  for (const fact of [wild.range, wild.kinks, wild.lipschitz, wild.curvature, wild.smoothness]) {
    assert.match(reasonOf(fact), /faster than it can be sampled/);
  }
  const growing = measureFacts((x) => mul(x, sin(x)));
  for (const fact of [growing.range, growing.kinks, growing.lipschitz, growing.curvature, growing.minimum]) {
    assert.match(reasonOf(fact), /without repeating itself/);
  }
  assert.deepEqual(
    [known(growing.monotone), known(growing.parity), known(growing.right).kind],
    ["neither", "even", "oscillates"],
  );
  // E z sin z = E cos z = e^(−1/2).
  assert.ok(close(known(growing.mean), Math.exp(-0.5), 1e-12));
});

test("what is no function of one number, or not finite, is told so in every fact", () => {
  const refused: readonly (readonly [f: (x: Tensor) => Tensor, reason: RegExp])[] = [
    [(x) => mul(x, Math.random()), /another value at the same point/],
    [(x) => softmax(x), /not a function of one number: .* depends on the other elements/],
    [(x) => sub(x, mean(x)), /not a function of one number: .* depends on the other elements/],
    [(x) => mul(x, tensor(Array.from({ length: x.size }, (_, i) => i))), /where an element stands/],
    [() => tensor(1), /it turns shape/],
    [(x) => equal(x, 0), /its values are bool/],
    [(x) => add(x, tensor([1, 2, 3])), /cannot be evaluated: add/],
    [(x) => log(x), /not a number at x =/],
    [(x) => div(1, x), /at x = 0/],
    [(x) => div(1, sub(x, 0.7)), /unbounded near x = 0.7/],
  ];
  for (const [f, reason] of refused) {
    const facts = measureFacts(f);
    for (const fact of [facts.range, facts.parity, facts.mean, facts.left, facts.critical]) assert.match(reasonOf(fact), reason);
  }
});

test("a derivative rule that is not the derivative is not believed", () => {
  const straightThrough = (f: (x: Tensor) => Tensor) => customJvp(f, (_, [tangent]) => tangent);
  const facts = measureFacts((x) => straightThrough((y: Tensor) => clip(y, -1, 1))(x));
  for (const fact of [facts.lipschitz, facts.curvature, facts.kinks, facts.left, facts.critical, facts.backwardGain]) {
    assert.match(reasonOf(fact), /does not give the slope of its values/);
  }
  assert.deepEqual([known(facts.parity), known(facts.monotone), known(facts.zeroCentred)], ["odd", "increasing", true]);
  assert.ok(close(known(facts.secondMoment), known(measureFacts((x) => clip(x, -1, 1)).secondMoment), 1e-12));
  assert.match(reasonOf(measureFacts((x) => straightThrough((y: Tensor) => round(y))(x)).lipschitz), /does not give/);
});

test("what overflows or loses its slope by the way it is written is told so", () => {
  const naiveSoftplus = measureFacts((x) => log(add(1, exp(x))));
  assert.match(reasonOf(naiveSoftplus.right), /it is Infinity from x = 7\d\d on, and far from overflowing just before/);
  const rooted = measureFacts((x) => sqrt(square(x)));
  assert.match(reasonOf(rooted.lipschitz), /derivative is not a number at x = 0/);
  assert.deepEqual([known(rooted.parity), known(rooted.minimum)?.value], ["even", 0]);
});

test("slow approaches are read off to many digits, or not at all", () => {
  const slow = measureFacts((x) => add(x, cos(div(1, add(1, square(x))))));
  const { right } = slow;
  assert.ok(right.established && right.value.kind === "line");
  assert.ok(close(right.value.slope, 1, 1e-12) && close(right.value.intercept, 1, 1e-11));
  const logarithm = measureFacts((x) => log(add(1, square(x))));
  assert.deepEqual([known(logarithm.right), known(logarithm.range).high], [{ kind: "sublinear", like: "log x" }, Infinity]);
  assert.deepEqual(known(measureFacts(functions.cusp).left), { kind: "sublinear", like: "|x|^0.5" });
  assert.match(reasonOf(measureFacts((x) => add(x, functions.cusp(x))).right), /approaches no line/);
});

test("whatever the scale of a function, it is measured alike", () => {
  const scales = [1e-9, 1, 1e4].flatMap((height) => [0.01, 1, 1e4].map((width) => ({ height, width })));
  for (const { height, width } of scales) {
    const facts = measureFacts((x) => mul(height, gelu(mul(width, x))));
    const declared = gelu.facts;
    assert.ok(declared.kind === "pointwise");
    assert.ok(Math.abs(known(facts.lipschitz) / (height * width * declared.lipschitz) - 1) < 1e-9, `${known(facts.lipschitz)}`);
    assert.ok(Math.abs(known(facts.range).low / (height * declared.range.low) - 1) < 1e-9, `${known(facts.range).low}`);
    assert.ok(Math.abs((known(facts.minimum)?.at ?? 0) * width - (declared.minimumAt ?? 0)) < 1e-8);
  }
});

test("random broken lines give back the corners, the slopes and the bounds that they were made of", () => {
  for (let seed = 1; seed <= 12; seed++) {
    const random = uniform(seed);
    const corners = Array.from({ length: 1 + (seed % 6) }, () => 20 * random() - 10).sort((a, b) => a - b);
    const bends = corners.map(() => 4 * random() - 2);
    const first = 2 * random() - 1;
    const facts = measureFacts((x) => corners.reduce((sum, at, i) => add(sum, mul(bends[i], relu(sub(x, at)))), mul(first, x)));
    const slopes = [first];
    for (const bend of bends) slopes.push(slopes[slopes.length - 1] + bend);
    const found = known(facts.kinks);
    const what = `seed ${seed}`;
    assert.equal(found.length, corners.length, what);
    found.forEach(({ at, order, jump }, i) => {
      assert.ok(
        Math.abs(at - corners[i]) < 1e-12 && order === 1 && close(jump, bends[i], 1e-11),
        `${what}: ${at}, not ${corners[i]}`,
      );
    });
    assert.ok(close(known(facts.lipschitz), Math.max(...slopes.map(Math.abs)), 1e-12), what);
    const rising = slopes.every((slope) => slope >= 0);
    const falling = slopes.every((slope) => slope <= 0);
    assert.equal(known(facts.monotone), rising ? "increasing" : falling ? "decreasing" : "neither", what);
    const right = known(facts.right);
    assert.ok(right.kind === "line" && close(right.slope, slopes[slopes.length - 1], 1e-11), what);
    const shift = corners.reduce((sum, at, i) => sum - bends[i] * at, 0);
    assert.ok(close(right.intercept, shift, 1e-9), `${what}: ${right.intercept}, not ${shift}`);
  }
});

/** Numbers from 0 to 1 by a linear congruence: Numerical Recipes' constants. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
