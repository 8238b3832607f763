import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { abs, add, clip, greater, maximum, minimum, mul, neg, relu, sub, where } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { type Kernel, kernels, mollify, type Pieces, type Smoothed } from "../../src/smooth/index.js";
import { gaussLegendre } from "../../src/smooth/quadrature/legendre.js";
import { randomFrom } from "../support/random.js";

/** Functions in all: enough that every operation meets every other one, inside and outside. */
const COUNT = 2000;

type Pointwise = (x: Tensor) => Tensor;

const between = (random: () => number, low: number, high: number): number => low + (high - low) * random();
const rounded = (value: number): number => Math.round(value * 64) / 64;

/** A polynomial of degree 0 to 3 with its zeros near by. */
function polynomial(random: () => number): Pointwise {
  const degree = Math.floor(random() * 4);
  const coefficients = Array.from({ length: degree + 1 }, (_, n) => rounded(between(random, -2, 2)) / (n + 1) ** 2);
  return (x) => coefficients.reduceRight<Tensor>((sum, c) => add(mul(sum, x), c), mul(x, 0));
}

/** A line. */
function line(random: () => number): Pointwise {
  const [slope, intercept] = [rounded(between(random, -2, 2)), rounded(between(random, -2, 2))];
  return (x) => add(mul(x, slope), intercept);
}

/** A function of two to eight pieces: nested max, min, abs, clip, relu and where over polynomials. */
function randomFunction(random: () => number, depth: number): Pointwise {
  if (depth === 0) return random() < 0.6 ? line(random) : polynomial(random);
  const inner = (): Pointwise => randomFunction(random, depth - 1);
  const [a, b] = [inner(), inner()];
  const at = rounded(between(random, -2, 2));
  const choices: Pointwise[] = [
    (x) => maximum(a(x), b(x)),
    (x) => minimum(a(x), b(x)),
    (x) => where(greater(x, at), a(x), b(x)),
    (x) => abs(a(x)),
    (x) => clip(a(x), at - 1, at + 0.5),
    (x) => relu(sub(a(x), at)),
    (x) => add(neg(relu(a(x))), relu(b(x))),
  ];
  return choices[Math.floor(random() * choices.length)] as Pointwise;
}

/** f at plain numbers, in float64. */
function evaluate(f: Pointwise, points: ArrayLike<number>): Float64Array {
  const x = parameter([points.length], "float32");
  return Float64Array.from(interpret([f(x)], new Map([[x, Float64Array.from(points)]]))[0]);
}

const pieceValue = ({ breaks, pieces }: Pieces, x: number): number => {
  const index = breaks.filter(({ at }) => x > at).length;
  return pieces[index].reduce((sum, { coefficient, power }) => sum + coefficient.at * x ** power, 0);
};

const RULE = gaussLegendre(24);

/** Nodes and weights for ∫ g(u) du over the kernel's support, cut where f(x − wu) is no polynomial and where the density has corners. */
function nodesFor(kernel: Kernel, { breaks }: Pieces, x: number, width: number): { u: number; weight: number }[] {
  const { radius, momentsBelow } = kernel.record;
  const cuts = [-1, -0.98, -0.9, -0.75, -0.5, 0, 0.5, 0.75, 0.9, 0.98, 1].map((share) =>
    Number.isFinite(radius) ? share * radius : share,
  );
  const heavy = Number.isFinite(momentsBelow);
  const stops = [...cuts, ...breaks.map(({ at }) => (x - at) / width)];
  // u = sinh(v) on the whole line: tails of every weight fade in v.
  const reach = heavy ? 45 : 4.6;
  const toV = Number.isFinite(radius) ? (u: number) => u : Math.asinh;
  const [low, high] = Number.isFinite(radius) ? [-radius, radius] : [-reach, reach];
  const grid = Number.isFinite(radius) ? [] : Array.from({ length: heavy ? 61 : 17 }, (_, i, all = heavy ? 60 : 16) => -reach + (2 * reach * i) / all); // biome-ignore format: one line
  const edges = [...new Set([low, high, ...grid, ...stops.map(toV).filter((v) => v > low && v < high)])].sort((a, b) => a - b);
  return edges.slice(1).flatMap((right, i) => {
    const [half, middle] = [(right - edges[i]) / 2, (right + edges[i]) / 2];
    return Array.from(RULE.nodes, (node, k) => {
      const v = middle + half * node;
      const weight = half * RULE.weights[k];
      return Number.isFinite(radius) ? { u: v, weight } : { u: Math.sinh(v), weight: weight * Math.cosh(v) };
    });
  });
}

function byQuadrature(f: Pointwise, smooth: Smoothed<string>, x: number, width: number): number {
  const nodes = nodesFor(smooth.kernel, smooth.pieces, x, width);
  const values = evaluate(
    f,
    nodes.map(({ u }) => x - width * u),
  );
  const heights = evaluate(
    (u) => smooth.kernel.density(u),
    nodes.map(({ u }) => u),
  );
  return nodes.reduce((sum, { weight }, i) => sum + weight * values[i] * heights[i], 0);
}

test(`of ${COUNT} random functions the pieces, the closed form and the bound of the error are right`, () => {
  const random = randomFrom(20261120);
  let [smoothedCount, divergent, bounded] = [0, 0, 0];
  for (let i = 0; i < COUNT; i++) {
    const f = randomFunction(random, 1 + Math.floor(random() * 2));
    const kernel = kernels[Math.floor(random() * kernels.length)];
    const width = rounded(between(random, 0.1, 1.5));
    const smooth = mollify(f, { kernel, width }) as Smoothed<string>;
    const points = Float64Array.from({ length: 24 }, () => between(random, -6, 6));
    const place = `function ${i}, ${kernel.name}, width ${width}`;
    const values = evaluate(f, points);
    points.forEach((x, k) => {
      const scale = Math.max(1, Math.abs(values[k]));
      assert.ok(Math.abs(pieceValue(smooth.pieces, x) - values[k]) <= 1e-12 * scale, `${place}: pieces at ${x}`);
    });
    let closed: Float64Array;
    try {
      closed = evaluate((x) => smooth(x), points);
    } catch (error) {
      // A function that outgrows the kernel, or pieces of degree 4 and more from products.
      assert.ok(error instanceof Fault && /diverges|degree/.test(error.problem), place);
      divergent++;
      continue;
    }
    smoothedCount++;
    for (const k of [0, 11]) {
      const expected = byQuadrature(f, smooth, points[k], width);
      const scale = Math.max(1, Math.abs(expected));
      const close = kernel.record.smoothness < 0 || Number.isFinite(kernel.record.momentsBelow) ? 1e-8 : 1e-10;
      assert.ok(Math.abs(closed[k] - expected) <= close * scale, `${place}: ${closed[k]} at ${points[k]}, not ${expected}`);
    }
    if (i % 10 === 0) {
      const { sup, at } = smooth.error;
      const dense = Float64Array.from({ length: 400 }, (_, k) => -6 + (12 * (k + 0.37)) / 400);
      const [smoothValues, sharp] = [evaluate((x) => smooth(x), dense), evaluate(f, dense)];
      const seen = Math.max(...smoothValues.map((value, k) => Math.abs(value - sharp[k])));
      assert.ok(seen <= sup * (1 + 1e-9) + 1e-12, `${place}: an error of ${seen}, more than the bound ${sup}`);
      if (Number.isFinite(sup) && Number.isFinite(at)) {
        const beside = [at - 1e-7, at, at + 1e-7];
        const [there, exact] = [evaluate((x) => smooth(x), beside), evaluate(f, beside)];
        const attained = Math.max(...there.map((value, k) => Math.abs(value - exact[k])));
        assert.ok(sup <= 2 * attained + 1e-9, `${place}: the bound ${sup} is more than twice the error ${attained} at ${at}`);
      }
      bounded++;
    }
  }
  assert.ok(smoothedCount > 0.7 * COUNT, `${smoothedCount} smoothed, ${divergent} not`);
  assert.ok(bounded > 100);
});
