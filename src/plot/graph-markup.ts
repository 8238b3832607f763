import type { Card, Picture } from "./graph-svg.js";

/** The picture as a Mermaid flowchart, which Markdown renderers draw. */
export function mermaidOf({ cards, arrows, direction = "right" }: Picture): string {
  const ids = new Map(cards.map(({ id }, i) => [id, `n${i}`]));
  const quoted = (words: string): string => `"${mermaidText(words)}"`;
  const nodes = cards.map((card) => {
    const [open, close] = MERMAID_SHAPES[card.kind];
    const words = linesOf(card).map(mermaidText).join("<br/>");
    return `  ${ids.get(card.id)}${open}"${words}"${close}`;
  });
  const edges = arrows.map(({ from, to, label, carries }) => {
    const line = carries ? "-->" : "-.->";
    return `  ${ids.get(from)} ${line}${label === "" ? "" : `|${quoted(label)}|`} ${ids.get(to)}`;
  });
  return [`flowchart ${direction === "right" ? "LR" : "TB"}`, ...nodes, ...edges, ""].join("\n");
}

const MERMAID_SHAPES: Readonly<Record<Card["kind"], readonly [string, string]>> = {
  variable: ["(", ")"],
  operation: ["[", "]"],
  result: ["[[", "]]"],
};

/** Mermaid reads labels as HTML with its own escapes, #code; for a character. */
const mermaidText = (words: string): string => words.replace(/[#"&<>|`*_\\]/g, (sign) => `#${sign.codePointAt(0)};`);

/** The picture for Graphviz. */
export function dotOf({ title, cards, arrows, direction = "right" }: Picture): string {
  const ids = new Map(cards.map(({ id }, i) => [id, `n${i}`]));
  const nodes = cards.map((card) => {
    const label = linesOf(card)
      .map((line) => `${dotText(line)}\\l`)
      .join("");
    return `  ${ids.get(card.id)} [label="${label}", style="${DOT_STYLES[card.kind]}", tooltip="${dotText(card.hint)}"];`;
  });
  const edges = arrows.map(({ from, to, label, carries }) => {
    const style = [...(label === "" ? [] : [`label="${dotText(label)}"`]), ...(carries ? [] : ['style="dashed"'])];
    return `  ${ids.get(from)} -> ${ids.get(to)}${style.length === 0 ? "" : ` [${style.join(", ")}]`};`;
  });
  return [
    `digraph "${dotText(title)}" {`,
    `  rankdir=${direction === "right" ? "LR" : "TB"};`,
    '  node [shape=box, fontname="Courier", fontsize=11];',
    '  edge [fontname="Courier", fontsize=10];',
    ...nodes,
    ...edges,
    "}",
    "",
  ].join("\n");
}

const DOT_STYLES: Readonly<Record<Card["kind"], string>> = { variable: "rounded", operation: "solid", result: "bold" };

const dotText = (words: string): string => words.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n");

const linesOf = ({ heading, lines }: Card): string[] => [heading, ...lines.map(({ label, text }) => `${label} ${text}`.trim())];
