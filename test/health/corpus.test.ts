import assert from "node:assert/strict";
import { test } from "node:test";
import { heldControls, heldFaulty, isHeld } from "../../bench/health/corpus/held.js";
import { controlCases, corpus, faultyCases } from "../../bench/health/corpus/index.js";
import { allJobs, asPromised, lastScores } from "../../bench/health/corpus/scores.js";
import { buildModel, codeOf, describeSubject, prepareData, readPlan } from "../../src/health/plan/index.js";
import { measuredLayers } from "../../src/health/probes/measured.js";

test("every case has a name of its own", () => {
  assert.equal(new Set(corpus.map(({ name }) => name)).size, corpus.length);
});

test("there are at least 30 faulty programs and 80 healthy ones", () => {
  assert.ok(faultyCases.length >= 30, String(faultyCases.length));
  assert.ok(controlCases.length >= 80, String(controlCases.length));
});

test("about half of the faulty and half of the healthy ones are kept for the test", () => {
  for (const [cases, drawn] of [
    [faultyCases, heldFaulty],
    [controlCases, heldControls],
  ] as const) {
    // biome-ignore format: two pairs
    const held = cases.filter(isHeld).length;
    assert.ok(Math.abs(held / cases.length - 0.5) < 0.05, `${held} of ${cases.length}, ${drawn.length} drawn`);
  }
});

test("every plan builds, is read from JSON as it is, and is written as a program", () => {
  for (const { plan } of corpus) {
    assert.deepEqual(readPlan(JSON.stringify(plan)), plan);
    assert.match(codeOf(plan), /nn\.sequential\(/);
  }
});

test("accepted layers are layers that are measured", () => {
  for (const { name, plan, layers } of faultyCases) {
    const dtype = plan.blocks[0]?.kind === "embedding" ? "int32" : "float32";
    const measured = measuredLayers(buildModel(plan), plan.input, { dtype }).map(({ path }) => path);
    for (const path of layers ?? []) assert.ok(measured.includes(path), `${name}: ${path}`);
  }
});

test("data fits its plan and that of the repaired program, and one seed always gives the same", async () => {
  for (const one of corpus) {
    const data = await one.data(1);
    prepareData(one.plan, data);
    if (one.kind === "faulty") prepareData(one.reference.plan, await (one.reference.data ?? one.data)(1));
    assert.deepEqual((await one.data(1)).train.columns.features.data.slice(0, 50), data.train.columns.features.data.slice(0, 50));
  }
});

test("what is known of a plan before it is trained has a layer for every block with weights", async () => {
  for (const name of ["A1-sigmoid-8", "S18-rate-kills-units", "N1-sign-tanh", "T1-sum-of-squares"]) {
    const one = faultyCases.find((candidate) => candidate.name === name);
    assert.ok(one !== undefined, name);
    const { layers, data } = describeSubject(one.plan, await one.data(0));
    assert.equal(layers.length, one.plan.blocks.length + 1);
    assert.ok((data.constantLoss ?? 0) > 0);
  }
});

test("every program was trained as it is now with three seeds, and came out as it is said to", () => {
  const jobs = allJobs();
  const scores = lastScores(jobs, [0, 1, 2]);
  assert.equal(scores.length, 3 * jobs.length);
  assert.deepEqual(scores.filter((score) => !asPromised(score)), []); // biome-ignore format: one line
});
