import {
  type Activation,
  type Facts,
  frameworkNames,
  nameIn,
  numbersIn,
  type Range,
  type Tail,
} from "../../activations/index.js";
import { formulaOf } from "../../plot/activation-figure.js";

/** Six digits, with the signs of print. */
export const shown = (value: number): string => {
  if (Number.isNaN(value)) return "NaN";
  const size = Number.isFinite(value) ? String(Number(Math.abs(value).toPrecision(6))) : "∞";
  return value < 0 ? `−${size}` : size;
};

export const rangeText = ({ low, high, lowAttained, highAttained }: Range): string =>
  `${lowAttained ? "[" : "("}${shown(low)}, ${shown(high)}${highAttained ? "]" : ")"}`;

export function tailText(tail: Tail): string {
  if (tail.kind !== "line") return "like" in tail ? `goes like ${tail.like}` : tail.kind;
  if (tail.slope === 0) return shown(tail.intercept);
  const slope = tail.slope === 1 ? "x" : tail.slope === -1 ? "−x" : `${shown(tail.slope)} x`;
  return tail.intercept === 0 ? slope : `${slope} ${tail.intercept < 0 ? "−" : "+"} ${shown(Math.abs(tail.intercept))}`;
}

/** What is true of an activation, as names and texts. */
export function factRows({ facts, gain, backwardGain, moments }: Activation): [name: string, text: string][] {
  const common: [string, string][] = [["range", rangeText(facts.range)]];
  if (facts.kind === "vector") {
    return [
      ...common,
      ["smoothness", facts.smoothness],
      ["Lipschitz constant", shown(facts.lipschitz)],
      ["entries of a row add up to", facts.rowSum === null ? "nothing fixed" : shown(facts.rowSum)],
      ["unchanged when a row is shifted", facts.shiftInvariant ? "yes" : "no"],
    ];
  }
  return [
    ...common,
    ["smallest at", facts.minimumAt === null ? "nowhere" : shown(facts.minimumAt)],
    ["monotone", facts.monotone],
    ["parity", facts.parity],
    ["toward −∞", tailText(facts.left)],
    ["toward +∞", tailText(facts.right)],
    ["smoothness", facts.smoothness],
    ["kinks and jumps", kinkText(facts)],
    ["steepest slope", shown(facts.lipschitz)],
    ["largest curvature", shown(facts.curvature)],
    ...(moments === null
      ? []
      : ([
          ["mean, normal input", shown(moments.mean)],
          ["mean square", shown(moments.secondMoment)],
        ] as [string, string][])),
    ["gain", shown(gain)],
    ["backward gain", shown(backwardGain)],
  ];
}

const kinkText = (facts: Extract<Facts, { kind: "pointwise" }>): string =>
  facts.kinks.map(({ at, order }) => `${shown(at)} (${`f${["", "′", "″", "‴"][order]} jumps`})`).join(", ") || "none";

/** Everything there is to say about one, for a person. */
export function recordText(activation: Activation): string {
  const { record, title } = activation;
  const frameworks = frameworkNames.flatMap((framework): [string, string][] => {
    const name = nameIn(record, framework);
    return name === null ? [] : [[framework, [name, numbersIn(record, framework)].filter(Boolean).join(", ")]];
  });
  const parameters = Object.entries(record.parameters).map(([name, { default: value, range, doc }]): [string, string] => [
    name,
    `${shown(value)}, from ${shown(range[0])} to ${shown(range[1])}: ${doc}`,
  ]);
  const block = (heading: string, rows: readonly [string, string][]): string[] =>
    rows.length === 0 ? [] : ["", heading, ...columns(rows).map((line) => `  ${line}`)];
  return [
    `${title}   (${[record.name, ...(record.aliases ?? [])].join(", ")})`,
    "",
    `  ${formulaOf(activation)}`,
    `  ${record.source}`,
    "",
    `for      ${record.use}`,
    `good     ${record.strengths}`,
    `bad      ${record.weaknesses}`,
    ...block("parameters", parameters),
    ...block("facts", factRows(activation)),
    ...block("elsewhere", frameworks),
  ].join("\n");
}

/** Rows of texts in columns as wide as they need. */
export function columns(rows: readonly (readonly string[])[], gap = 3): string[] {
  const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => [...row[i]].length))) ?? [];
  return rows.map((row) => row.map((cell, i) => cell + " ".repeat(widths[i] - [...cell].length + gap)).join("").trimEnd()); // biome-ignore format: one line
}

/** JSON in which infinities and NaN, for which it has no numbers, are strings. */
export const json = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "number" && !Number.isFinite(part) ? String(part) : part));

/** What a script gets to know about an activation. */
export function description(activation: Activation) {
  const { record, title, values, facts, gain, backwardGain, moments } = activation;
  const { name, aliases = [], tex, source, strengths, weaknesses, use, parameters, frameworks = {} } = record;
  return {
    name, aliases, title, tex, formula: formulaOf(activation), source, strengths, weaknesses, use, frameworks, parameters, values,
    facts, gain, backwardGain, moments,
  }; // biome-ignore format: a list of names
}
