import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { explain } from "../../src/explain/index.js";

const page = readFileSync("docs/explain.md", "utf8").normalize("NFC");
const unit = explain("1 / (exp(-(w*x + b)) + 1)", { x: 1, w: 0, b: 0 });

test("the tables in the documentation are those that are printed", () => {
  assert.ok(page.includes(unit.text().normalize("NFC")));
});

test("the complaint in the documentation is the one that is made", () => {
  assert.throws(
    () => explain("x + * x", { x: 1 }),
    ({ message }: Error) => page.includes(message.normalize("NFC")),
  );
});

test("the drawing in the documentation is the one that is drawn", () => {
  assert.equal(readFileSync("docs/explain-sigmoid.svg", "utf8"), unit.svg());
});
