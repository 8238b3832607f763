/** As much of Markdown as the documentation's own checks read and its generator writes. */

export interface CodeBlock {
  /** What stands after the opening fence: `ts`, `ts check`, `sh`. */
  readonly info: string;
  readonly text: string;
  /** Line of the first line of code, from 1. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

/** The fenced blocks of a page, in order. */
export function codeBlocks(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { info: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of page.split("\n").entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === null) open = { info: fence[1].trim(), line: index + 2, lines: [] };
    else {
      blocks.push({ info: open.info, text: open.lines.join("\n"), line: open.line });
      open = null;
    }
  }
  return blocks;
}

/** The page with its code taken out and its lines left where they were: what is in code is no link and no heading. */
export function withoutCode(page: string): string {
  let inside = false;
  return page
    .split("\n")
    .map((line) => {
      const fence = line.startsWith("```");
      if (fence) inside = !inside;
      return fence || inside
        ? ""
        : line.replace(/`[^`]*`/g, (code) => (/^`[^`]*`$/.test(line.trim()) ? "" : "x".repeat(code.length)));
    })
    .join("\n");
}

/** Links and pictures, with where they lead. */
export function links(page: string): Link[] {
  return withoutCode(page)
    .split("\n")
    .flatMap((text, index) => [
      ...Array.from(text.matchAll(/\]\(([^()\s]+(?:\([^()]*\))?)\)/g), ([, target]) => ({ target, line: index + 1 })),
      ...Array.from(text.matchAll(/\b(?:src|href|srcset)="([^"]+)"/g), ([, target]) => ({ target, line: index + 1 })),
    ]);
}

/** The anchors of a page, as GitHub makes them from headings: lower case, spaces to hyphens, repeated ones numbered. */
export function anchors(page: string): Set<string> {
  const seen = new Map<string, number>();
  const found = new Set<string>();
  let inside = false;
  for (const line of page.split("\n")) {
    if (line.startsWith("```")) inside = !inside;
    const heading = inside ? null : /^#{1,6} +(.+?) *#*$/.exec(line);
    if (heading === null) continue;
    const slug = anchorOf(heading[1]);
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    found.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return found;
}

/** The anchor of one heading. */
export const anchorOf = (heading: string): string =>
  heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

/** A table. Cells may hold any text: what would end them is escaped. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replace(/\|/g, "\\|").replace(/\s+/g, " ")).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(line)].join("\n");
}
