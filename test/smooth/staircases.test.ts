import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { jvp, vmap } from "../../src/diff/index.js";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { add, div, exp, greater, mul, neg, ones, tensor, where } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { onnxRuntime } from "../../src/run/runtime.js";
import { kernels } from "../../src/smooth/kernels/catalogue.js";
import type { Tail } from "../../src/smooth/kernels/deviation.js";
import { kernel } from "../../src/smooth/kernels/kernel.js";
import {
  type StaircaseOptions,
  smoothCeil,
  smoothFloor,
  smoothFrac,
  smoothHeaviside,
  smoothMod,
  smoothQuantise,
  smoothRound,
  smoothSawtooth,
  smoothSign,
  smoothSquareWave,
  smoothTriangleWave,
} from "../../src/smooth/staircase/index.js";
import { differences, firstFar } from "../support/differences.js";

/** Values computed with mpmath by tools/golden/staircases.py. */
const golden: {
  readonly points: readonly number[];
  readonly cases: readonly {
    readonly kernel: string;
    readonly width: number;
    readonly floor: readonly number[];
    readonly triangle: readonly number[];
  }[];
} = JSON.parse(readFileSync(new URL("../golden/staircases.json", import.meta.url), "utf8"));

const { points, cases } = golden;
const names = [...new Set(cases.map(({ kernel }) => kernel))];
const x = tensor(Float64Array.from(points));

const valuesOf = (...outputs: Tensor[]): Float64Array[] => interpret(outputs) as Float64Array[];

function assertNear(what: string, got: ArrayLike<number>, expected: readonly number[], at: readonly number[] = points): void {
  expected.forEach((value, i) => {
    const allowed = 1e-15 * Math.abs(at[i]) + 1e-12;
    assert.ok(Math.abs(got[i] - value) <= allowed, `${what} at ${at[i]}: ${got[i]}, not ${value}: ${got[i] - value}`);
  });
}

test("every kernel of the catalogue with a formula of its own has golden staircases", () => {
  const missing = kernels.filter(({ name }) => !names.includes(name)).map(({ name }) => name);
  assert.deepEqual(
    missing.filter((name) => name !== "bump"),
    [],
  );
});

for (const name of names) {
  const own = cases.filter(({ kernel }) => kernel === name);

  test(`floor and the triangle wave smoothed by ${name} are right for every x and width`, () => {
    for (const { width, floor, triangle } of own) {
      const [stairs, wave] = valuesOf(smoothFloor(x, { kernel: name, width }), smoothTriangleWave(x, { kernel: name, width }));
      assertNear(`floor, width ${width},`, stairs, floor);
      assertNear(`triangle, width ${width},`, wave, triangle);
    }
  });

  test(`a width that is a tensor gives the same staircase by ${name}`, () => {
    const some = own.filter((_, i) => i % 2 === 0);
    const widths = tensor(some.map(({ width }) => [width]));
    const [stairs, waves] = valuesOf(smoothFloor(x, { kernel: name, width: widths }), smoothTriangleWave(x, { kernel: name, width: widths })); // biome-ignore format: one line
    some.forEach(({ width, floor, triangle }, i) => {
      const row = (all: Float64Array) => all.slice(i * points.length, (i + 1) * points.length);
      assertNear(`floor, width ${width},`, row(stairs), floor);
      assertNear(`triangle, width ${width},`, row(waves), triangle);
    });
  });

  test(`staircases by ${name} have the derivatives that differences say, in x and in the width, and never fall`, () => {
    const at = Float64Array.of(-3.4, -0.21, 0.13, 0.43, 0.68, 0.92, 12.7);
    const [place, width] = [parameter([7], "float32"), parameter([], "float32")];
    const options = { kernel: name, width };
    const functions = [smoothFloor(place, options), smoothTriangleWave(place, options)];
    const slope = (f: (y: Tensor) => Tensor) => (y: Tensor) => jvp(f, [y], [ones(y.shape)]).tangent;
    const inX = [(y: Tensor) => smoothFloor(y, options), (y: Tensor) => smoothTriangleWave(y, options)].map((f) =>
      slope(f)(place),
    );
    const inWidth = [(w: Tensor) => smoothFloor(place, { ...options, width: w }), (w: Tensor) => smoothTriangleWave(place, { ...options, width: w })].map((f) => slope(f)(width)); // biome-ignore format: one line
    for (const size of [0.23, 0.71, 3.37]) {
      const feeds = new Map<Tensor, Float64Array>([
        [place, at],
        [width, Float64Array.of(size)],
      ]);
      const still = new Float64Array(7);
      const should = [
        ...differences(
          functions,
          feeds,
          new Map([
            [place, new Float64Array(7).fill(1)],
            [width, Float64Array.of(0)],
          ]),
        ),
        ...differences(
          functions,
          feeds,
          new Map([
            [place, still],
            [width, Float64Array.of(1)],
          ]),
        ),
      ];
      const got = interpret([...inX, ...inWidth], feeds);
      got.forEach((values, i) => assert.equal(firstFar(values, should[i], 2e-6), null, `width ${size}, derivative ${i}`));
      for (const value of got[0]) assert.ok(value >= -1e-13, `the floor falls: ${value}`);
    }
  });

  test(`the staircase by ${name} goes on across whole numbers at a million, and on to ±∞`, () => {
    const beside = [-1e-9, -1e-10, 0, 1e-10, 1e-9].map((step) => 1e6 + step);
    for (const width of [1e-4, 0.1, 2]) {
      const [values] = valuesOf(smoothFloor(tensor(Float64Array.from(beside)), { kernel: name, width }));
      for (let i = 1; i < values.length; i++) assert.ok(Math.abs(values[i] - values[i - 1]) < 1e-4, `${values}`);
      const ends = tensor([-Infinity, Infinity, Number.NaN]);
      assert.deepEqual([...valuesOf(smoothFloor(ends, { kernel: name, width }))[0]], [-Infinity, Infinity, Number.NaN]);
    }
  });
}

const runtime = onnxRuntime({ worker: false, threads: 1 });
after(() => runtime.close());

for (const name of names) {
  test(`in float32 staircases by ${name} are right to a few units in the last place, up to 2²³`, async () => {
    const own = cases.filter(({ kernel }) => kernel === name);
    const place = parameter([points.length], "float32");
    const outputs = own.flatMap(({ width }) => [smoothFloor(place, { kernel: name, width }), smoothTriangleWave(place, { kernel: name, width })]); // biome-ignore format: one line
    const got = await (await runtime.load({ parameters: [place], outputs })).run([Float32Array.from(points)]);
    own.forEach(({ width, floor, triangle }, i) => {
      points.forEach((at, j) => {
        // A kernel's values are right to 8 units at the scale of 1, and up to 20 of them are summed.
        assert.ok(Math.abs(got[2 * i][j] - floor[j]) <= 1e-5 + 6e-8 * Math.abs(at), `floor, ${width}, at ${at}: ${got[2 * i][j]}, not ${floor[j]}`); // biome-ignore format: one line
        assert.ok(Math.abs(got[2 * i + 1][j] - triangle[j]) <= 1e-5 * Math.max(1, width), `triangle, ${width}, at ${at}: ${got[2 * i + 1][j]}, not ${triangle[j]}`); // biome-ignore format: one line
      });
    });
  });
}

test("second and third derivatives of staircases are those of their slopes, and all of it runs over a batch", () => {
  const at = Float64Array.of(-0.81, -0.23, 0.12, 0.37, 3.64);
  const place = parameter([5], "float32");
  const slope = (f: (y: Tensor) => Tensor) => (y: Tensor) => jvp(f, [y], [ones(y.shape)]).tangent;
  for (const { name: kernel, record } of kernels) {
    for (const width of [0.08, 0.4]) {
      if (record.smoothness < 2) continue;
      const first = slope((y) => smoothFloor(y, { kernel, width }));
      const second = slope(first);
      const feeds = new Map([[place, at]]);
      const should = differences([first(place), second(place)], feeds, new Map([[place, new Float64Array(5).fill(1)]]));
      const got = interpret([second(place), slope(second)(place)], feeds);
      got.forEach((values, i) => {
        assert.equal(firstFar(values, should[i], 1e-5), null, `${kernel}, width ${width}, derivative ${i + 2}`);
      });
    }
  }
  const one = (y: Tensor): Tensor => smoothFloor(y, { kernel: "algebraic", width: 0.1 });
  const [batched, plain] = interpret([vmap(one)(tensor(at)), one(tensor(at))]);
  assert.deepEqual(batched, plain);
});

test("ceil, round, frac, mod, quantise and the waves follow from the floor", () => {
  const places = points.filter((at) => Math.abs(at) < 1e4);
  const at = tensor(Float64Array.from(places));
  const shifted = (by: number, scale = 1) => tensor(Float64Array.from(places, (value) => value / scale + by));
  for (const kernel of ["gaussian", "t3", "box", "algebraic"]) {
    const options = { kernel, width: 0.15 };
    const [floor, ceil, round, frac, half] = valuesOf(smoothFloor(at, options), smoothCeil(at, options), smoothRound(at, options), smoothFrac(at, options), smoothFloor(shifted(0.5), options)); // biome-ignore format: one line
    const near = (what: string, got: Float64Array, f: (i: number) => number) => assertNear(what, got, places.map((_, i) => f(i)), places.map((value) => value * 10)); // biome-ignore format: one line
    near("ceil", ceil, (i) => floor[i] + 1);
    near("round", round, (i) => half[i]);
    near("frac", frac, (i) => places[i] - floor[i]);
    const third = { kernel, width: 0.05 };
    const [modulo, quantised, thirds, halfThirds] = valuesOf(smoothMod(at, 3, options), smoothQuantise(at, 3, options), smoothFloor(shifted(0, 3), third), smoothFloor(shifted(0.5, 3), third)); // biome-ignore format: one line
    near("mod", modulo, (i) => places[i] - 3 * thirds[i]);
    near("quantise", quantised, (i) => 3 * halfThirds[i]);
    const [saw, square] = valuesOf(
      smoothSawtooth(at, { ...options, period: 3 }),
      smoothSquareWave(at, { ...options, period: 3 }),
    );
    near("sawtooth", saw, (i) => (2 * modulo[i]) / 3 - 1);
    near("square", square, (i) => 1 + 2 * (thirds[i] - halfThirds[i]));
  }
});

test("narrow widths give the staircase, wide ones the straight line", () => {
  const at = tensor([-2.3, -0.6, 0.2, 0.7, 5.4]);
  for (const { name: kernel } of kernels) {
    const narrow = { kernel, width: 1e-6 };
    const [floor, round, sign, step] = valuesOf(smoothFloor(at, narrow), smoothRound(at, narrow), smoothSign(at, narrow), smoothHeaviside(at, narrow)); // biome-ignore format: one line
    const close = (got: Float64Array, should: readonly number[]) => should.forEach((value, i) => assert.ok(Math.abs(got[i] - value) < 1e-5, `${kernel}: ${got}`)); // biome-ignore format: one line
    close(floor, [-3, -1, 0, 0, 5]);
    close(round, [-2, -1, 0, 1, 5]);
    close(sign, [-1, -1, 1, 1, 1]);
    close(step, [0, 0, 1, 1, 1]);
  }
  for (const kernel of ["gaussian", "laplace", "cauchy", "t5", "algebraic"]) {
    const [floor] = valuesOf(smoothFloor(at, { kernel, width: 100 }));
    [-2.8, -1.1, -0.3, 0.2, 4.9].forEach((value, i) => assert.ok(Math.abs(floor[i] - value) < 1e-5, `${kernel}: ${floor}`));
  }
});

test("a kernel that leans to one side moves staircases to that side", () => {
  const none: Tail = { value: (d) => d * 0, lower: (onnx, d) => onnx.op("Mul", [d, onnx.scalar(0)]) };
  const decay = (scale: number): Tail => ({ value: (d) => scale * Math.exp(-d), lower: (onnx, d) => onnx.op("Mul", [onnx.op("Exp", [onnx.op("Neg", [d])]), onnx.scalar(scale)]) }); // biome-ignore format: one line
  const exponential = kernel({
    name: "exponential",
    title: "exponential",
    tex: "e^{-u} [u > 0]",
    source: "the waiting time of a Poisson process",
    radius: Infinity,
    momentsBelow: Infinity,
    mean: 1,
    absoluteMoment: 1,
    variance: 1,
    thirdMoment: 2,
    fourthMoment: 9,
    smoothness: -1,
    positive: true,
    characteristic: (w) => div(1, add(mul(w, w), 1)),
    density: (u) => where(greater(u, 0), exp(neg(where(greater(u, 0), u, 0))), 0),
    tails: [none, none, none, none],
    mirroredTails: [decay(1), decay(1), decay(2), decay(6)],
  });
  const at = [-1.3, -0.2, 0.1, 0.3, 0.6, 0.9, 7.45];
  for (const width of [0.05, 0.4, 3]) {
    const options = { kernel: exponential, width };
    const place = tensor(Float64Array.from(at));
    const wave = (y: Tensor): Tensor => smoothTriangleWave(y, options);
    const { value, tangent } = jvp(wave, [place], [ones([7])]);
    const [floor, frac, waves, slopes] = valuesOf(smoothFloor(place, options), smoothFrac(place, options), value, tangent);
    at.forEach((x, i) => {
      // A waiting time U: floor(x − wU) falls by one each time wU passes a whole number from x.
      const should = Math.floor(x) - Math.exp((Math.floor(x) - x) / width) / (1 - Math.exp(-1 / width));
      assert.ok(Math.abs(floor[i] - should) < 1e-12 && Math.abs(frac[i] - (x - width - should)) < 1e-12);
      // f convolved with it solves w·y′ + y = f.
      const sharp = (2 / Math.PI) * Math.asin(Math.sin(2 * Math.PI * x));
      assert.ok(Math.abs(width * slopes[i] + waves[i] - sharp) < 1e-11, `${width} ${x}: ${waves[i]}`);
    });
  }
});

test("an empty tensor and a number are taken like any other", () => {
  assert.deepEqual(smoothFloor(tensor(new Float64Array(0)), { kernel: "gaussian", width: 0.1 }).shape, [0]);
  assert.ok(Math.abs(valuesOf(smoothRound(2, { kernel: "box", width: 3.7 }))[0][0] - 2) < 1e-15);
});

test("what is no width, step, period or kernel is refused", () => {
  const refused: [() => Tensor, RegExp][] = [
    ...[0, -1, Number.NaN, Infinity].map((width): [() => Tensor, RegExp] => [
      () => smoothFloor(1, { kernel: "box", width }),
      /smoothFloor: the width is not a size/,
    ]),
    [() => smoothRound(1, { kernel: "gauß", width: 1 }), /smoothRound: there is no such kernel/],
    [() => smoothMod(1, 0, { kernel: "box", width: 1 }), /smoothMod: the divisor is not a size/],
    [() => smoothQuantise(1, -1, { kernel: "box", width: 1 }), /smoothQuantise: the step is not a size/],
    [() => smoothSquareWave(1, { kernel: "box", width: 1, period: Number.NaN }), /the period is not a size/],
    [() => smoothFloor(1, { kernel: "box", width: tensor(1), widest: Infinity }), /the widest width is not a size/],
    [() => smoothFloor(1, { kernel: "box", width: tensor(1), narrowest: 2, widest: 1 }), /the widths are not in order/],
  ];
  for (const [call, message] of refused) assert.throws(call, (error) => error instanceof Fault && message.test(error.message));
  assert.throws(() => smoothFloor(1, { kernel: 3, width: 1 } as unknown as StaircaseOptions), Fault);
});
