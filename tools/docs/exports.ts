/** The public names of an entry with what their doc comments say, read from the source itself. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export interface PublicName {
  readonly name: string;
  readonly kind: "function" | "value" | "type" | "namespace";
  /** The declaration up to its body; null for a namespace. */
  readonly signature: string | null;
  /** The doc comment as one paragraph after another; null where there is none. */
  readonly doc: string | null;
  /** The file that declares it. */
  readonly file: string;
}

/** Every name that a module exports, in its order: its own declarations and those that it passes on. */
export function publicNames(file: string): PublicName[] {
  const text = readFileSync(file, "utf8");
  const reach = (specifier: string): string => join(dirname(file), specifier.replace(/\.js$/, ".ts"));
  const passedOn = /^export (?:type )?(?:\* as (\w+)|(\*)|\{([^}]*)\}) from "([^"]+)";/gm;
  const others = Array.from(text.matchAll(passedOn)).flatMap(([statement, namespace, all, names, specifier]): PublicName[] => {
    const from = reach(specifier);
    if (namespace !== undefined)
      return [{ name: namespace, kind: "namespace", signature: null, doc: moduleDoc(from), file: from }];
    if (all !== undefined) return publicNames(from);
    const types = statement.startsWith("export type");
    return names
      .split(",")
      .map((part) => part.trim())
      .filter(Boolean)
      .map((part) => pick(from, part.replace(/^type /, ""), types || part.startsWith("type ")));
  });
  return [...others, ...declarations(text).map((found) => ({ ...found, file }))];
}

function pick(file: string, part: string, type: boolean): PublicName {
  const [own, renamed = own] = part.split(/ as /);
  const candidates = publicNames(file).filter(({ name }) => name === own);
  const found = candidates.find(({ kind }) => (kind === "type") === type) ?? candidates[0];
  if (found === undefined) throw new Error(`${file} does not declare ${own}`);
  return { ...found, name: renamed };
}

const DECLARATION =
  /^(?:\/\*\*((?:(?!\*\/)[\s\S])*?)\*\/\n)?(?:\/\/[^\n]*\n)*export (?:abstract )?(async function\*?|function\*?|const|class|interface|type) (\w+)/gm;

function declarations(text: string): Omit<PublicName, "file">[] {
  const found = new Map<string, Omit<PublicName, "file">>();
  for (const match of text.matchAll(DECLARATION)) {
    const [whole, comment, keyword, name] = match;
    const kind =
      keyword === "interface" || keyword === "type" ? "type" : keyword === "const" || keyword === "class" ? "value" : "function";
    const start = match.index + whole.lastIndexOf("export");
    const signature = signatureAt(text, start, keyword);
    const isCall = kind === "function" || (kind === "value" && /\(.*\)|operation\(/.test(signature ?? ""));
    const before = found.get(`${kind} ${name}`);
    // The first of several overloads speaks for all.
    if (before === undefined)
      found.set(`${kind} ${name}`, { name, kind: isCall ? "function" : kind, signature, doc: proseOf(comment) });
  }
  return [...found.values()];
}

/** The head of a function, with its line breaks taken out; a type whole. */
function signatureAt(text: string, start: number, keyword: string): string | null {
  const rest = text.slice(start);
  if (keyword === "interface" || keyword === "type") return typeText(rest, keyword);
  const arrow = /^export const \w+ = (?:async )?(?:<[^=]*?>)?\([\s\S]*?\): [^\n]*? =>/.exec(rest.slice(0, rest.indexOf(";")));
  if (!keyword.includes("function")) return arrow === null ? null : oneLine(arrow[0].replace(/ =>$/, "").replace(" = ", ""));
  const end = /(?: \{|;)\n/.exec(rest);
  return end === null ? null : oneLine(rest.slice(0, end.index));
}

/** A type as it is written, with the comments on its members. */
function typeText(rest: string, keyword: "interface" | "type"): string {
  const end = keyword === "interface" ? /(?:\n\}|\{\})\n/ : /;\n(?! )/;
  const found = end.exec(rest);
  return rest
    .slice(0, found === null ? rest.length : found.index + found[0].length)
    .replace(/^export /, "")
    .trim();
}

const oneLine = (code: string): string =>
  code
    .replace(/^export (?:const )?/, "")
    .replace(/,?\n\s*(?=\))/g, "")
    .replace(/\s+/g, " ")
    .replace(/\( /g, "(");

function proseOf(comment: string | undefined): string | null {
  if (comment === undefined) return null;
  const text = comment
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trimEnd())
    .join("\n")
    .replace(/\{@link ([^}]+)\}/g, "`$1`")
    .trim();
  return text === "" ? null : text;
}

/** What the comment at the top of a module says; null where there is none. */
function moduleDoc(file: string): string | null {
  if (!existsSync(file)) return null;
  return proseOf(/^\/\*\*((?:(?!\*\/)[\s\S])*?)\*\//.exec(readFileSync(file, "utf8"))?.[1]);
}
