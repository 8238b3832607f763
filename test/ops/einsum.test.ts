import assert from "node:assert/strict";
import { after, test } from "node:test";
import { vjp } from "../../src/diff/index.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import { type Shape, sizeOf, stridesOf } from "../../src/ir/shape.js";
import type { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { einsum, ones } from "../../src/ops/index.js";
import { interpret } from "../../src/run/interpret.js";
import { differences, firstFar } from "../support/differences.js";
import { computeOn, directRuntime } from "../support/engines.js";
import { draw, randomFrom } from "../support/random.js";

const runtime = directRuntime();
after(() => runtime.close());

const SIZES: Readonly<Record<string, number>> = { i: 2, j: 3, k: 4, l: 2, m: 1 };

/** The definition: for every value of all letters, the product of the entries, added to the entry of the result. */
function definition(inputs: readonly string[], output: string, data: readonly TypedArray[]): number[] {
  const letters = [...new Set(inputs.join(""))];
  const sizes = letters.map((letter) => SIZES[letter]);
  const shapeOf = (term: string): Shape => [...term].map((letter) => SIZES[letter]);
  const result = new Array<number>(sizeOf(shapeOf(output))).fill(0);
  for (let point = 0; point < sizeOf(sizes); point++) {
    const value = new Map(letters.map((letter, i) => [letter, Math.floor(point / stridesOf(sizes)[i]) % sizes[i]]));
    const index = (term: string): number =>
      [...term].reduce((sum, letter, i) => sum + (value.get(letter) ?? 0) * stridesOf(shapeOf(term))[i], 0);
    result[index(output)] += inputs.reduce((product, term, i) => product * data[i][index(term)], 1);
  }
  return result;
}

const FORMULAS = [
  "ij,jk->ik",
  "ij,kj->ik",
  "ji,jk->ki",
  "i,i->",
  "i,j->ij",
  "ij->ji",
  "ij->",
  "ij->i",
  "ii->i",
  "ii->",
  "iji->j",
  "kij,kjl->kil",
  "ij,jk,kl->il",
  "ij,ij->ij",
  "ij,ij,ij->i",
  "ijk,jil->kl",
  "i,ij,j->",
  "ij,k->kij",
  "im,mj->ij",
  "ij,kl->ljki",
  "ijk,k->ij",
  "iij,jk->ik",
  "ij,jk",
  "ji",
  "ijk,lk,l->ji",
];

/** Without an arrow the result has the letters that stand once, in alphabetical order. */
function partsOf(formula: string): { inputs: string[]; output: string } {
  const [left, right] = formula.split("->");
  const once = [...new Set(left.replaceAll(",", ""))]
    .filter((letter) => left.split(letter).length === 2)
    .sort()
    .join("");
  return { inputs: left.split(","), output: right ?? once };
}

for (const formula of FORMULAS) {
  test(`einsum ${formula} is the sum of products that it says, and so is its gradient`, async () => {
    const { inputs, output } = partsOf(formula);
    const random = randomFrom(12);
    const operands = inputs.map((term) =>
      parameter(
        [...term].map((letter) => SIZES[letter]),
        "float32",
      ),
    );
    const data = operands.map(({ shape }) => draw({ shape, dtype: "float32" }, random));
    const feeds = new Map(operands.map((operand, i) => [operand, data[i]]));
    const result = einsum(formula, ...operands);
    assert.deepEqual(
      result.shape,
      [...output].map((letter) => SIZES[letter]),
    );
    const expected = definition(inputs, output, data);
    assert.equal(firstFar(interpret([result], feeds)[0], expected, 1e-13), null);
    assert.equal(firstFar((await computeOn(runtime, [result], feeds))[0], expected, 3e-6), null);
    const gradients = interpret(
      vjp((...args: Tensor[]) => einsum(formula, ...args), ...operands).pullback(ones(result.shape)),
      feeds,
    );
    operands.forEach((operand, k) => {
      const slopes = Array.from(data[k], (_, i) => {
        const unit = data[k].map((_, j) => Number(i === j));
        return differences([result], feeds, new Map([[operand, unit]]))[0].reduce((a, b) => a + b, 0);
      });
      assert.equal(firstFar(gradients[k], slopes, 1e-8), null);
    });
  });
}

test("einsum says which axis does not fit, which is missing and which is no letter", () => {
  const [x, y] = [ones([2, 3]), ones([4, 5])];
  assert.throws(
    () => einsum("ij,jk->ik", x, y),
    /^Fault: einsum: axis j is 3 and 4\n {2}expected {2}ij,jk->ik\n {2}got {7}\(2 3\), \(4 5\)$/,
  );
  assert.throws(() => einsum("ij->k", x), /einsum: axis k of the result stands in no operand/);
  assert.throws(() => einsum("i1->i", x), /einsum: "1" names no axis/);
  assert.throws(() => einsum("ij,jk->ik", x), /einsum: the formula has 2 operands/);
  assert.throws(() => einsum("ij->ii", x), /einsum: an axis stands twice in the result/);
  assert.throws(() => einsum("ijk->i", x), /einsum: "ijk" names 3 axes/);
});
