/**
 * One sigmoid unit by hand: its graph, and its derivatives at a point by forward mode and by reverse mode.
 *
 *     npx tsx examples/explain-sigmoid.ts [drawing.svg]
 */
import { writeFileSync } from "node:fs";
import { explain } from "softgrad/explain";

// What a person types, and where. Every step of the way becomes a value h1, h2, …
const unit = explain("1 / (exp(-(w*x + b)) + 1)", { x: 1, w: 0, b: 0 });
console.log(unit.text());

// The numbers are there as data too.
const [last] = unit.steps.slice(-1);
console.log(`The result is ${last.name} = ${last.value}.`);
console.log(`Forward mode, carrying ∂/∂w along:  ∂f/∂w = ${unit.forward.w}`);
console.log(`Reverse mode, one sweep back:       ∂f/∂w = ${unit.gradient.w}`);

// A derivative is a graph like any other, with derivatives of its own. At w = b = 0 the sigmoid does not bend.
const slope = explain("1 / (exp(-(w*x + b)) + 1)", { x: 1, w: 0, b: 0 }, { derivative: ["w"] });
console.log(
  `\nThe graph of ∂f/∂w has ${slope.steps.length} steps; by both modes ∂²f/∂w² = ${slope.forward.w} = ${slope.gradient.w}.`,
);

// The same graph for a README (Mermaid), for Graphviz (unit.dot()), and as a drawing.
console.log(`\n${unit.mermaid()}`);
const [file] = process.argv.slice(2);
if (file !== undefined) {
  writeFileSync(file, unit.svg());
  console.log(`drawn in ${file}`);
}
