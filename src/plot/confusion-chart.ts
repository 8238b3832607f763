import { cell, text } from "@observablehq/plot";
import { chartSvg } from "./svg.js";

/** Counts of true class (row) and predicted class (column). */
export type Counts = readonly (readonly number[])[];

interface Cell {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
  /** How dark: for a right cell its share of the class, for a wrong one its share of the commonest mistake. */
  readonly strength: number;
  readonly right: boolean;
  readonly hint: string;
}

/** A confusion matrix as a heat map: right answers in one hue along the diagonal, mistakes in another, empty cells bare. */
export function confusionChart(counts: Counts, classNames: readonly string[]): string {
  const cells = cellsOf(counts, classNames);
  const longest = Math.max(...classNames.map((name) => name.length));
  const margin = 40 + Math.min(140, longest * 7);
  const side = Math.max(26, Math.min(46, 560 / classNames.length));
  const numbers = side >= 26 && classNames.length <= 40;
  const tilted = longest > 4;
  // Names at 45° reach down by 0.7 of their length.
  const below = tilted ? 48 + Math.min(110, longest * 5) : 44;
  return chartSvg("confusion matrix", {
    width: margin + side * classNames.length + 16,
    height: 8 + side * classNames.length + below,
    marginLeft: margin,
    marginTop: 8,
    marginRight: 16,
    marginBottom: below,
    style: { fontSize: "12px" },
    x: {
      label: "predicted",
      tickSize: 0,
      tickPadding: 8,
      labelAnchor: "center",
      labelArrow: "none",
      domain: [...classNames],
      padding: 0.05,
      ...(tilted && { tickRotate: -45 }),
    },
    y: {
      label: "true",
      tickSize: 0,
      tickPadding: 8,
      labelAnchor: "center",
      labelArrow: "none",
      domain: [...classNames],
      padding: 0.05,
    },
    marks: [
      cell(cells, { x: "predicted", y: "truth", fill: "currentColor", fillOpacity: 0.045, rx: 3, title: "hint" }),
      cell(
        cells.filter(({ count }) => count > 0),
        {
          x: "predicted",
          y: "truth",
          fill: ({ right }: Cell) => (right ? "var(--right)" : "var(--wrong)"),
          fillOpacity: "strength",
          rx: 3,
          title: "hint",
        },
      ),
      ...(numbers
        ? [
            text(
              cells.filter(({ count }) => count > 0),
              {
                x: "predicted",
                y: "truth",
                text: ({ count }: Cell) => String(count),
                fill: ({ strength }: Cell) => (strength > 0.55 ? "var(--on-strong)" : "currentColor"),
                fontWeight: 600,
                pointerEvents: "none",
              },
            ),
          ]
        : []),
    ],
    color: { type: "identity" },
    opacity: { type: "identity" },
  });
}

function cellsOf(counts: Counts, classNames: readonly string[]): Cell[] {
  const mistakes = counts.flatMap((row, truth) => row.filter((_, predicted) => predicted !== truth));
  const commonest = Math.max(1, ...mistakes);
  return counts.flatMap((row, truth) => {
    const size = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted): Cell => {
      const right = predicted === truth;
      const share = right ? count / Math.max(1, size) : count / commonest;
      return {
        truth: classNames[truth],
        predicted: classNames[predicted],
        count,
        right,
        strength: count === 0 ? 0 : 0.25 + 0.75 * share,
        hint: `${classNames[truth]} taken for ${classNames[predicted]}: ${count} of ${size}`,
      };
    });
  });
}
