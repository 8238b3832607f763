/** A page for every symptom of gradient health: what it is, how it looks, what it comes from, what helps. Made from the records. */

import { faultyCases } from "../../bench/health/corpus/index.js";
import { pictureFolder, portraits, slugOf } from "../../bench/health/portraits/views.js";
import { type Cause, findCause, type Symptom, type SymptomName, symptoms } from "../../src/health/index.js";
import { remedies } from "../../src/health/remedies/index.js";
import { table } from "./markdown.js";

export const healthFolder = "docs/health";

/** Programs of examples/health that show a symptom at length. */
const lessons: Partial<Readonly<Record<SymptomName, readonly string[]>>> = {
  initialisation: ["vanishing-and-exploding", "weight-gradient-trap"],
  "vanishing gradient": ["weight-gradient-trap", "vanishing-and-exploding", "residual-identity", "race-of-remedies"],
  "exploding gradient": ["vanishing-and-exploding", "residual-identity", "clipping-recurrent", "norms"],
  "dead units": ["dying-relu"],
  saturation: ["sigmoid-saturation"],
  "data scale": ["sigmoid-saturation"],
  divergence: ["learning-rate-limit"],
  curvature: ["learning-rate-limit"],
  "recurrent gradient": ["recurrent-memory", "clipping-recurrent"],
};

/** Every page by its path from the root of the repository. */
export const healthFiles = (): ReadonlyMap<string, string> =>
  new Map([
    [`${healthFolder}/README.md`, index()],
    ...symptoms.map((one): [string, string] => [`${healthFolder}/${slugOf(one.name)}.md`, page(one)]),
  ]);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const NOTE = "<!-- Written by `npm run docs` from the source. Changes belong there. -->";

function index(): string {
  const rows = symptoms.map(({ code, name, what }) => [code, `[${name}](${slugOf(name)}.md)`, what]);
  return `${["# Symptoms of ill trainings", NOTE, "What [gradient health](../health.md) looks for, each with its causes and cures.", table(["", "symptom", "what it is"], rows)].join("\n\n")}\n`;
}

const confirmed: Readonly<Record<Symptom["confirms"], string>> = {
  alone: "It is proof alone.",
  withPoorLoss: "It is a risk at first, and confirmed where the loss stays poor.",
  withLoss: "It is a risk at first, and confirmed only where the loss does not fall as it should.",
  never: "It is never proof: it is told to explain other findings.",
};

function page(symptom: Symptom): string {
  const { name, code, what, looks, threshold, source, confirms } = symptom;
  const causes = symptom.causes.flatMap((cause) => findCause(cause) ?? []);
  return `${[
    `# ${capital(name)}`,
    NOTE,
    `${code} of [gradient health](../health.md). ${what}`,
    ...portraitOf(symptom),
    "## How it is recognised",
    looks,
    `**Limits:** ${threshold} ${confirmed[confirms]}`,
    "## What it comes from",
    ...(causes.length === 0 ? ["It has no cause of its own."] : causes.flatMap(causeText)),
    ...cures(symptom),
    ...lessonLinks(name),
    "## Source",
    source,
  ].join("\n\n")}\n`;
}

function portraitOf({ name }: Symptom): string[] {
  const portrait = portraits.find(({ symptom }) => symptom === name);
  const shown = faultyCases.find((one) => one.name === portrait?.case);
  if (portrait === undefined || shown === undefined) return [];
  const { label, along } = portrait.view;
  const picture = `../${pictureFolder.replace("docs/", "")}/${slugOf(name)}.svg`;
  return [
    `![${capital(label)} by ${along}, of an ill program and of the same one repaired](${picture})`,
    `*${capital(shown.plan.title)}, and the same repaired. The program is \`${portrait.case}\` of the [corpus](../../bench/health/corpus): ${shown.source}.*`,
  ];
}

const causeText = ({ title, why, advice }: Cause): string[] => [
  `**${capital(title)}.** ${why}`,
  ...(advice.length === 0 ? [] : [advice.map((one) => `- ${one}`).join("\n")]),
];

/** Remedies against the symptom itself, or where there are none those against what it comes from. */
function cures({ name, causes }: Symptom): string[] {
  const direct = remedies.filter(({ against }) => against.includes(name));
  const found = direct.length > 0 ? direct : remedies.filter(({ against }) => causes.some((cause) => against.includes(cause)));
  if (found.length === 0) return [];
  return [
    "## What is tried",
    "By `softgrad health`, the smallest change first; the one that it recommends has been proved on the training at hand.",
    table(["remedy", "why", "source"], found.map(({ title, why, source }) => [title, why, source])), // biome-ignore format: one line
  ];
}

const lessonLinks = (name: SymptomName): string[] => {
  const shown = lessons[name] ?? [];
  if (shown.length === 0) return [];
  const linked = shown.map((lesson) => `[${lesson}.ts](../../examples/health/${lesson}.ts)`);
  return ["## See it", `Measured and drawn by ${linked.join(", ")}.`];
};
