import { escapeMarkup } from "../escape.js";

/** A titled part of a page. The content is markup already. */
export function section(title: string, content: string): string {
  return `<section><h2>${escapeMarkup(title)}</h2>\n${content}\n</section>`;
}

export interface TableOptions {
  /** Columns of numbers, aligned right. */
  readonly numbers?: readonly number[];
  /** Columns in a fixed-width face. */
  readonly monoColumns?: readonly number[];
  readonly mono?: boolean;
  readonly monoFirst?: boolean;
}

/** A table of plain texts. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { numbers = [], monoColumns = [], mono = false, monoFirst = false }: TableOptions = {},
): string {
  const classOf = (column: number): string => {
    const names = [
      numbers.includes(column) && "number",
      (mono || monoColumns.includes(column) || (monoFirst && column === 0)) && "mono",
    ];
    const present = names.filter((name) => name !== false);
    return present.length === 0 ? "" : ` class="${present.join(" ")}"`;
  };
  const head = header.map((text, i) => `<th scope="col"${classOf(i)}>${escapeMarkup(text)}</th>`).join("");
  const body = rows.map((row) => `<tr>${row.map((text, i) => `<td${classOf(i)}>${escapeMarkup(text)}</td>`).join("")}</tr>`);
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body.join("\n")}\n</tbody></table></div>`;
}

/** 0.98333 as "98.3 %". */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? `${(100 * share).toFixed(digits)} %` : "–";

/** Four significant digits, without an exponent where it can be helped. */
export const shortNumber = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString("en-US", { maximumSignificantDigits: 4 }) : "–";
