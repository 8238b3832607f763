/** One subject measured: rows for a table, a picture where it says more. */
export interface Section {
  readonly name: string;
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly how: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Verdicts that the rows allow: "no faster than linear: yes". */
  readonly findings: readonly string[];
  readonly svg?: string;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Milliseconds of a piece of work, and its result. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ ms: number; result: T }> {
  const started = performance.now();
  const result = await work();
  return { ms: performance.now() - started, result };
}

export const figure = (value: number): string => (Number.isFinite(value) ? value.toPrecision(3) : "–");

export function sectionMarkdown({ title, how, header, rows, findings, name, svg }: Section): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    `## ${title}`,
    "",
    how,
    "",
    line(header),
    line(header.map(() => "---")),
    ...rows.map(line),
    "",
    ...findings.map((finding) => `- ${finding}`),
    ...(svg === undefined ? [] : ["", `![${title}](images/bench-${name}.svg)`]),
    "",
  ].join("\n");
}
