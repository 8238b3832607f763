import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { softgrad, temporaryFolder } from "./support.js";

const neuron = ["explain", "1/(exp(-(w*x+b))+1)", "--at", "x=1,w=0,b=0"] as const;

test("the derivative of a neuron is 0.25 by both modes, step by step", async () => {
  const { code, out, err } = await softgrad(...neuron);
  assert.deepEqual({ code, err }, { code: 0, err: "" });
  assert.match(out, /∂f\/∂w {2}= 0\.25 by forward mode, 0\.25 by reverse mode/);
  assert.match(out, /^ {2}h6 {2}1 \/ h5 +0\.5 /m);
});

test("forward mode follows only the variables that are asked for", async () => {
  const { out } = await softgrad(...neuron, "--wrt", "w", "--json");
  const told = JSON.parse(out) as { directions: string[]; forward: Record<string, number>; gradient: Record<string, number> };
  assert.deepEqual(told.directions, ["w"]);
  assert.deepEqual(told.forward, { w: 0.25 });
  assert.deepEqual(Object.keys(told.gradient).sort(), ["b", "w", "x"]);
});

test("a derivative can be explained itself", async () => {
  // d²(x³)/dx² = 6x
  const { out } = await softgrad("explain", "x^3", "--at", "x=2", "--derivative", "x", "--json");
  assert.equal((JSON.parse(out) as { gradient: Record<string, number> }).gradient.x, 12);
});

test("the graph comes as SVG, Mermaid and DOT", async (t) => {
  const folder = temporaryFolder(t);
  const svg = join(folder, "graph.svg");
  assert.match((await softgrad(...neuron, "--svg", svg)).out, /drawn in .*graph\.svg$/);
  assert.match(readFileSync(svg, "utf8"), /^<svg [\s\S]*<\/svg>\s*$/);
  assert.match((await softgrad(...neuron, "--mermaid")).out, /^(flowchart|graph) /);
  assert.match((await softgrad(...neuron, "--dot")).out, /^digraph /);
  assert.deepEqual(readdirSync(folder), ["graph.svg"]);
});

test("what cannot be explained is told", async () => {
  const cases: [string[], RegExp][] = [
    [["1/(x", "--at", "x=1"], /ends too early/],
    [["x + y", "--at", "x=1"], /y has no value/],
    [["x", "--at", "x"], /cannot read "x" as a value of the point/],
    [["x", "--at", "x=1", "--digits", "many"], /^--digits: this is not a whole number/],
    [["x", "--at", "x=1", "--wrt", "z"], /z/],
    [["x", "--at", "x=1", "--svg", "/proc/softgrad/graph.svg"], /folder cannot be made/],
  ];
  for (const [args, said] of cases) {
    const { code, out, err } = await softgrad("explain", ...args);
    assert.deepEqual({ code, out }, { code: 1, out: "" }, args.join(" "));
    assert.match(err, said);
  }
});
