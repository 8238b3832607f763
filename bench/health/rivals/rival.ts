import type { Evidence } from "../../../src/health/diagnosis.js";
import type { History, LayerReading, Reading } from "../../../src/health/history.js";

/** Rules of another tool, written anew from their published description, on what our monitor measures. */
export interface Rival {
  readonly name: string;
  readonly source: string;
  /** Where the rules had to be adapted: their tool looks at other moments, or at numbers that are not measured here. */
  readonly adapted: string;
  /** What it would report; nothing for a training that it finds healthy. */
  judge(evidence: Evidence): readonly string[];
}

/** The names of the rules that hold. */
export const alarms = (rules: Readonly<Record<string, boolean>>): string[] => Object.keys(rules).filter((name) => rules[name]);

/** A value of every layer at a reading. */
export const perLayer = (reading: Reading, of: (layer: LayerReading) => number): number[] => reading.layers.map(of);

export const firstLayer = ({ layers }: Reading): LayerReading => layers[0];
export const lastLayer = ({ layers }: Reading): LayerReading => layers[layers.length - 1];

/** One reading per check: `count` of them, evenly spread over the training, the last one included. */
export function checksOf({ readings }: History, count: number): Reading[] {
  const step = Math.max(1, readings.length / count);
  const places = Array.from({ length: Math.min(count, readings.length) }, (_, i) => Math.floor((i + 1) * step) - 1);
  return places.flatMap((place) => readings[place] ?? []);
}

/** Means of the losses over `count` stretches: what a tool sees that looks at the end of epochs. */
export function lossChecks({ steps }: History, count: number): number[] {
  const span = Math.max(1, Math.floor(steps.length / count));
  return Array.from({ length: Math.min(count, Math.floor(steps.length / span)) }, (_, i) => {
    const part = steps.slice(i * span, (i + 1) * span);
    return part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
  });
}

export const isLost = ({ steps }: History): boolean => steps.some(({ loss }) => !Number.isFinite(loss));

/** How much of what a constant prediction costs is explained: stands in for accuracy where only losses are known. */
export const explained = (losses: readonly number[], constantLoss: number | null): number[] => {
  const reference = constantLoss !== null && constantLoss > 0 ? constantLoss : (losses[0] ?? 1);
  return losses.map((loss) => 1 - loss / reference);
};
