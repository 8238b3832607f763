import assert from "node:assert/strict";
import { after, test } from "node:test";
import { primitives } from "../../src/diff/catalogue.js";
import { Fault } from "../../src/ir/fault.js";
import { type Shape, sizeOf } from "../../src/ir/shape.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import * as operations from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { draw, randomFrom } from "../support/random.js";
import { exampleOf, feedsOf } from "../support/samples.js";

const runtime = directRuntime();
after(() => runtime.close());

const SHAPES: readonly Shape[] = [
  [],
  [1],
  [3],
  [0],
  [1, 1],
  [2, 1],
  [1, 3],
  [2, 3],
  [4, 1, 3],
  [4, 2, 1],
  [4, 2, 3],
  [1, 0],
  [2, 0],
];

/** NumPy's rule, said in another way than the library says it: one axis after the other, from the right. */
function jointShape(x: Shape, y: Shape): number[] | null {
  const joint: number[] = [];
  for (let back = 1; back <= Math.max(x.length, y.length); back++) {
    const [a, b] = [x.at(-back) ?? 1, y.at(-back) ?? 1];
    if (a !== b && a !== 1 && b !== 1) return null;
    joint.unshift(a === 1 ? b : a);
  }
  return joint;
}

/** The element of an array of shape `shape` that stands at a position of the joint shape. */
function elementAt(data: ArrayLike<number>, shape: Shape, joint: Shape, position: number): number {
  let rest = position;
  let index = 0;
  let stride = 1;
  for (let back = 1; back <= joint.length; back++) {
    const coordinate = rest % joint[joint.length - back];
    rest = Math.floor(rest / joint[joint.length - back]);
    const size = shape.at(-back) ?? 1;
    index += (size === 1 ? 0 : coordinate) * stride;
    stride *= size;
  }
  return data[index];
}

type Binary = (x: Tensor, y: Tensor) => Tensor;
const binaries: readonly (readonly [string, Binary, (x: number, y: number) => number])[] = [
  ["add", operations.add, (x, y) => x + y],
  ["sub", operations.sub, (x, y) => x - y],
  ["mul", operations.mul, (x, y) => x * y],
  ["div", operations.div, (x, y) => x / y],
  ["maximum", operations.maximum, (x, y) => (x > y ? x : y)],
  ["minimum", operations.minimum, (x, y) => (x < y ? x : y)],
  ["power", operations.power, (x, y) => x ** y],
  ["less", operations.less, (x, y) => Number(x < y)],
  ["equal", operations.equal, (x, y) => Number(x === y)],
];

for (const [name, operation, value] of binaries) {
  test(`${name} broadcasts every pair of shapes as NumPy does`, async () => {
    const random = randomFrom(3);
    const cases = SHAPES.flatMap((left) => SHAPES.map((right) => ({ left, right, joint: jointShape(left, right) })));
    const outputs: Tensor[] = [];
    const expected: number[][] = [];
    const feeds = new Map<Tensor, Float64Array>();
    for (const { left, right, joint } of cases) {
      const [x, y] = [left, right].map((shape) => parameter(shape, "float32"));
      if (joint === null) {
        assert.throws(() => operation(x, y), Fault, `${name} of (${left.join(" ")}) and (${right.join(" ")})`);
        continue;
      }
      const output = operation(x, y);
      assert.deepEqual(output.shape, joint, `${name} of (${left.join(" ")}) and (${right.join(" ")})`);
      const data = [left, right].map((shape) => draw({ shape, dtype: "float32", range: [0.5, 2] }, random) as Float64Array);
      feeds.set(x, data[0]).set(y, data[1]);
      outputs.push(output);
      const at = (position: number): number =>
        value(elementAt(data[0], left, joint, position), elementAt(data[1], right, joint, position));
      expected.push(Array.from({ length: sizeOf(joint) }, (_, i) => at(i)));
    }
    interpret(outputs, feeds).forEach((got, i) => assert.deepEqual([...got], expected[i]));
    const got = await computeOn(runtime, outputs, feeds);
    got.forEach((values, i) => assert.equal(firstFar(values, expected[i], 1e-6), null));
  });
}

test("where broadcasts its condition and both of its sides", async () => {
  const shapes: readonly (readonly [Shape, Shape, Shape])[] = [
    [[2, 1], [3], []],
    [[], [2, 3], [3]],
    [[3], [], [2, 1]],
    [[4, 1, 1], [2, 1], [3]],
    [[0, 1], [3], []],
  ];
  for (const [condition, left, right] of shapes) {
    const [c, x, y] = [parameter(condition, "bool"), parameter(left, "float32"), parameter(right, "float32")];
    const random = randomFrom(4);
    const data = [
      draw({ shape: condition, dtype: "bool", range: [0, 1] }, random),
      ...[left, right].map((shape) => draw({ shape, dtype: "float32" }, random)),
    ];
    const feeds = new Map([c, x, y].map((node, i) => [node, data[i]]));
    const output = operations.where(c, x, y);
    const joint = jointShape(condition, jointShape(left, right) ?? []) ?? [];
    assert.deepEqual(output.shape, joint);
    const expected = Array.from({ length: sizeOf(joint) }, (_, i) =>
      elementAt(data[0], condition, joint, i) !== 0 ? elementAt(data[1], left, joint, i) : elementAt(data[2], right, joint, i),
    );
    assert.deepEqual([...interpret([output], feeds)[0]], expected);
    assert.deepEqual([...(await computeOn(runtime, [output], feeds))[0]], expected);
  }
});

test("pointwise primitives take scalars, one element and none", async (t) => {
  for (const primitive of primitives) {
    if (primitive.batching.kind !== "pointwise" || primitive.samples.length === 0) continue;
    await t.test(primitive.name, async () => {
      const examples = primitive.samples.flatMap(({ inputs, params }) =>
        ([[], [1], [1, 1], [0], [2, 0, 3]] as Shape[]).map((shape) =>
          exampleOf(
            primitive,
            inputs.map((spec) => ({ ...spec, shape })),
            params,
            6,
          ),
        ),
      );
      const feeds = new Map(examples.flatMap((example) => [...feedsOf(example)]));
      const nodes = examples.map(({ node }) => node);
      const exact = interpret(nodes, feeds);
      const got = await computeOn(runtime, nodes, feeds);
      got.forEach((values, i) => assert.equal(firstFar(values, exact[i].map(Math.fround), 1e-5), null, examples[i].label));
    });
  }
});
