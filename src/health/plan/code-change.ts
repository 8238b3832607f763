import { codeOf } from "./code.js";
import type { Plan } from "./plan.js";

/** A line of a program before and after a change. */
export interface CodeLine {
  readonly kind: "kept" | "removed" | "added";
  readonly line: string;
}

/** What must be written differently so that one plan's program becomes the other's, line by line, with the lines that stay. */
export const codeChange = (before: Plan, after: Plan): CodeLine[] =>
  lineChange(codeOf(before).split("\n"), codeOf(after).split("\n"));

/** The shortest way from some lines to others, by their longest common subsequence; what goes stands before what comes. */
export function lineChange(before: readonly string[], after: readonly string[]): CodeLine[] {
  const common = Array.from({ length: before.length + 1 }, () => new Int32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i][j] = before[i] === after[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const lines: CodeLine[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ kind: "kept", line: before[i++] });
      j++;
    } else if (i < before.length && (j === after.length || common[i + 1][j] >= common[i][j + 1])) {
      lines.push({ kind: "removed", line: before[i++] });
    } else {
      lines.push({ kind: "added", line: after[j++] });
    }
  }
  return lines;
}
