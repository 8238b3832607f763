/** Scores as dots on lines, a line for each thing that was tried. */
export interface Strip {
  readonly name: string;
  readonly scores: readonly number[];
  /** Whether it is what the picture is about. */
  readonly marked?: boolean;
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export function strips(rows: readonly Strip[], { title, label }: { title: string; label: string }): string {
  const [left, right, top, step] = [330, 700, 70, 30];
  const place = (score: number): string => (left + (right - left) * score).toFixed(1);
  const bottom = top + step * rows.length;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (score) =>
      `<path d="M${place(score)} ${top - 14}V${bottom - 10}" stroke="#dfe3e8"/><text x="${place(score)}" y="${bottom + 8}" text-anchor="middle" fill="#5d6672">${100 * score} %</text>`,
  );
  const lines = rows.map(({ name, scores, marked = false }, i) => {
    const y = top + step * i;
    const dots = scores.map(
      (score) => `<circle cx="${place(score)}" cy="${y}" r="5" fill="${marked ? "#2f6fdb" : "#6b7280"}" fill-opacity="0.75"/>`,
    );
    return `<text x="${left - 16}" y="${y + 4}" text-anchor="end" fill="#171a1f" ${marked ? 'font-weight="600"' : ""}>${escaped(name)}</text>${dots.join("")}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="740" height="${bottom + 40}" viewBox="0 0 740 ${bottom + 40}" role="img" aria-label="${escaped(title)}" `,
    `font-family="system-ui,'Segoe UI',Roboto,'DejaVu Sans',sans-serif" font-size="12"><rect width="740" height="${bottom + 40}" rx="10" fill="#fff"/>`,
    `<text x="20" y="34" font-size="17" font-weight="600" fill="#171a1f">${escaped(title)}</text>`,
    ...ticks,
    ...lines,
    `<text x="${right}" y="${bottom + 28}" text-anchor="end" fill="#5d6672">${escaped(label)}</text></svg>\n`,
  ].join("");
}
