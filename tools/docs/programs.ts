/**
 * The TypeScript in the documentation as programs. A block that begins with imports begins a program; one without goes on with the
 * program before it, as a reader does. A comment `// → text` says what the expression before it comes to.
 *
 *     ```ts          is compiled and run
 *     ```ts check    is compiled only: it needs a page, or a file that is not there
 */
import { codeBlocks } from "./markdown.js";

export interface Program {
  /** The page and the line that it begins at. */
  readonly place: string;
  readonly text: string;
  readonly run: boolean;
}

export function programsOf(path: string, page: string): Program[] {
  const programs: { place: string; parts: string[]; run: boolean }[] = [];
  for (const { info, text, line } of codeBlocks(page)) {
    const [language, mode] = info.split(" ");
    if (language !== "ts") continue;
    const first = text.split("\n").find((code) => code.trim() !== "" && !code.startsWith("//")) ?? "";
    const open = programs[programs.length - 1];
    if (open === undefined || first.startsWith("import "))
      programs.push({ place: `${path}:${line}`, parts: [text], run: mode !== "check" });
    else open.parts.push(text);
  }
  return programs.map(({ place, parts, run }) => ({ place, run, text: `${checked(parts.join("\n\n"))}\nexport {};\n` }));
}

const CLAIM = /^(\s*)(?:await )?([^/\s].*?);? *\/\/ → (.*)$/;

/** The program with every claim turned into a call that throws when it is not so. */
function checked(text: string): string {
  let claims = 0;
  const lines = text.split("\n").map((line) => {
    const claim = CLAIM.exec(line);
    if (claim === null) return line;
    claims++;
    return `${claim[1]}claim(await (${claim[2]}), ${JSON.stringify(claim[3])});`;
  });
  return claims === 0 ? text : [...lines, claimFunction].join("\n");
}

/** Numbers may differ in the last digit shown; everything else must be the same text. */
const claimFunction = `
function claim(value: unknown, expected: string): void {
  const shown = typeof value === "string" ? value : JSON.stringify(value)?.replaceAll(",", ", ") ?? String(value);
  const digits = /-?\\d+(\\.\\d+)?(e[-+]?\\d+)?/g;
  const [ours, theirs] = [shown, expected].map((text) => text.replace(digits, "#"));
  const near = (text: string, i: number): boolean => {
    const said = [...expected.matchAll(digits)][i];
    const unit = 10 ** -(said[1]?.length ? said[1].length - 1 : 0) * Number("1" + (said[2] ?? "")); 
    return Math.abs(Number(text) - Number(said[0])) <= unit;
  };
  if (ours === theirs && [...shown.matchAll(digits)].every(([text], i) => near(text, i))) return;
  throw new Error("the page says " + expected + ", but it is " + shown);
}
`;
