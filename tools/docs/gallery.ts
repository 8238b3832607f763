/** The gallery of activations: docs/activations.md, one sheet, and a small drawing of each, made from the catalogue. */
import { type Activation, type families as catalogued, frameworkNames, nameIn, numbersIn } from "../../src/activations/index.js";
import { factRows, shown } from "../../src/cli/activations/text.js";
import { inWords } from "../../src/plot/activation-sheet.js";
import { activationSheet, activationThumbnail } from "../../src/plot/index.js";
import { anchorOf, table } from "./markdown.js";

export const galleryPage = "docs/activations.md";
export const gallerySheet = "docs/images/activations.svg";
export const galleryFolder = "docs/images/activations";

type Families = typeof catalogued;

/** Every file of the gallery by its path from the root of the repository. */
export function galleryFiles(families: Families): ReadonlyMap<string, string> {
  const groups = Object.entries(families).map(([title, activations]) => ({ title, activations }));
  return new Map([
    [galleryPage, galleryText(families)],
    [gallerySheet, activationSheet(groups)],
    ...groups.flatMap(({ activations }) =>
      activations.map((one): [string, string] => [pictureOf(one), activationThumbnail(one)]),
    ),
  ]);
}

export const pictureOf = ({ name }: Activation): string => `${galleryFolder}/${name}.svg`;

/** The page alone, which costs much less than the pictures. */
export function galleryText(families: Families): string {
  const all = Object.values(families).flat();
  const parts = [
    "# The activation catalogue",
    "<!-- Written by `npm run docs` from the source. Changes belong there. -->",
    `${all.length} activations in ${Object.keys(families).length} families. Each is a function, a layer, and a record of facts that the tests check. ` +
      "The pictures show the function (blue), its slope (orange) and its curvature (green, dotted); it saturates where it is shaded, " +
      "and a dot marks a kink. `softgrad activations show NAME` prints the same in a terminal, " +
      "`softgrad activations plot NAME --out FILE.svg` draws it large, and `softgrad activations advise` says which one to take.",
    "[All of them on one sheet](images/activations.svg) · [the same as a reference](reference/activations.md) · [how right they are](accuracy.md) · " +
      "[facts about one of your own](activation-facts.md)",
    ...Object.entries(families).map(([family, members]) => {
      const links = members.map(({ title }) => `[${title}](#${anchorOf(title)})`);
      return `**[${inWords(family)}](#${anchorOf(familyTitle(family))})**: ${links.join(" · ")}`;
    }),
    ...Object.entries(families).flatMap(([family, members]) => [`## ${familyTitle(family)}`, ...members.flatMap(section)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** "Family: gated": a heading that no activation can have, so that anchors stay apart. */
const familyTitle = (family: string): string => `Family: ${inWords(family)}`;

function section(activation: Activation): string[] {
  const { record, title } = activation;
  const { name, aliases = [], tex, source, strengths, weaknesses, use, parameters } = record;
  const also = aliases.length === 0 ? "" : `, also ${aliases.join(", ")}`;
  const elsewhere = frameworkNames.flatMap((framework) => {
    const there = nameIn(record, framework);
    return there === null ? [] : [[`${framework} \`${there}\``, numbersIn(record, framework)].filter(Boolean).join(" with ")];
  });
  const numbers = Object.entries(parameters).map(([parameter, { default: value, range, doc }]) => {
    return `\`${parameter}\` = ${shown(value)} (${shown(range[0])} to ${shown(range[1])}): ${doc}`;
  });
  return [
    `### ${title}`,
    `<img src="images/activations/${name}.svg" alt="${title} with its first two derivatives" width="420">`,
    `$$${tex}$$`,
    `\`${name}\`${also}. ${source}.`,
    `**For:** ${use} **Good:** ${strengths} **Bad:** ${weaknesses}`,
    ...(numbers.length > 0 ? [`**Parameters:** ${numbers.join("; ")}.`] : []),
    factTable(activation),
    ...(elsewhere.length > 0 ? [`**Elsewhere:** ${elsewhere.join(", ")}.`] : []),
  ];
}

/** What fits in a row; the rest is in the records and in `softgrad activations show`. */
const COLUMNS = ["range", "monotone", "toward −∞", "toward +∞", "smoothness", "kinks and jumps", "steepest slope", "gain"];

function factTable(activation: Activation): string {
  const facts = factRows(activation);
  const chosen = activation.facts.kind === "vector" ? facts : facts.filter(([name]) => COLUMNS.includes(name));
  return table(
    chosen.map(([name]) => name),
    [chosen.map(([, text]) => text)],
  );
}
