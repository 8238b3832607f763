// Draws every symptom as it looks in a program of the corpus, beside the program repaired: npx tsx bench/health/portraits/main.ts [SYMPTOM …]
import { mkdirSync, writeFileSync } from "node:fs";
import { tools } from "../../../src/health/treat-plan.js";
import { depthChart } from "../../../src/plot/index.js";
import { faultyCases } from "../corpus/index.js";
import { pictureFolder, portraits, slugOf } from "./views.js";

const wanted = process.argv.slice(2);
mkdirSync(pictureFolder, { recursive: true });
for (const { symptom, case: name, view } of portraits) {
  if (wanted.length > 0 && !wanted.includes(symptom)) continue;
  const ill = faultyCases.find((one) => one.name === name);
  if (ill === undefined) throw new Error(`there is no case "${name}"`);
  const data = await ill.data(0);
  const repaired = (await ill.reference.data?.(0)) ?? data;
  const runs = [
    { name: "ill", history: (await tools.run(ill.plan, data, { seed: 0 })).history },
    { name: "repaired", history: (await tools.run(ill.reference.plan, repaired, { seed: 0 })).history },
  ].map(({ name: which, history }) => ({ name: which, ...view.points(history) }));
  const places = [...new Set(runs.flatMap(({ at }) => at))].sort((a, b) => a - b);
  // Both on the same places: where one of the two was not looked at, its curve goes on from where it was.
  const curves = runs.map(({ name: which, at, values }) => ({
    name: which,
    values: places.map((place) => between(at, values, place)),
  }));
  const { label, scale = "linear", reference, along } = view;
  const picture = depthChart([{ label, scale, curves, ...(reference !== undefined && { reference }) }], {
    title: ill.plan.title,
    along: { label: along, at: places },
  });
  writeFileSync(`${pictureFolder}/${slugOf(symptom)}.svg`, picture);
  console.log(`${symptom}: ${name}, ${curves.map(({ values }) => values.filter(Number.isFinite).length).join(" and ")} points`);
}

/** The value at a place, on the straight line between its neighbours; none beyond the ends. */
function between(at: readonly number[], values: readonly number[], place: number): number {
  const right = at.findIndex((one) => one >= place);
  if (right < 0 || (right === 0 && at[0] !== place)) return Number.NaN;
  if (at[right] === place) return values[right] ?? Number.NaN;
  const [from, to] = [at[right - 1] as number, at[right] as number];
  const share = (place - from) / (to - from);
  return (values[right - 1] as number) * (1 - share) + (values[right] as number) * share;
}
