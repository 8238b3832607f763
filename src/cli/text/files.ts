import { existsSync, statSync } from "node:fs";
import { readFileBytes } from "#platform/files.js";
import { permutation } from "../../data/order.js";
import { fault } from "../../ir/fault.js";
import { key } from "../../random/counter.js";

/** The text of a file in UTF-8, with plain line ends. */
export async function readText(path: string): Promise<string> {
  if (!existsSync(path)) throw fault(path, "there is no such file", { expected: "a text file in UTF-8" });
  if (statSync(path).isDirectory()) throw fault(path, "this is a folder", { expected: "a text file in UTF-8" });
  const bytes = await readFileBytes(path);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r\n?/g, "\n");
    if (text.trim() !== "") return text;
  } catch (error) {
    throw fault(path, "the file is not text in UTF-8", { fix: "convert it: iconv -t UTF-8" }, error);
  }
  throw fault(path, "the file is empty");
}

/** Lines of two parts with a tab between them; empty lines are left out. */
export function tabbedLines(text: string, path: string, parts: string): [first: string, second: string][] {
  return text.split("\n").flatMap((line, i): [string, string][] => {
    if (line.trim() === "") return [];
    const [first, second, ...more] = line.split("\t");
    if (second !== undefined && more.length === 0 && first !== "") return [[first, second]];
    throw fault(path, `line ${i + 1} is not ${parts}`, { expected: `${parts}, with a tab between them`, got: line.slice(0, 60) });
  });
}

/** A tenth, drawn at random but always the same one, is only tested on; the rest is learned from. */
export function tenthHeldOut<T>(items: readonly T[]): { train: T[]; test: T[] } {
  const drawn = new Set(permutation(key(0), items.length).subarray(0, Math.floor(items.length / 10)));
  return { train: items.filter((_, i) => !drawn.has(i)), test: items.filter((_, i) => drawn.has(i)) };
}

/** Paragraphs of a text, each a list of sentences. */
export function paragraphsOf(text: string): string[][] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s+/g, " ").trim())
    .filter((paragraph) => paragraph !== "")
    .map((paragraph) => paragraph.split(/(?<=[.!?]["'”’)]*) (?=["'“‘(]*[\p{Lu}\p{N}])/u));
}
