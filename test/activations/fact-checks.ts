import assert from "node:assert/strict";
import { type Activation, momentsOf, type PointwiseFacts, type Tail } from "../../src/activations/index.js";
import { grad, vmap } from "../../src/diff/index.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { tensor } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";

/** A function with what is said to be true of it. */
export interface Case {
  readonly label: string;
  readonly f: Activation;
  readonly facts: PointwiseFacts;
}

/** A check of some facts; throws where they are not true of the function. */
export type FactCheck = readonly [what: string, check: (one: Case) => void];

const listed: FactCheck[] = [];

const each = (what: string, check: (one: Case) => void): void => {
  listed.push([what, check]);
};

const STEP = 1 / 64;
const near = Float64Array.from({ length: 2 * 20 * 64 + 1 }, (_, i) => -20 + i * STEP);
const far = Float64Array.from([20, 30, 50, 100, 1e3, 1e4, 1e6].flatMap((x) => [-x, x]));
const line = Float64Array.from([...near, ...far]).sort();

/** The line with points beside the kinks. */
const lineOf = ({ kinks }: PointwiseFacts): Float64Array =>
  Float64Array.from([...line, ...kinks.flatMap((kink) => [kink.at - 2 ** -26, kink.at, kink.at + 2 ** -26])]).sort();

const at = (f: (x: Tensor) => Tensor, points: Float64Array): number[] => [...interpret([f(tensor(points))])[0]];
const value = (f: Activation) => (x: Tensor) => f(x);
const first = (f: Activation) => vmap(grad(value(f)));
const second = (f: Activation) => vmap(grad(grad(value(f))));

each("its range holds all its values, and no smaller one does", ({ f, facts }) => {
  const { range, left, right } = facts;
  const values = at(value(f), lineOf(facts));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  assert.ok(low >= range.low - 1e-15 && high <= range.high + 1e-15, `${low} … ${high}`);
  // The grid misses an extreme by at most STEP/2, which costs |f″| STEP²/8.
  const far = left.kind === "sublinear" || right.kind === "sublinear" ? 5 : 1000;
  const slack = Number.isFinite(facts.curvature) ? Math.max(1e-4, (facts.curvature * STEP ** 2) / 8) : 1e-4;
  assert.ok(range.low === -Infinity ? low < -far : low < range.low + slack, `lowest ${low}`);
  assert.ok(range.high === Infinity ? high > far : high > range.high - slack, `highest ${high}`);
  // Far out an end that is only approached cannot be told from one that is attained.
  const reach = 3 + Math.max(Math.abs(facts.minimumAt ?? 0), ...facts.kinks.map((kink) => Math.abs(kink.at)));
  const nearby = at(value(f), lineOf(facts).filter((x) => Math.abs(x) <= reach)); // biome-ignore format: one line
  const [nearLow, nearHigh] = [Math.min(...nearby), Math.max(...nearby)];
  if (Number.isFinite(range.low)) assert.ok(range.lowAttained ? nearLow < range.low + slack : nearLow > range.low, `${nearLow}`);
  if (Number.isFinite(range.high))
    assert.ok(range.highAttained ? nearHigh > range.high - slack : nearHigh < range.high, `${nearHigh}`);
});

each("an end of its range that is not attained is approached, toward ±∞ or beside a jump", ({ facts }) => {
  const { range, left, right, kinks } = facts;
  const limits = [left, right].flatMap((tail) => (tail.kind === "line" && tail.slope === 0 ? [tail.intercept] : []));
  const jumps = kinks.some(({ order }) => order === 0);
  for (const [end, attained] of [
    [range.low, range.lowAttained],
    [range.high, range.highAttained],
  ] as const) {
    if (!Number.isFinite(end) || attained || jumps) continue;
    assert.ok(
      limits.some((limit) => Math.abs(limit - end) <= 1e-12 * Math.max(1, Math.abs(end))),
      `nothing comes near ${end}`,
    );
  }
});

each("its smallest value is where it says, and attained exactly when it says where", ({ f, facts: { minimumAt, range } }) => {
  assert.equal(minimumAt !== null, range.lowAttained);
  if (minimumAt === null) return;
  const [least] = at(value(f), Float64Array.of(minimumAt));
  assert.ok(Math.abs(least - range.low) <= 4e-16 * Math.max(1, Math.abs(least)), `${least} at ${minimumAt}, not ${range.low}`);
});

each("it is monotone as it says", ({ f, facts }) => {
  const values = at(value(f), lineOf(facts));
  const steps = values.slice(1).map((y, i) => y - values[i]);
  const rises = steps.some((step) => step > 1e-15);
  const falls = steps.some((step) => step < -1e-15);
  assert.equal(rises && falls ? "neither" : falls ? "decreasing" : "increasing", facts.monotone);
});

each("its parity is as it says", ({ f, facts }) => {
  const points = near.filter((x) => x > 0);
  const right = at(value(f), points);
  const left = at(
    value(f),
    points.map((x) => -x),
  );
  const odd = right.every((y, i) => Math.abs(y + left[i]) <= 1e-15 * Math.abs(y));
  const even = right.every((y, i) => Math.abs(y - left[i]) <= 1e-15 * Math.abs(y));
  assert.equal(odd ? "odd" : even ? "even" : "neither", facts.parity);
});

each("it is centred on 0 for normal inputs exactly when it says so", ({ f, facts }) => {
  const { mean } = momentsOf(value(f), facts.kinks.map((kink) => kink.at)); // biome-ignore format: one line
  assert.equal(Math.abs(mean) < 1e-12, facts.zeroCentred, `mean ${mean}`);
});

each("it approaches what it says on both sides", ({ f, facts }) => {
  approaches(f, facts.left, -1e6);
  approaches(f, facts.right, 1e6);
});

function approaches(f: Activation, tail: Tail, x: number): void {
  const [y, slope] = interpret([f(tensor(x)), grad(value(f))(tensor(x))]).map(([only]) => only);
  switch (tail.kind) {
    case "line":
      // What is left of a rational function out there is some tens of its slope over x.
      assert.ok(Math.abs(y - (tail.slope * x + tail.intercept)) < 1e-4 * Math.max(1, Math.abs(tail.slope)), `${y} at ${x}`);
      assert.ok(Math.abs(slope - tail.slope) < 1e-5, `slope ${slope} at ${x}`);
      return;
    case "grows":
      assert.ok(Math.abs(y) > 1e7, `${y} at ${x}`);
      return;
    case "sublinear":
      assert.ok(Math.abs(y) > 5 && Math.abs(slope) < 1e-4, `${y} with slope ${slope} at ${x}`);
      return;
    case "oscillates":
      assert.ok(at(first(f), near.map((dx) => x + dx)).some((s) => Math.abs(s - slope) > 1e-3)); // biome-ignore format: one line
  }
}

each("its steepest slope and strongest curvature are as it says", ({ f, facts }) => {
  const { lipschitz, curvature } = facts;
  for (const [derivative, bound] of [
    [first(f), lipschitz],
    [second(f), curvature],
  ] as const) {
    // biome-ignore format: one line
    const largest = Math.max(...at(derivative, lineOf(facts)).map(Math.abs));
    if (bound === Infinity) assert.ok(largest > 100, `${largest}`);
    else assert.ok(largest <= bound * (1 + 1e-13) && largest >= bound * 0.9995, `${largest}, not ${bound}`);
  }
});

each("a derivative jumps at its kinks, in the order that it says, and nowhere else", ({ f, facts }) => {
  const byOrder = [value(f), first(f), second(f)];
  const jump = (order: number, x: number): number => {
    const [left, right] = at(byOrder[order], Float64Array.of(x - 1e-9, x + 1e-9));
    return Math.abs(right - left);
  };
  for (const kink of facts.kinks) {
    for (let order = 0; order < Math.min(kink.order, 3); order++) assert.ok(jump(order, kink.at) < 1e-6, `order ${order}`);
    if (kink.order < 3) assert.ok(jump(kink.order, kink.at) > 1e-6, `no jump at ${kink.at}`);
  }
  if (!Number.isFinite(facts.curvature)) return;
  const slopes = at(first(f), near);
  for (let i = 1; i < near.length; i++) {
    if (facts.kinks.some((kink) => kink.order <= 1 && kink.at >= near[i - 1] && kink.at <= near[i])) continue;
    const change = Math.abs(slopes[i] - slopes[i - 1]);
    assert.ok(change <= facts.curvature * STEP * 1.001 + 1e-12, `the slope jumps by ${change} at ${near[i]}`);
  }
});

each("its smoothness is what its kinks leave", ({ facts: { smoothness, kinks } }) => {
  const lowest = Math.min(...kinks.map(({ order }) => order));
  const expected = kinks.length === 0 ? ["smooth", "analytic"] : lowest === 0 ? ["discontinuous"] : [`C${lowest - 1}`];
  assert.ok(expected.includes(smoothness), smoothness);
});

/** Together they look at every fact. */
export const factChecks: readonly FactCheck[] = listed;
