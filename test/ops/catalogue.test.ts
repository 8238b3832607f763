import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { primitives } from "../../src/diff/catalogue.js";
import { isFloat } from "../../src/ir/dtype.js";
import { collectPrimitives } from "../../src/ops/catalogue.js";
import { interpret } from "../../src/run/interpret.js";
import { allExamples, feedsOf } from "../support/samples.js";

test("every primitive has a name of its own and a line of documentation", () => {
  assert.equal(new Set(primitives.map(({ name }) => name)).size, primitives.length);
  for (const { name, doc } of primitives) assert.match(doc, /^\S.*\.$/s, `${name}: "${doc}"`);
});

test("every primitive has samples, but for those that compute nothing of their own", () => {
  for (const { name, samples, meaning, severalResults } of primitives) {
    // A placeholder is fed, a call with its own derivative is whatever it expands to, a loop is read by part: their tests stand elsewhere.
    if (meaning.kind === "fed" || meaning.kind === "expand" || severalResults) continue;
    assert.ok(samples.length > 0, name);
  }
});

test("the samples of a primitive cover every dtype that it is documented to take through them", () => {
  const floating = primitives.filter(({ derivative }) => derivative.kind !== "zero" && derivative.kind !== "custom");
  for (const { name, samples } of floating) {
    const hasFloat = samples.some(({ inputs }) => inputs.some(({ dtype, extremes }) => isFloat(dtype) && extremes === undefined));
    assert.ok(hasFloat, `${name} has a derivative and no ordinary float sample`);
  }
});

test("the shape and dtype rules say what evaluation gives", () => {
  for (const example of allExamples()) {
    const [value] = interpret([example.node], feedsOf(example));
    assert.equal(value.length, example.node.size, example.label);
    const storage = { float32: Float64Array, int32: Int32Array, uint32: Uint32Array, bool: Uint8Array }[example.node.dtype];
    assert.ok(value instanceof storage, `${example.label} is held in ${value.constructor.name}`);
  }
});

test("evaluation makes new arrays and leaves its inputs alone", () => {
  for (const example of allExamples()) {
    const { meaning } = example.primitive;
    if (meaning.kind !== "direct") continue;
    const inputs = example.data.map((input) => input.slice());
    const result = meaning.evaluate(inputs, example.node);
    inputs.forEach((input, i) => {
      assert.notEqual(result, input, example.label);
      assert.deepEqual(input, example.data[i], example.label);
    });
  }
});

test("every file of operations is in the catalogue", async () => {
  const folder = new URL("../../src/ops/", import.meta.url);
  const modules = await Promise.all(readdirSync(folder).map((file): Promise<object> => import(new URL(file, folder).href)));
  const exported = collectPrimitives(modules).map(({ name }) => name);
  const known = new Set(primitives.map(({ name }) => name));
  assert.deepEqual(
    exported.filter((name) => !known.has(name)),
    [],
  );
});
