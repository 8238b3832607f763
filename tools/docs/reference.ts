/** The pages of docs/reference, made from the catalogues and from the doc comments of the source. */
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import type { Activation } from "../../src/activations/activation.js";
import type { Facts, Tail } from "../../src/activations/facts.js";
import { frameworkNames, nameIn, numbersIn } from "../../src/activations/frameworks.js";
import { catalogue as activations } from "../../src/activations/index.js";
import { run } from "../../src/cli/run.js";
import { primitives } from "../../src/diff/catalogue.js";
import type { Accuracy, Derivative, Primitive } from "../../src/ir/primitive.js";
import { initialiserCatalogue, losses } from "../../src/nn/index.js";
import { optimizers, schedules } from "../../src/optim/index.js";
import { type PublicName, publicNames } from "./exports.js";
import { table } from "./markdown.js";

const generated = "<!-- Written by `npm run docs` from the source. Changes belong there. -->";

/** Every page by its path from the root of the repository. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  const all = entries();
  const api = await Promise.all(all.map(async (entry) => [`api-${entry.name}`, await apiPage(entry, all)] as const));
  const pages: Record<string, string[]> = {
    primitives: primitivesPage(),
    activations: activationsPage(),
    losses: lossesPage(),
    optimizers: optimizersPage(),
    initialisers: initialisersPage(),
    "command-line": await commandLinePage(),
    ...Object.fromEntries(api),
  };
  const list = Object.entries(pages).map(([name, [title]]) => `- [${title.replace(/^# /, "")}](${name}.md)`);
  const whole: Record<string, string[]> = { README: ["# Reference", list.join("\n")], ...pages };
  return new Map(
    Object.entries(whole).map(([name, [title, ...parts]]) => [
      `docs/reference/${name}.md`,
      `${[title, generated, ...parts].join("\n\n")}\n`,
    ]),
  );
}

const derivativeKinds: Record<Derivative<never>["kind"], (derivative: Derivative<unknown>) => string> = {
  zero: () => "zero",
  linear: () => "linear",
  custom: () => "custom",
  byArgument: (derivative) => (derivative.kind === "byArgument" ? derivative.rules.map(({ kind }) => kind).join(", ") : ""),
};

function primitivesPage(): string[] {
  const accuracy = (given: Accuracy | undefined): string =>
    given === undefined ? "" : given.ulp === 0 ? "exact" : `${given.ulp} ulp of ${scales[given.scale]}`;
  const shape = ({ shape: rule }: Primitive): string => (typeof rule === "function" ? "by its parameters" : `\`${rule.text}\``);
  return [
    "# Primitives",
    "What a graph is made of. A shape contract names axes: equal names are equal sizes, `…s` is any run of axes. The kind of a derivative is " +
      "that of the whole node, or one for each argument. The accuracy is that of the float32 lowering against the float64 meaning, as the tests hold it.",
    table(
      ["name", "meaning", "shape", "derivative", "accuracy"],
      primitives.map((primitive) => [
        `\`${primitive.name}\``,
        primitive.doc,
        shape(primitive),
        derivativeKinds[primitive.derivative.kind](primitive.derivative),
        accuracy(primitive.accuracy),
      ]),
    ),
  ];
}

const scales: Record<Accuracy["scale"], string> = {
  value: "the value",
  own: "max(value, min(1, x))",
  unit: "max(value, 1)",
  terms: "the sum of the terms' sizes",
};

function activationsPage(): string[] {
  return [
    "# Activations",
    `${activations.length} activations. Each is a function, a layer, and a record of facts, which the tests check: \`gelu(x)\`, \`nn.sequential(…, gelu, …)\`, \`gelu.facts\`; with other numbers for its parameters it is another one: \`leakyRelu.with({ alpha: 0.2 })\`.`,
    ...activations.flatMap((activation) => [`## ${activation.record.name}`, ...activationSection(activation)]),
  ];
}

function activationSection({ record, title, facts, gain }: Activation): string[] {
  const names = [title, ...(record.aliases ?? [])].join(", ");
  const parameters = Object.entries(record.parameters).map(([name, { default: value, range, doc }]) => [
    `\`${name}\``,
    number(value),
    `${number(range[0])} to ${number(range[1])}`,
    doc,
  ]);
  const elsewhere = frameworkNames.flatMap((framework) => {
    const name = nameIn(record, framework);
    return name === null ? [] : [[`${framework} \`${name}\``, numbersIn(record, framework)].filter(Boolean).join(" with ")];
  });
  return [
    `$$${record.tex}$$`,
    `${names}. ${record.source}.`,
    `${record.strengths} ${record.weaknesses} For: ${record.use}`,
    ...(parameters.length > 0 ? [table(["parameter", "default", "range", ""], parameters)] : []),
    table(
      ["range", "monotone", "parity", "toward −∞", "toward +∞", "smoothness", "sup of slope", "gain"],
      [[...factCells(facts), number(gain)]],
    ),
    ...(elsewhere.length > 0 ? [`Elsewhere: ${elsewhere.join(", ")}.`] : []),
  ];
}

function factCells(facts: Facts): string[] {
  const { low, high, lowAttained, highAttained } = facts.range;
  const range = `${lowAttained ? "[" : "("}${number(low)}, ${number(high)}${highAttained ? "]" : ")"}`;
  if (facts.kind === "vector") return [range, "", "", "", "", facts.smoothness, number(facts.lipschitz)];
  return [range, facts.monotone, facts.parity, tail(facts.left), tail(facts.right), facts.smoothness, number(facts.lipschitz)];
}

function tail(end: Tail): string {
  if (end.kind !== "line") return "like" in end ? `like ${end.like}` : end.kind;
  if (end.slope === 0) return number(end.intercept);
  const slope = end.slope === 1 ? "x" : end.slope === -1 ? "−x" : `${number(end.slope)} x`;
  return end.intercept === 0 ? slope : `${slope} ${end.intercept < 0 ? "−" : "+"} ${number(Math.abs(end.intercept))}`;
}

/** Six digits, with the signs of print. */
const number = (value: number): string => {
  const text = Number.isFinite(value) ? String(Number(value.toPrecision(6))) : Number.isNaN(value) ? "NaN" : "∞";
  return value < 0 ? `−${text.replace(/^-/, "")}` : text;
};

function lossesPage(): string[] {
  return [
    "# Losses",
    "Functions of predictions and targets, from `nn`. All take `{ reduction, sampleWeights }`; `loss.with(options)` is the same loss with other options.",
    ...losses.flatMap(({ name, tex, doc, predictions, targets }) => [
      `## ${name}`,
      `$$${tex}$$`,
      doc,
      `Predictions: ${predictions}. Targets: ${targets.join(" or ")}.`,
    ]),
  ];
}

function optimizersPage(): string[] {
  const options = (defaults: object, ranges: Readonly<Record<string, string>>): string =>
    table(
      ["option", "default", "range"],
      [...new Set([...Object.keys(defaults), ...Object.keys(ranges)])].map((name) => [
        `\`${name}\``,
        String((defaults as Readonly<Record<string, unknown>>)[name] ?? "to be given"),
        ranges[name] ?? "",
      ]),
    );
  return [
    "# Optimizers and schedules",
    "From `optim`. Every optimizer also takes `clipNorm` and `clipValue`, and a schedule in place of the learning rate. Weight decay leaves biases alone, and the scales and shifts of norms.",
    ...Object.values(optimizers).flatMap(({ record: { name, tex, doc, source, defaults, ranges } }) => [
      `## ${name}`,
      `$$${tex}$$`,
      `${doc} ${source}.`,
      options(defaults, { learningRate: "(0, ∞), or a schedule", weightDecay: "[0, ∞)", ...ranges }),
    ]),
    "# Schedules",
    "From `optim`: the learning rate as a function of the number of updates t that went before.",
    ...Object.values(schedules).flatMap(({ record: { name, tex, doc, defaults, ranges } }) => [
      `## ${name}`,
      `$$${tex}$$`,
      doc,
      options(defaults, ranges as Readonly<Record<string, string>>),
    ]),
  ];
}

function initialisersPage(): string[] {
  return [
    "# Initialisers",
    "Ways to fill a parameter at the start, from `nn.initialisers`. n is the fan, g the gain of the activation that follows.",
    table(
      ["name", "law", "also called", "source"],
      initialiserCatalogue.map(({ name, aliases, tex, source }) => [`\`${name}\``, `$${tex}$`, aliases.join(", "), source]),
    ),
  ];
}

async function commandLinePage(): Promise<string[]> {
  const overview = await helpOf();
  const pages = await Promise.all(
    commandsIn(overview).map(async (name) => {
      const own = await helpOf(name);
      const inner = await Promise.all(
        commandsIn(own).map(async (part) => [`### softgrad ${name} ${part}`, fenced(await helpOf(name, part))]),
      );
      return [`## softgrad ${name}`, fenced(own), ...inner.flat()];
    }),
  );
  return [
    "# Command line",
    "`npx softgrad` where the package is installed; `npx tsx src/cli/main.ts` in a clone.",
    fenced(overview),
    ...pages.flat(),
  ];
}

/** What `softgrad <command> --help` prints. */
async function helpOf(...command: string[]): Promise<string> {
  const lines: string[] = [];
  const say = (text: string): void => void lines.push(text);
  const terminal = { out: say, err: say, screen: null, env: {}, now: () => new Date(0), onInterrupt: () => () => undefined };
  await run([...command, "--help"], terminal);
  return lines.join("\n").trim();
}

const fenced = (text: string): string => `\`\`\`text\n${text}\n\`\`\``;

/** The commands that a help text lists. */
function commandsIn(help: string): string[] {
  const [, list = ""] = help.split("\nCommands:\n");
  const names = Array.from(list.split("\n\n")[0].matchAll(/^ {2}([a-z-]+) /gm), ([, name]) => name);
  return names.filter((name) => name !== "help");
}

/** A module that users import, or reach as a namespace of one: `softgrad`, `softgrad/nn`, `random`. */
interface Entry {
  readonly name: string;
  readonly file: string;
  /** How a program comes by it. */
  readonly access: string;
}

/** The entries of the package and the namespaces in them, each once. */
function entries(): Entry[] {
  const { exports } = JSON.parse(readFileSync("package.json", "utf8")) as {
    exports: Record<string, string | { default: string }>;
  };
  const subpaths = Object.entries(exports).flatMap(([key, target]): Entry[] => {
    if (typeof target === "string") return [];
    const file = target.default.replace("./dist/", "src/").replace(/\.js$/, ".ts");
    const access = `import … from "${key.replace(/^\./, "softgrad")}"`;
    return [{ name: key === "." ? "softgrad" : key.slice(2), file, access }];
  });
  const inside = subpaths.flatMap((entry) =>
    publicNames(entry.file)
      .filter(({ kind, file }) => kind === "namespace" && !subpaths.some((other) => other.file === file))
      .map(({ name, file }) => ({
        name,
        file,
        access: `import { ${name} } from "softgrad${entry.name === "softgrad" ? "" : `/${entry.name}`}"`,
      })),
  );
  return [...subpaths, ...new Map(inside.map((entry) => [entry.file, entry])).values()];
}

async function apiPage({ name, file, access }: Entry, all: readonly Entry[]): Promise<string[]> {
  const values = (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>>;
  const names = publicNames(file).sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
  const section = (title: string, ...kinds: PublicName["kind"][]): string[] => {
    const found = names.filter(({ kind }) => kinds.includes(kind));
    return found.length === 0 ? [] : [`## ${title}`, ...found.flatMap((item) => describe(item, values[item.name], all))];
  };
  return [
    `# ${name}`,
    `What \`${access}\` offers.`,
    ...section("Namespaces", "namespace"),
    ...section("Functions and values", "function", "value"),
    ...section("Types", "type"),
  ];
}

function describe({ name, signature, doc, kind, file }: PublicName, value: unknown, all: readonly Entry[]): string[] {
  const source = `[source](../../${relative(".", file)})`;
  const page = kind === "namespace" ? all.find((entry) => entry.file === file) : undefined;
  const text = doc ?? recordDoc(value) ?? "";
  return [
    `### ${name}`,
    ...(signature === null ? [] : [`\`\`\`typescript\n${signature}\n\`\`\``]),
    `${text}${/[^.:]$/.test(text) ? "." : ""} ${page === undefined ? source : `See [${name}](api-${page.name}.md).`}`.trim(),
  ];
}

/** What the record behind a value says of it: the doc of its primitive, its loss, its optimizer. */
function recordDoc(value: unknown): string | null {
  if (typeof value !== "function") return null;
  const { primitive, doc, record } = value as { primitive?: { doc: string }; doc?: string; record?: { doc?: string } };
  return primitive?.doc ?? doc ?? record?.doc ?? null;
}
