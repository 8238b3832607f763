import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chebyshevCoefficients,
  chebyshevPoints,
  differentiateSeries,
  evaluateSeries,
  integrateSeries,
  interpolate,
} from "../../src/smooth/quadrature/chebyshev.js";
import { integrateBetween, integrateTail } from "../../src/smooth/quadrature/double-exponential.js";
import { type Evaluate, integrate } from "../../src/smooth/quadrature/integrate.js";
import { gaussLegendre } from "../../src/smooth/quadrature/legendre.js";
import { evaluatePanels, interpolatePanels } from "../../src/smooth/quadrature/panels.js";
import { goldens } from "./quadrature-golden.js";

const each =
  (f: (x: number) => number): Evaluate =>
  (points) =>
    points.map(f);

const integrands: Record<string, (x: number) => number> = {
  bell: (x) => Math.exp(-x * x),
  cauchy: (x) => 1 / (1 + x * x),
  slowTail: (x) => (1 + x) ** -1.5,
  kink: (x) => Math.abs(x - 1 / 3),
  absSin: (x) => Math.abs(Math.sin(x)),
  root: Math.sqrt,
  wave: (x) => Math.cos(10 * x),
};

const near = (got: number, expected: number, tolerance: number, message = ""): void =>
  assert.ok(
    Math.abs(got - expected) <= tolerance * Math.max(Math.abs(expected), 1e-300),
    `${message} is ${got}, not ${expected}: ${Math.abs(got / expected - 1)}`,
  );

test("Gauss–Legendre rules of every size are those of numpy", () => {
  for (const { count, nodes, weights } of goldens.rules) {
    const rule = gaussLegendre(count);
    nodes.forEach((node, i) => assert.ok(Math.abs(rule.nodes[i] - node) < 1e-15, `node ${i} of ${count}`));
    weights.forEach((weight, i) => assert.ok(Math.abs(rule.weights[i] - weight) < 4e-15, `weight ${i} of ${count}`));
  }
});

test("integrals over panels and half lines are right, and their error is no less than it is", () => {
  for (const { name, edges, value } of goldens.integrals) {
    const found = integrate(
      each(integrands[name]),
      edges.map((edge) => Number(edge.replace("inf", "Infinity"))),
    );
    assert.ok(Math.abs(found.value - value) <= 4e-14 * Math.max(1, Math.abs(value)), `${name}: ${found.value}, not ${value}`);
    assert.ok(Math.abs(found.value - value) <= found.error + 4e-16 * Math.abs(value), `${name}: ${found.error}`);
  }
});

test("an integral of what is not a number is not a number", () => {
  assert.ok(
    Number.isNaN(
      integrate(
        each(() => Number.NaN),
        [0, 1],
      ).value,
    ),
  );
  assert.ok(Number.isNaN(integrateTail(each(() => Number.NaN)).value));
});

test("the double exponential rule takes singular ends and slow tails", () => {
  near(
    integrateBetween(
      each((t) => 1 / Math.sqrt(t)),
      1,
    ).value,
    2,
    1e-13,
  );
  near(
    integrateBetween(
      each((t) => Math.log(t)),
      2,
    ).value,
    2 * Math.log(2) - 2,
    1e-13,
  );
  near(integrateTail(each((t) => Math.exp(-30 * t))).value, 1 / 30, 1e-14);
  near(integrateTail(each((t) => (1 + t) ** -2)).value, 1, 1e-14);
});

test("edges that do not ascend are refused", () => {
  for (const edges of [[1], [1, 1], [1, 0], [0, Number.NaN]])
    assert.throws(() => integrate(each(Math.sin), edges), /integrate: the edges do not ascend/);
});

test("a series gives its function, the slope and the integral of it, to the error that it states", () => {
  const { series, error, resolved } = interpolate(each(Math.exp), -1, 2);
  assert.ok(resolved && error < 1e-13);
  for (const x of [-1, -0.99, 0, 0.3, 1.7, 2]) {
    near(evaluateSeries(series, x), Math.exp(x), 1e-14);
    near(evaluateSeries(differentiateSeries(series), x), Math.exp(x), 1e-12);
    assert.ok(Math.abs(evaluateSeries(integrateSeries(series), x) - (Math.exp(x) - Math.exp(-1))) < 1e-14);
  }
});

test("coefficients of a Chebyshev polynomial are 1 at its degree, and a constant has one", () => {
  const cubic = chebyshevCoefficients(chebyshevPoints(8, -1, 1).map((x) => 4 * x ** 3 - 3 * x));
  cubic.forEach((coefficient, k) => assert.ok(Math.abs(coefficient - (k === 3 ? 1 : 0)) < 1e-15));
  const { series } = interpolate(
    each(() => 7),
    3,
    4,
  );
  assert.deepEqual([...series.coefficients], [7]);
  assert.equal(evaluateSeries(differentiateSeries(series), 3.5), 0);
  assert.equal(evaluateSeries(integrateSeries(series), 3.5), 3.5);
});

test("a series of a function with a kink is not resolved, and says by how much it may be off", () => {
  const { series, error, resolved } = interpolate(each(Math.abs), -1, 2);
  assert.equal(resolved, false);
  const worst = Math.max(
    ...Array.from({ length: 999 }, (_, i) => i / 333 - 1).map((x) => Math.abs(evaluateSeries(series, x) - Math.abs(x))),
  );
  assert.ok(worst <= error && error < 10 * worst, `${worst} and ${error}`);
});

test("panels close in on kinks and keep small values exact", () => {
  const kinked = interpolatePanels(
    each((x) => Math.abs(x - 1 / 3)),
    [-1, 2],
    { floor: 1 },
  );
  for (const x of [-1, 0.2, 1 / 3, 0.5, 2]) assert.ok(Math.abs(evaluatePanels(kinked, x) - Math.abs(x - 1 / 3)) < 1e-13);
  const steep = interpolatePanels(
    each((x) => Math.exp(-x)),
    [0, 20, 100],
  );
  for (const x of [0, 3, 19.9, 20]) near(evaluatePanels(steep, x), Math.exp(-x), 1e-8);
  assert.equal(evaluatePanels(steep, 1e9), evaluatePanels(steep, 100));
});
