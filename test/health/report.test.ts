import assert from "node:assert/strict";
import { test } from "node:test";
import { parseHTML } from "linkedom";
import type { Plan } from "../../src/health/plan/plan.js";
import { type HealthReportOptions, healthReport } from "../../src/health/report/report.js";
import { treatWith } from "../../src/health/treat.js";
import { type Behaviour, fakeTools, sigmoidPlan, someData } from "./fakes.js";

const ill: Behaviour = { score: 0.48, loss: 0.99, ratio: 6e-4, dead: 0.4 };
const well: Behaviour = { score: 0.84, loss: 0.4, ratio: 0.6 };
const isTanh = ({ blocks }: Plan): boolean => "activation" in blocks[0] && blocks[0].activation === "tanh";

const options: HealthReportOptions = {
  words: {
    symptom: (name) => ({ title: `the ${name} <b>`, meaning: "what it means" }),
    cause: (name) => ({ title: `because of ${name}`, meaning: "what that means" }),
  },
  change: [
    { kind: "kept", line: "const model = nn.sequential(" },
    { kind: "removed", line: "  nn.linear(2, 5), sigmoid," },
    { kind: "added", line: "  nn.linear(2, 5), tanh," },
    { kind: "kept", line: ");" },
    ...Array.from({ length: 10 }, (_, i) => ({ kind: "kept", line: `far away ${i}` }) as const),
  ],
  constantLoss: 0.69,
  footer: "the footer",
};

const reportOf = async (behave: (plan: Plan) => Behaviour): Promise<string> =>
  healthReport(await treatWith(fakeTools(behave), sigmoidPlan, someData), options);

test("the report says what was found, why, what to change, what was tried and what it came to", async () => {
  const html = await reportOf((plan) => (isTanh(plan) ? well : ill));
  const { document } = parseHTML(html);
  const titles = [...document.querySelectorAll("h2")].map(({ textContent }) => textContent);
  assert.deepEqual(titles, [
    "What was found",
    "Why it happens, the likeliest first",
    "The code to change",
    "Loss and gradient, step by step",
    "The gradient on its way back",
    "How large activations and updates are",
    "Dead units",
    "Recommended: tanh with Glorot initialisation",
    "Remedies tried",
  ]);
  assert.match(html, /R_δ 6e-4 → 0\.6; accuracy \.480 → \.840 \(3\/3 seeds/);
  assert.match(html, /tanh with Glorot initialisation takes accuracy from \.480 to \.840/i);
  assert.match(html, /<span class="removed">− {3}nn\.linear\(2, 5\), sigmoid,<\/span>/);
  assert.ok(!html.includes("far away 5"));
  assert.equal(document.querySelectorAll("svg").length, 2 + 2 + 4 + 2);
});

test("the report needs no network and no script, and shows names as they are", async () => {
  const html = await reportOf((plan) => (isTanh(plan) ? well : ill));
  assert.doesNotMatch(html, /<script|<link|@import|src=|url\((?!["']?#)/);
  assert.doesNotMatch(html.replace(/xmlns(:\w+)?="[^"]*"/g, ""), /https?:/);
  assert.match(html, /the vanishing gradient &lt;b&gt;/);
  assert.doesNotMatch(html, /undefined|NaN/);
});

test("activations at the start are drawn where somebody looked", async () => {
  const treatment = await treatWith(fakeTools(() => well), sigmoidPlan, someData); // biome-ignore format: one line
  const spread = { layer: "0", low: -1, high: 1, shares: [0.25, 0.5, 0.25], lost: 0 };
  const dead = { layer: "2", low: 0, high: 0, shares: [1, 0, 0], lost: 0 };
  const lost = { layer: "4", low: 0, high: 0, shares: [], lost: 1 };
  const html = healthReport(treatment, { ...options, change: [], starts: [[spread, dead, lost]] });
  assert.match(html, /Activations at the start/);
  assert.doesNotMatch(html, /undefined|NaN/);
});

test("a healthy training gets a short report", async () => {
  const treatment = await treatWith(
    fakeTools(() => well),
    sigmoidPlan,
    someData,
  );
  const html = healthReport(treatment, { ...options, change: [] });
  assert.match(html, /This training is healthy/);
  assert.doesNotMatch(html, /Remedies tried|The code to change/);
});

test("a network of one layer gets no pictures of what lies between layers", async () => {
  const treatment = await treatWith(
    fakeTools(() => well),
    sigmoidPlan,
    someData,
  );
  const { history } = treatment.before;
  const last = <T>(all: readonly T[]): readonly T[] => all.slice(-1);
  const single = { ...history, layers: last(history.layers), readings: history.readings.map((one) => ({ ...one, layers: last(one.layers) })) }; // biome-ignore format: one line
  const html = healthReport({ ...treatment, before: { ...treatment.before, history: single }, after: null }, options);
  assert.doesNotMatch(html, /The gradient on its way back/);
  assert.match(html, /Updates, as described/);
  assert.doesNotMatch(html, /Activations, as described/);
});

test("readings that are not finite, or all dead, are drawn and said", async () => {
  const html = await reportOf(() => ({ score: Number.NaN, loss: Number.NaN, ratio: 0, dead: 1 }));
  assert.match(html, /100 % of a layer at worst/);
  assert.doesNotMatch(html, /undefined|NaN|Infinity/);
});

test("what was tried out to know more stands behind what was found, with its price", async () => {
  const answer = { question: "Which rate?", answer: "Rates above 0.0088 overshoot <b>.", cost: 0.25 };
  const tools = fakeTools(() => ill);
  const treatment = await treatWith(
    { ...tools, examine: async ({ diagnosis }) => ({ diagnosis, probes: {}, examined: [answer] }) },
    sigmoidPlan,
    someData,
    { remedies: false },
  );
  assert.deepEqual(treatment.examined, [answer]);
  const html = healthReport(treatment, { ...options, change: [] });
  assert.match(html, /What was tried out to know more.*Which rate\?<\/b> <span class="where">0\.25 trainings<\/span><p>Rates above 0\.0088 overshoot &lt;b&gt;\./s); // biome-ignore format: one line
  assert.doesNotMatch(await reportOf(() => well), /tried out to know more/);
});
