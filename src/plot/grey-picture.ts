import { escapeMarkup } from "./escape.js";

/** A picture of one channel: `shade` of row r, column c at r · columns + c, from 0 (paper) to 1 (ink). */
export interface GreyImage {
  readonly rows: number;
  readonly columns: number;
  readonly shade: ArrayLike<number>;
}

/** Levels of ink that are told apart: the eye sees no more in a small picture, and each is one path. */
const LEVELS = 32;

/** A grey picture as SVG text, one square per pixel, in the colour of the text around it: ink stays ink on dark pages too. */
export function greyPicture({ rows, columns, shade }: GreyImage, { title, size = 88 }: { title: string; size?: number }): string {
  const paths = new Map<number, string>();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; ) {
      const level = levelOf(shade[row * columns + column]);
      const start = column;
      while (column < columns && levelOf(shade[row * columns + column]) === level) column++;
      // Neighbours of one level are one rectangle.
      if (level > 0) paths.set(level, `${paths.get(level) ?? ""}M${start} ${row}h${column - start}v1h${start - column}z`);
    }
  }
  const ink = [...paths].map(([level, path]) => `<path d="${path}" fill-opacity="${(level / LEVELS).toFixed(3)}"/>`).join("");
  const height = Math.round((size * rows) / columns);
  return (
    `<svg viewBox="0 0 ${columns} ${rows}" width="${size}" height="${height}" fill="currentColor" shape-rendering="crispEdges" ` +
    `role="img"><title>${escapeMarkup(title)}</title>${ink}</svg>`
  );
}

const levelOf = (shade: number): number => Math.round(Math.min(1, Math.max(0, shade)) * LEVELS);
