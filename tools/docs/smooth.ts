/** What docs/smooth.md shows of the kernels, and its pictures, made from the catalogue. */
import { readFileSync } from "node:fs";
import { leakyRelu } from "../../src/activations/index.js";
import { smoothFigure } from "../../src/plot/index.js";
import { printedNumber } from "../../src/plot/pieces-formula.js";
import { smoothGallery } from "../../src/plot/smooth-gallery.js";
import { gaussian, type Kernel, kernels, mollify } from "../../src/smooth/index.js";
import { table } from "./markdown.js";

export const smoothPage = "docs/smooth.md";
export const smoothFolder = "docs/images/smooth";
const [OPENING, CLOSING] = ["<!-- kernels: written by `npm run docs` -->", "<!-- end of kernels -->"];

/** The page with its table, and the pictures, by their paths from the root of the repository. */
export function smoothFiles(): ReadonlyMap<string, string> {
  return new Map([
    [smoothPage, smoothText(readFileSync(smoothPage, "utf8"))],
    [`${smoothFolder}/leaky-relu.svg`, smoothFigure(mollify(leakyRelu.with({ alpha: 0.1 }), { kernel: gaussian, width: 0.5 }))],
    [`${smoothFolder}/gallery.svg`, smoothGallery()],
  ]);
}

/** A page in which the table of kernels is that of the catalogue. */
export function smoothText(page: string): string {
  const [before, after] = [page.indexOf(OPENING), page.indexOf(CLOSING)];
  return `${page.slice(0, before + OPENING.length)}\n\n${kernelTable()}\n\n${page.slice(after)}`;
}

const kernelTable = (): string =>
  table(
    ["kernel", "φ(u)", "beyond", "E\\|U\\|", "deviation", "ReLU at 0", "moments", "smoothness of φ"].map((head) =>
      head.replaceAll("\\", ""),
    ),
    kernels.map(row),
  );

function row({ record }: Kernel): string[] {
  const { name, tex, radius, absoluteMoment, variance, momentsBelow, smoothness } = record;
  return [
    `\`${name}\``,
    `$${tex}$`,
    Number.isFinite(radius) ? `0 outside ±${printedNumber(radius)}` : "never 0",
    printedNumber(absoluteMoment),
    printedNumber(Math.sqrt(variance)),
    Number.isFinite(absoluteMoment) ? `${printedNumber(absoluteMoment / 2)} w` : "diverges",
    momentsBelow === Infinity ? "all" : `below ${momentsBelow}`,
    smoothness === Infinity ? "C∞" : smoothness < 0 ? "jumps" : `C${["⁰", "¹", "²", "³", "⁴"][smoothness] ?? smoothness}`,
  ];
}
