import assert from "node:assert/strict";
import { after, test } from "node:test";
import fc from "fast-check";
import { grad, jvp, vmap } from "../../src/diff/index.js";
import { isFloat, type TypedArray } from "../../src/ir/dtype.js";
import { printGraph } from "../../src/ir/graph.js";
import { topologicalOrder } from "../../src/ir/order.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { simplify } from "../../src/lower/index.js";
import { constant, parameter } from "../../src/ops/create.js";
import { add, mul, sum } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { firstInaccurate } from "../support/accuracy.js";
import { differences, dot, firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { allRules, type Program, programs, type Rule, run, smoothRules } from "../support/programs.js";
import { direction, draw, randomFrom } from "../support/random.js";
import { sensitivity } from "../support/shaken.js";
import { same } from "../support/ulp.js";

/** A failure prints the seed and the smallest program that fails; SOFTGRAD_TEST_SEED draws others. */
const seed = Number(process.env.SOFTGRAD_TEST_SEED ?? 202_611);
const runtime = directRuntime();
after(() => runtime.close());

type Feeds = Map<Tensor, TypedArray>;

/** A program over fresh placeholders, with values for them. */
interface Drawn {
  readonly args: Tensor[];
  readonly feeds: Feeds;
  readonly f: (leaves: readonly Tensor[]) => Tensor;
}

function drawn(program: Program, rules: readonly Rule[] = allRules): Drawn {
  const random = randomFrom(program.steps.length);
  const args = program.shapes.map((shape) => parameter(shape, "float32"));
  const feeds: Feeds = new Map(args.map((arg) => [arg, draw({ shape: arg.shape, dtype: "float32" }, random)]));
  return { args, feeds, f: (leaves) => run(program, leaves, rules) };
}

const value = ({ f, args }: Drawn): Tensor[] => [f(args)];
const valueAndGradient = ({ f, args }: Drawn): Tensor[] => [f(args), ...grad(f)(args)];

/** What computes something at run time: all but constants and placeholders. */
const computed = (outputs: readonly Tensor[]): Tensor[] =>
  topologicalOrder(outputs).filter(({ primitive, size }) => !["stored", "fed"].includes(primitive.meaning.kind) && size > 0);

/** Every node that does not follow from its own float32 operands within the accuracy its record states. */
async function wrongNodes(group: readonly Drawn[], outputsOf: (one: Drawn) => Tensor[]): Promise<string[]> {
  const feeds: Feeds = new Map(group.flatMap((one) => [...one.feeds]));
  const nodes = computed(group.flatMap(outputsOf));
  const results = await computeOn(runtime, nodes, feeds);
  const known = new Map<Tensor, TypedArray>([...feeds, ...nodes.map((node, i) => [node, results[i]] as const)]);
  const operand = (node: Tensor): TypedArray =>
    known.get(node) ?? interpret([node])[0].map((x) => (isFloat(node.dtype) ? Math.fround(x) : x));
  return nodes.flatMap((node, i) => {
    const data = node.inputs.map(operand);
    const [exact] = interpret([node], new Map(node.inputs.map((input, k) => [input, data[k]])));
    const example = {
      label: node.primitive.name,
      primitive: node.primitive,
      specs: [],
      parameters: node.inputs,
      node,
      data,
      ordinary: true,
    };
    return firstInaccurate(example, results[i], exact) ?? [];
  });
}

const group = (size: number): fc.Arbitrary<Program[]> => fc.array(programs, { minLength: 1, maxLength: size, size: "max" });

const settings = (numRuns: number) => ({
  seed,
  numRuns,
  includeErrorInReport: true,
});

test("every node of a thousand random graphs follows from its operands as its record states", async (t) => {
  t.diagnostic(`seed ${seed}`);
  let graphs = 0;
  const property = fc.asyncProperty(group(20), async (members) => {
    const all = members.map((member) => drawn(member));
    assert.deepEqual(await wrongNodes(all, value), []);
    graphs += all.length;
  });
  await fc.assert(property, settings(120));
  assert.ok(graphs >= 1000, `${graphs}`);
});

test("every node of their gradients does too", async () => {
  const property = fc.asyncProperty(group(6), async (members) => {
    const all = members.map((member) => drawn(member));
    assert.deepEqual(await wrongNodes(all, valueAndGradient), []);
  });
  await fc.assert(property, settings(40));
});

test("the results of a thousand random graphs and gradients, fused as the runtime likes, are off by rounding alone", async (t) => {
  let graphs = 0;
  let compared = 0;
  let unstable = 0;
  const property = fc.asyncProperty(group(10), async (members) => {
    const all = members.map((member) => drawn(member));
    const feeds: Feeds = new Map(all.flatMap((one) => [...one.feeds]));
    const outputs = all.flatMap(valueAndGradient);
    const exact = interpret(outputs, feeds);
    const got = await computeOn(runtime, outputs, feeds);
    const moves = sensitivity(outputs, feeds);
    got.forEach((values, k) => {
      values.forEach((result: number, i: number) => {
        const [expected, move] = [exact[k][i], moves[k][i]];
        if (same(result, Math.fround(expected))) return;
        const size = Math.max(1, Math.abs(expected));
        // A comparison that rounding decides moves the result by far more than rounding: nothing follows from such an element.
        if (move > 1e-3 * size) unstable += 1;
        else
          assert.ok(
            Math.abs(result - expected) <= 8 * move + 1e-6 * size,
            `${result}, not ${expected}; rounding moves it by ${move}`,
          );
        compared += 1;
      });
    });
    graphs += all.length;
  });
  await fc.assert(property, settings(210));
  t.diagnostic(`${graphs} graphs, ${compared} elements, ${unstable} that rounding decides`);
  assert.ok(graphs >= 1000 && unstable < 0.02 * compared, `${graphs} graphs, ${unstable} of ${compared}`);
});

test("a simplified graph has the values of the graph to the last bit, gradients included", () => {
  const property = fc.property(programs, (program) => {
    const one = drawn(program);
    const graph = { parameters: one.args, outputs: valueAndGradient(one) };
    const before = interpret(graph.outputs, one.feeds);
    const after = interpret(simplify(graph).outputs, one.feeds);
    before.forEach((values, k) => {
      const different = values.findIndex((x: number, i: number) => !same(x, after[k][i]));
      assert.equal(different, -1, `output ${k}: ${values[different]} became ${after[k][different]}`);
    });
  });
  fc.assert(property, settings(400));
});

test("simplifying twice changes nothing more", () => {
  const property = fc.property(programs, (program) => {
    const one = drawn(program);
    const once = simplify({ parameters: one.args, outputs: valueAndGradient(one) });
    assert.equal(printGraph(simplify(once)), printGraph(once));
  });
  fc.assert(property, settings(200));
});

test("vmap of a random graph, and of its gradient, is a loop", () => {
  const size = 3;
  const property = fc.property(programs, (program) => {
    const { args, f } = drawn(program);
    const random = randomFrom(3);
    const whole = args.map((arg) => parameter([size, ...arg.shape], "float32"));
    const feeds: Feeds = new Map(whole.map(({ shape }, i) => [whole[i], draw({ shape, dtype: "float32" }, random)]));
    const both = (leaves: readonly Tensor[]): readonly Tensor[] => [f(leaves), ...grad(f)(leaves)];
    const batched = interpret(vmap(both)(whole), feeds);
    for (let k = 0; k < size; k++) {
      const single: Feeds = new Map(
        args.map((arg, i) => [arg, (feeds.get(whole[i]) as TypedArray).slice(k * arg.size, (k + 1) * arg.size)]),
      );
      interpret(both(args), single).forEach((expected, j) => {
        const part = batched[j].slice(k * expected.length, (k + 1) * expected.length);
        assert.equal(firstFar(part, expected, 1e-12), null, `output ${j}, member ${k}`);
      });
    }
  });
  fc.assert(property, settings(150));
});

test("forward and reverse mode agree on random graphs, to the second order", () => {
  const property = fc.property(programs, (program) => {
    const { args, feeds, f } = drawn(program);
    const random = randomFrom(4);
    const tangents = args.map((arg) => parameter(arg.shape, "float32"));
    const known: Feeds = new Map([...feeds, ...tangents.map((tangent) => [tangent, direction(tangent.size, random)] as const)]);
    const gradient = grad(f);
    const pushed = jvp(f, [args as readonly Tensor[]], [tangents]).tangent;
    const curved = jvp(gradient, [args as readonly Tensor[]], [tangents]).tangent;
    const along = (leaves: readonly Tensor[]): Tensor =>
      gradient(leaves)
        .map((part, i) => sum(mul(part, tangents[i])))
        .reduce(add);
    const backward = grad(along)(args);
    const values = interpret([pushed, ...gradient(args), ...curved, ...backward], known);
    const pulled = values.slice(1, 1 + args.length);
    const paired = pulled.reduce((total, part, i) => total + dot(part, known.get(tangents[i]) as TypedArray), 0);
    assert.equal(firstFar(values[0], [paired], 1e-9), null);
    args.forEach((_, i) => {
      const [forward, reverse] = [values[1 + args.length + i], values[1 + 2 * args.length + i]];
      assert.equal(firstFar(forward, reverse, 1e-8), null, `argument ${i}`);
    });
  });
  fc.assert(property, settings(200));
});

test("the gradient of a smooth random graph, and its curvature, are limits of differences", () => {
  const property = fc.property(programs, (program) => {
    const { args, feeds, f } = drawn(program, smoothRules);
    const random = randomFrom(5);
    const moves: Feeds = new Map(args.map((arg) => [arg, direction(arg.size, random)]));
    const gradient = grad(f)(args);
    const tangents = args.map((arg) => constant(moves.get(arg) as TypedArray, arg.shape, "float32"));
    const curved = jvp(grad(f), [args as readonly Tensor[]], [tangents]).tangent;
    const values = interpret([...gradient, ...curved], feeds);
    const slope = args.reduce((total, arg, i) => total + dot(values[i], moves.get(arg) as TypedArray), 0);
    assert.equal(firstFar([slope], differences([f(args)], feeds, moves)[0], 1e-6), null);
    differences(gradient, feeds, moves).forEach((expected, i) => {
      assert.equal(firstFar(values[args.length + i], expected, 1e-5), null, `argument ${i}`);
    });
  });
  fc.assert(property, settings(200));
});
