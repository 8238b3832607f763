import assert from "node:assert/strict";
import { after, test } from "node:test";
import { checkpoint, customJvp, customVjp, grad, hessian, jacobian, jvp, vjp, vmap } from "../../src/diff/index.js";
import { Fault } from "../../src/ir/fault.js";
import type { Tensor } from "../../src/ir/tensor.js";
import * as o from "../../src/ops/index.js";
import { firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { elements, scalar } from "../support/values.js";

const runtime = directRuntime();
after(() => runtime.close());

const at = (value: o.NestedNumbers): Tensor => o.tensor(value);

/** x³ whose rules say 3x², spelled so that it cannot come from x³ itself: times 10. */
const forwardCube = customJvp(
  (x: Tensor) => o.pow(x, 3),
  ([x], [tangent]) => o.mul(o.mul(o.square(x), 30), tangent),
);
const reverseCube = customVjp(
  (x: Tensor) => o.pow(x, 3),
  ([x], cotangent) => [o.mul(o.mul(o.square(x), 30), cotangent)],
);

for (const [name, cube] of [
  ["customJvp", forwardCube],
  ["customVjp", reverseCube],
] as const) {
  test(`${name}: the value is the function's, every derivative the rule's, in both modes`, () => {
    assert.equal(scalar(cube(at(2))), 8);
    assert.equal(scalar(grad(cube)(at(2))), 120);
    assert.equal(scalar(jvp(cube, [at(2)], [at(3)]).tangent), 360);
    assert.deepEqual(elements(jacobian((x: Tensor) => cube(x), { mode: "forward" })(at([1, 2]))), [30, 0, 0, 120]);
    assert.deepEqual(elements(jacobian((x: Tensor) => cube(x), { mode: "reverse" })(at([1, 2]))), [30, 0, 0, 120]);
  });

  test(`${name}: the rule is differentiated for the next order, in every order of modes`, () => {
    const along = (f: (x: Tensor) => Tensor) => (x: Tensor) => jvp(f, [x], [at(1)]).tangent;
    for (const second of [grad(grad(cube)), along(grad(cube)), grad(along(cube)), along(along(cube))]) {
      assert.equal(scalar(second(at(2))), 120);
    }
    assert.equal(scalar(grad(grad(grad(cube)))(at(2))), 60);
    assert.deepEqual(elements(hessian((x: Tensor) => o.sum(cube(x)))(at([1, 2]))), [60, 0, 0, 120]);
  });

  test(`${name}: it works under vmap, over vmap, and inside another such function`, () => {
    assert.deepEqual(elements(vmap(cube)(at([1, 2]))), [1, 8]);
    assert.deepEqual(elements(vmap(grad(cube))(at([1, 2]))), [30, 120]);
    assert.deepEqual(elements(grad((x: Tensor) => o.sum(vmap(cube)(x)))(at([1, 2]))), [30, 120]);
    assert.deepEqual(elements(vmap((x: Tensor) => jvp(cube, [x], [at(1)]).tangent)(at([1, 2]))), [30, 120]);
    assert.deepEqual(elements(vmap(grad(grad(cube)))(at([1, 2]))), [60, 120]);
    const outer = customVjp(
      (x: Tensor) => cube(x),
      ([x], cotangent) => [o.mul(grad(cube)(x), o.mul(cotangent, 2))],
    );
    assert.equal(scalar(grad(outer)(at(2))), 240);
    assert.equal(scalar(grad((x: Tensor) => cube(cube(x)))(at(2))), 30 * 64 * 120);
  });

  test(`${name}: float32 on the runtime gives the same`, async () => {
    const outputs = [cube(at(2)), grad(cube)(at(2)), grad(grad(cube))(at(2)), jvp(cube, [at(2)], [at(3)]).tangent];
    assert.deepEqual(
      (await computeOn(runtime, outputs, new Map())).map(([value]) => value),
      [8, 120, 120, 360],
    );
  });
}

test("a straight-through estimator is a customJvp of two lines", () => {
  const straight = customJvp(
    (x: Tensor) => o.round(x),
    (_, [tangent]) => tangent,
  );
  assert.deepEqual(elements(straight(at([0.4, 1.6]))), [0, 2]);
  assert.deepEqual(elements(grad((x: Tensor) => o.sum(o.square(straight(x))))(at([0.4, 1.6]))), [0, 4]);
});

test("rules speak of trees of arguments and results", () => {
  const polar = customVjp(
    ({ r, angle }: { r: Tensor; angle: Tensor }) => ({ x: o.mul(r, o.cos(angle)), y: o.mul(r, o.sin(angle)) }),
    ([{ r, angle }], { x, y }) => [
      {
        r: o.add(o.mul(x, o.cos(angle)), o.mul(y, o.sin(angle))),
        angle: o.mul(r, o.sub(o.mul(y, o.cos(angle)), o.mul(x, o.sin(angle)))),
      },
    ],
  );
  const plain = ({ r, angle }: { r: Tensor; angle: Tensor }) => ({ x: o.mul(r, o.cos(angle)), y: o.mul(r, o.sin(angle)) });
  const point = { r: at(2), angle: at(0.6) };
  const cotangent = { x: at(0.3), y: at(-1.2) };
  const [got] = vjp(polar, point).pullback(cotangent);
  const [expected] = vjp(plain, point).pullback(cotangent);
  assert.equal(firstFar([got.r, got.angle].map(scalar), [expected.r, expected.angle].map(scalar), 1e-15), null);
  const direction = { r: at(1), angle: at(-2) };
  const pushed = jvp(polar, [point], [direction]).tangent;
  const known = jvp(plain, [point], [direction]).tangent;
  assert.equal(firstFar([pushed.x, pushed.y].map(scalar), [known.x, known.y].map(scalar), 1e-15), null);
});

test("an unused result and an unused argument cost nothing and carry zero", () => {
  const two = customVjp(
    (x: Tensor, y: Tensor) => [o.mul(x, y), o.exp(y)] as const,
    ([x, y], [first, second]) => [o.mul(first, y), o.add(o.mul(first, x), o.mul(second, o.exp(y)))],
  );
  assert.deepEqual(
    vjp((x: Tensor, y: Tensor) => two(x, y)[0], at(3), at(5))
      .pullback(at(1))
      .map(scalar),
    [5, 3],
  );
  assert.equal(scalar(grad((x: Tensor) => two(x, at(0))[1])(at(3))), 0);
});

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    return error.message.split("\n")[0];
  }
  assert.fail("nothing was thrown");
}

test("faults: a tensor from outside, whole numbers, too few cotangents, a wrong shape, a rule that is not linear", () => {
  const closing = (x: Tensor): Tensor =>
    customJvp(
      (y: Tensor) => o.mul(x, y),
      ([y], [tangent]) => o.mul(y, tangent),
    )(at(2));
  assert.equal(
    messageOf(() => grad(closing)(at(1))),
    "customJvp: the function uses a tensor from outside that is being differentiated",
  );
  assert.equal(
    messageOf(() => forwardCube(o.ones([], "int32"))),
    "customJvp: there is no derivative with respect to int32",
  );
  const few = customVjp(
    (x: Tensor, y: Tensor) => o.mul(x, y),
    ([x], cotangent) => [o.mul(x, cotangent)] as unknown as [Tensor, Tensor],
  );
  assert.equal(
    messageOf(() => grad(few)(at(1), at(2))),
    "customVjp: the backward rule returns a cotangent like each argument",
  );
  const wide = customVjp(
    (x: Tensor) => o.sum(x),
    (_, cotangent) => [cotangent],
  );
  assert.equal(
    messageOf(() => grad(wide)(at([1, 2]))),
    "customVjp: the backward rule returns a cotangent like each argument",
  );
  const narrow = customJvp(
    (x: Tensor) => o.exp(x),
    (_, [tangent]) => o.sum(tangent),
  );
  assert.equal(
    messageOf(() => vjp(narrow, at([1, 2]))),
    "customJvp: the forward rule returns a tangent like each result",
  );
  const curved = customJvp(
    (x: Tensor) => o.exp(x),
    (_, [tangent]) => o.square(tangent),
  );
  assert.equal(
    messageOf(() => grad(curved)(at(1))),
    "the derivative of mul: it is not linear in the tangent",
  );
});

test("a rule over a batch that closes over the batch says so, and only when it is asked", () => {
  const f = (x: Tensor, w: Tensor): Tensor => checkpoint((y: Tensor) => o.mul(w, y))(x);
  const batched = (x: Tensor): Tensor => o.sum(vmap(f)(x, at([3, 4])));
  assert.equal(scalar(batched(at([1, 2]))), 11);
  assert.equal(
    messageOf(() => grad(batched)(at([1, 2]))),
    "checkpoint: the function uses a batched tensor from outside",
  );
  assert.deepEqual(elements(vmap((x: Tensor, w: Tensor) => grad((y: Tensor) => f(y, w))(x))(at([1, 2]), at([3, 4]))), [3, 4]);
});
