import assert from "node:assert/strict";
import { test } from "node:test";
import { grad, hessian, jacobian, jvp, valueAndGrad, valueAndGradWithAux, vjp, vmap } from "../../src/diff/index.js";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as o from "../../src/ops/index.js";
import { firstFar } from "../support/differences.js";
import { elements, scalar } from "../support/values.js";

const at = (value: o.NestedNumbers): Tensor => o.tensor(value);

test("nested derivatives do not confuse their perturbations", () => {
  // d/dx [x · d/dy (x + y)] = 1, and not 2: the example of Siskind and Pearlmutter 2005.
  const sum = (x: Tensor): Tensor => o.mul(x, grad((y: Tensor) => o.add(x, y))(at(1)));
  assert.equal(scalar(grad(sum)(at(1))), 1);
  const product = (x: Tensor): Tensor => o.mul(x, grad((y: Tensor) => o.mul(x, y))(at(2)));
  assert.equal(scalar(grad(product)(at(3))), 6);
  const forward = (x: Tensor): Tensor => o.mul(x, jvp((y: Tensor) => o.mul(o.mul(x, y), y), [at(2)], [at(1)]).tangent);
  assert.equal(scalar(jvp(forward, [at(3)], [at(1)]).tangent), 24);
  // The inner function is differentiated at the very tensor that the outer one is.
  const inner = (x: Tensor): Tensor => grad((y: Tensor) => o.mul(x, o.mul(y, y)))(x);
  assert.equal(scalar(inner(at(3))), 18);
  assert.equal(scalar(grad(inner)(at(3))), 12);
});

test("an argument that is passed twice is differentiated where it is asked for", () => {
  const x = at(3);
  const f = (a: Tensor, b: Tensor): Tensor => o.mul(o.square(a), b);
  assert.equal(scalar(grad(f)(x, x)), 18);
  assert.equal(scalar(grad(f, { argument: 1 })(x, x)), 9);
  const [first, second] = vjp(f, x, x).pullback(at(1));
  assert.deepEqual([scalar(first), scalar(second)], [18, 9]);
});

test("a tensor from outside is a constant, even when it is the argument's own value", () => {
  const x = at(3);
  assert.equal(scalar(grad((y: Tensor) => o.mul(x, y))(x)), 3);
  assert.equal(scalar(grad(() => o.square(x))(x)), 0);
});

test("a derivative may be taken with respect to a value computed before", () => {
  const x = o.exp(at(1));
  assert.ok(Math.abs(scalar(grad((y: Tensor) => o.log(y))(x)) - 1 / Math.E) < 1e-15);
});

test("gradients have the nesting of what they are gradients of", () => {
  const params = { layers: [{ weight: at([[1, 2]]), bias: at([3]) }], scale: at(2) };
  const loss = ({ layers, scale }: typeof params, x: Tensor): Tensor =>
    o.sum(o.mul(scale, o.add(o.matmul(layers[0].weight, x), layers[0].bias)));
  const { value, gradient } = valueAndGrad(loss)(params, at([[10], [20]]));
  assert.equal(scalar(value), 106);
  assert.deepEqual(elements(gradient.layers[0].weight), [20, 40]);
  assert.deepEqual(gradient.layers[0].weight.shape, [1, 2]);
  assert.deepEqual([elements(gradient.layers[0].bias), elements(gradient.scale)], [[2], [53]]);
});

test("auxiliary results come along untouched", () => {
  const f = (x: Tensor) => ({ value: o.square(x), aux: { twice: o.mul(x, 2) } });
  const { value, aux, gradient } = valueAndGradWithAux(f)(at(3));
  assert.deepEqual([scalar(value), scalar(aux.twice), scalar(gradient)], [9, 6, 6]);
});

test("numbers count as tensors, wherever tensors do", () => {
  assert.equal(scalar(grad((x: Tensor) => o.pow(x, 3))(2)), 12);
  const { value, tangent } = jvp((x: { a: Tensor | number }) => ({ b: o.mul(x.a, 5) }), [{ a: 2 }], [{ a: 1 }]);
  assert.deepEqual([scalar(value.b), scalar(tangent.b)], [10, 5]);
});

test("jvp and vjp take trees in and out, and are transposes of each other", () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => [o.mul(a, b), o.sin(a)] as const;
  const point = { a: at(0.3), b: at(0.8) };
  const { value, tangent } = jvp(f, [point], [{ a: at(2), b: at(-1) }]);
  assert.equal(firstFar(value.map(scalar), [0.24, Math.sin(0.3)], 1e-15), null);
  assert.equal(firstFar(tangent.map(scalar), [2 * 0.8 - 0.3, 2 * Math.cos(0.3)], 1e-15), null);
  const [pulled] = vjp(f, point).pullback([at(1.5), at(-0.5)]);
  assert.equal(firstFar([scalar(pulled.a), scalar(pulled.b)], [1.5 * 0.8 - 0.5 * Math.cos(0.3), 1.5 * 0.3], 1e-15), null);
});

test("one pullback serves many cotangents", () => {
  const { pullback } = vjp((x: Tensor) => o.square(x), at([1, 2]));
  assert.deepEqual(pullback(at([1, 0])).map(elements), [[2, 0]]);
  assert.deepEqual(pullback(at([0, 1])).map(elements), [[0, 4]]);
});

test("the Jacobian is the same in both modes, laid out output by input", () => {
  const f = (x: Tensor): Tensor => o.stack([o.mul(o.slice(x, 0), o.slice(x, 1)), o.sin(o.slice(x, 0)), o.sum(x)]);
  const expected = [5, 2, Math.cos(2), 0, 1, 1];
  for (const mode of ["forward", "reverse", undefined] as const) {
    const full = jacobian(f, mode === undefined ? {} : { mode })(at([2, 5]));
    assert.deepEqual(full.shape, [3, 2]);
    assert.equal(firstFar(elements(full), expected, 1e-15), null);
  }
});

test("the Jacobian of a tree is a tree of trees", () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ p: o.mul(a, o.sum(b)), q: b });
  for (const mode of ["forward", "reverse"] as const) {
    const full = jacobian(f, { mode })({ a: at([1, 2]), b: at([[3, 4, 5]]) });
    assert.deepEqual(full.p.a.shape, [2, 2]);
    assert.deepEqual(elements(full.p.a), [12, 0, 0, 12]);
    assert.deepEqual(full.p.b.shape, [2, 1, 3]);
    assert.deepEqual(elements(full.p.b), [1, 1, 1, 2, 2, 2]);
    assert.deepEqual(elements(full.q.a), new Array(6).fill(0));
    assert.deepEqual(elements(full.q.b), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
  }
});

test("the Hessian of a quadratic form is its matrix and transpose, of a tree its blocks", () => {
  const matrix = [
    [2, 1],
    [0.5, 3],
  ];
  const form = (x: Tensor): Tensor => o.einsum("i,ij,j->", x, at(matrix), x);
  assert.deepEqual(elements(hessian(form)(at([0.3, -2]))), [4, 1.5, 1.5, 6]);
  const blocks = hessian(({ a, b }: { a: Tensor; b: Tensor }) => o.mul(o.pow(a, 3), o.sum(b)))({ a: at(2), b: at([1, 4]) });
  assert.deepEqual(
    [elements(blocks.a.a), elements(blocks.a.b), elements(blocks.b.a), elements(blocks.b.b)],
    [[60], [12, 12], [12, 12], [0, 0, 0, 0]],
  );
});

test("stopGradient keeps the value and stops both modes at every order", () => {
  const f = (x: Tensor): Tensor => o.mul(x, o.stopGradient(o.square(x)));
  assert.equal(scalar(f(at(3))), 27);
  assert.equal(scalar(grad(f)(at(3))), 9);
  assert.equal(scalar(jvp(f, [at(3)], [at(1)]).tangent), 9);
  assert.equal(scalar(grad(grad(f))(at(3))), 0);
});

test("vmap maps named axes of trees, leaves others alone, and puts the batch where it is told", () => {
  const f = (x: { row: Tensor }, w: Tensor): Tensor => o.matmul(w, x.row);
  const mapped = vmap(f, { inAxes: [1, null], outAxis: 1 });
  const result = mapped(
    {
      row: at([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    },
    at([
      [1, 1],
      [1, -1],
    ]),
  );
  assert.deepEqual(
    [result.shape, elements(result)],
    [
      [2, 3],
      [5, 7, 9, -3, -3, -3],
    ],
  );
});

test("vmap nests, and goes under and over derivatives", () => {
  const table = vmap(
    vmap((x: Tensor, y: Tensor) => o.mul(x, y), { inAxes: [null, 0] }),
    { inAxes: [0, null] },
  );
  assert.deepEqual(elements(table(at([1, 2]), at([3, 4, 5]))), [3, 4, 5, 6, 8, 10]);
  assert.deepEqual(elements(vmap(grad((x: Tensor) => o.pow(x, 3)))(at([1, 2]))), [3, 12]);
  assert.deepEqual(elements(grad((x: Tensor) => o.sum(vmap((y: Tensor) => o.pow(y, 3))(x)))(at([1, 2]))), [3, 12]);
  const closed = grad((scale: Tensor) => o.sum(vmap((y: Tensor) => o.mul(scale, y))(at([1, 2]))));
  assert.equal(scalar(closed(at(5))), 3);
});

test("a result that does not depend on the batch is repeated", () => {
  const constant = vmap((_: Tensor) => at([7, 8]))(at([1, 2, 3]));
  assert.deepEqual(
    [constant.shape, elements(constant)],
    [
      [3, 2],
      [7, 8, 7, 8, 7, 8],
    ],
  );
});

test("whole numbers in a function carry no derivative and break none", () => {
  const f = (x: Tensor, indices: Tensor): Tensor => o.sum(o.mul(o.gather(x, indices), o.cast(indices, "float32")));
  assert.deepEqual(elements(grad(f)(at([1, 2, 3]), o.tensor(Int32Array.of(0, 2, 2)))), [0, 0, 4]);
  assert.deepEqual(elements(grad((x: Tensor) => o.sum(o.cast(o.cast(x, "int32"), "float32")))(at([1.5, 2]))), [0, 0]);
});

function problemOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return error.problem;
  }
  assert.fail("nothing was thrown");
}

const FAULTS: readonly (readonly [string, () => unknown])[] = [
  ["there is no derivative with respect to int32", () => grad((x: Tensor) => o.cast(x, "float32"))(o.ones([], "int32"))],
  ["there is no derivative with respect to int32", () => jacobian((x: Tensor) => x)(o.ones([2], "int32"))],
  ["the function must return one number", () => grad((x: Tensor) => o.mul(x, 2))(at([1, 2]))],
  ["the function must return one number", () => grad((x: Tensor) => o.argmax(x))(at([1, 2]))],
  ["there is no argument 1", () => grad((x: Tensor) => x, { argument: 1 })(at(1))],
  ["a tangent has the shape of its value", () => jvp((x: Tensor) => x, [at(1)], [at([1])])],
  ["one tangent per value", () => jvp((x: Tensor[]) => x[0], [[at(1)]], [[at(1), at(1)]])],
  ["a cotangent has the shape of its value", () => vjp((x: Tensor) => x, at(1)).pullback(at([1]))],
  ["no argument has a batch axis", () => vmap((x: Tensor) => x, { inAxes: [null] })(at([1]))],
  ["the arguments differ in batch size", () => vmap((x: Tensor, y: Tensor) => o.add(x, y))(at([1]), at([1, 2]))],
  ["axis 0 does not exist", () => vmap((x: Tensor) => x)(at(1))],
  ["an argument is string, not a tensor", () => grad((x: Tensor) => x)("1" as unknown as number)],
  [
    "0.layers.0 is null, not a tensor",
    () => vjp((p: { layers: (Tensor | null)[] }) => p.layers[0] as Tensor, { layers: [null] }),
  ],
];

for (const [problem, call] of FAULTS) test(`a fault says: ${problem}`, () => assert.equal(problemOf(call), problem));
