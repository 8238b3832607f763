import assert from "node:assert/strict";
import { after, test } from "node:test";
import { primitives } from "../../src/diff/catalogue.js";
import { pushForward, zerosLike } from "../../src/diff/forward.js";
import { pullBack } from "../../src/diff/reverse.js";
import { isFloat, type TypedArray } from "../../src/ir/dtype.js";
import { topologicalOrder } from "../../src/ir/order.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { ones } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { differences, dot, firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { direction, randomFrom } from "../support/random.js";
import { type Example, examplesOf, feedsOf } from "../support/samples.js";

const differentiable = primitives.filter(({ derivative }) => derivative.kind !== "zero" && derivative.kind !== "custom");
const TOLERANCE = 1e-8;

/** Placeholders shaped like `nodes`, with random values. */
function directions(nodes: readonly Tensor[], random: () => number): { nodes: Tensor[]; feeds: Map<Tensor, TypedArray> } {
  const placeholders = nodes.map((node) => parameter(node.shape, "float32"));
  return { nodes: placeholders, feeds: new Map(placeholders.map((node) => [node, direction(node.size, random)])) };
}

interface Setting extends Example {
  readonly leaves: readonly Tensor[];
  readonly feeds: ReadonlyMap<Tensor, TypedArray>;
}

/** Ordinary samples with a float result, in directions that the seed determines. */
const settings = (primitive: (typeof primitives)[number], ordinary = true): Setting[] =>
  [10, 20, 30].flatMap((seed) =>
    examplesOf(primitive, seed)
      .filter((example) => isFloat(example.node.dtype) && (!ordinary || example.ordinary))
      .map((example) => ({
        ...example,
        leaves: example.parameters.filter(({ dtype }) => isFloat(dtype)),
        feeds: feedsOf(example),
      }))
      .filter(({ leaves }) => leaves.length > 0),
  );

const valuesOf = (feeds: ReadonlyMap<Tensor, TypedArray>, nodes: readonly Tensor[]): TypedArray[] =>
  nodes.map((node) => feeds.get(node) as TypedArray);

const pair = (a: readonly TypedArray[], b: readonly TypedArray[]): number => a.reduce((total, x, i) => total + dot(x, b[i]), 0);

const tangentOf = (node: Tensor, leaves: readonly Tensor[], tangents: readonly Tensor[]): Tensor =>
  pushForward([node], leaves, tangents)[0] ?? zerosLike(node);

const cotangentsOf = (node: Tensor, leaves: readonly Tensor[], cotangent: Tensor): Tensor[] =>
  pullBack([node], leaves)([cotangent]).map((part, i) => part ?? zerosLike(leaves[i]));

for (const primitive of differentiable) {
  test(`${primitive.name}: the forward derivative is the limit of differences`, () => {
    for (const { node, leaves, feeds, label } of settings(primitive)) {
      const tangents = directions(leaves, randomFrom(7));
      const [got] = interpret([tangentOf(node, leaves, tangents.nodes)], new Map([...feeds, ...tangents.feeds]));
      const moves = new Map(leaves.map((leaf, i) => [leaf, tangents.feeds.get(tangents.nodes[i]) as TypedArray]));
      assert.equal(firstFar(got, differences([node], feeds, moves)[0], TOLERANCE), null, label);
    }
  });

  test(`${primitive.name}: the transpose gives the same pairing as the forward derivative`, () => {
    for (const { node, leaves, feeds, label } of settings(primitive)) {
      const random = randomFrom(8);
      const tangents = directions(leaves, random);
      const cotangent = directions([node], random);
      const known = new Map([...feeds, ...tangents.feeds, ...cotangent.feeds]);
      const [forward] = interpret([tangentOf(node, leaves, tangents.nodes)], known);
      const backward = interpret(cotangentsOf(node, leaves, cotangent.nodes[0]), known);
      const left = pair([forward], valuesOf(cotangent.feeds, cotangent.nodes));
      const right = pair(backward, valuesOf(tangents.feeds, tangents.nodes));
      assert.equal(firstFar([left], [right], 1e-12), null, label);
    }
  });

  test(`${primitive.name}: the second derivative is right, forward over reverse and reverse over reverse`, () => {
    for (const { node, leaves, feeds, label } of settings(primitive)) {
      const random = randomFrom(9);
      const [tangents, weights, cotangent] = [directions(leaves, random), directions(leaves, random), directions([node], random)];
      const known = new Map([...feeds, ...tangents.feeds, ...weights.feeds, ...cotangent.feeds]);
      const gradient = cotangentsOf(node, leaves, cotangent.nodes[0]);
      const moves = new Map(leaves.map((leaf, i) => [leaf, tangents.feeds.get(tangents.nodes[i]) as TypedArray]));
      const pushed = pushForward(gradient, leaves, tangents.nodes).map((part, i) => part ?? zerosLike(gradient[i]));
      const forward = interpret(pushed, known);
      differences(gradient, known, moves).forEach((expected, i) => {
        assert.equal(firstFar(forward[i], expected, TOLERANCE), null, `${label}, argument ${i}`);
      });
      const pulled = pullBack(gradient, leaves)(weights.nodes).map((part, i) => part ?? zerosLike(leaves[i]));
      const left = pair(forward, valuesOf(weights.feeds, weights.nodes));
      const right = pair(interpret(pulled, known), valuesOf(tangents.feeds, tangents.nodes));
      assert.equal(firstFar([left], [right], 1e-10), null, label);
    }
  });
}

test("derivatives are made of primitives of the catalogue", () => {
  const known = new Set(primitives);
  for (const primitive of differentiable) {
    for (const { node, leaves, label } of settings(primitive, false)) {
      const order = topologicalOrder(cotangentsOf(node, leaves, ones(node.shape)));
      assert.deepEqual(
        order.filter((part) => !known.has(part.primitive)),
        [],
        label,
      );
    }
  }
});

const LARGEST = 3.4e38;

test("float32 derivatives are finite wherever the float64 ones are, extreme inputs included", async (t) => {
  const runtime = directRuntime();
  after(() => runtime.close());
  for (const primitive of differentiable) {
    await t.test(primitive.name, async () => {
      for (const { node, leaves, feeds, label, data } of settings(primitive, false)) {
        const first = cotangentsOf(node, leaves, ones(node.shape));
        const second = pullBack(
          first,
          leaves,
        )(leaves.map((leaf) => ones(leaf.shape))).map((part, i) => part ?? zerosLike(leaves[i]));
        const outputs = [
          tangentOf(
            node,
            leaves,
            leaves.map((leaf) => ones(leaf.shape)),
          ),
          ...first,
          ...second,
        ];
        const exact = interpret(outputs, feeds);
        const got = await computeOn(runtime, outputs, feeds);
        got.forEach((values, k) => {
          const lost = [...values].flatMap((value, i) => {
            const overflows = !(Math.abs(exact[k][i]) < LARGEST);
            return Number.isFinite(value) || overflows ? [] : [`output ${k} element ${i}: ${value}, not ${exact[k][i]}`];
          });
          assert.deepEqual(lost, [], `${label} at ${data.map((input) => `[${input.join()}]`).join()}`);
        });
      }
    });
  }
});
