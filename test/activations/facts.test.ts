import { test } from "node:test";
import { type Activation, catalogue } from "../../src/activations/index.js";
import { type Case, factChecks } from "./fact-checks.js";

/** The activation as it is, and with other values of each of its parameters. */
function variants(f: Activation): Activation[] {
  const others = Object.entries(f.record.parameters).flatMap(([name, { range, whole, default: value }]) =>
    [-0.5, 0.25, 0.5, 1, 2]
      .filter((x) => (x > 0 || Number.isFinite(range[0])) && !whole && x !== value && x >= range[0] && x <= range[1])
      .map((x) => f.with({ [name]: x })),
  );
  return [f, ...others];
}

const cases: readonly Case[] = catalogue.flatMap(variants).flatMap((f) => {
  const { facts } = f;
  return facts.kind === "pointwise" ? [{ label: `${f.record.name} (${f.title})`, f, facts }] : [];
});

for (const [what, check] of factChecks) for (const one of cases) test(`${one.label}: ${what}`, () => check(one));
