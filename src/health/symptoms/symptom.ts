import type { Look } from "../derived.js";
import type { Finding } from "../diagnosis.js";
import type { CauseName, SymptomName } from "../names.js";

/** Something that can be seen in a training. A record: lists, pages and the diagnosis are derived from it. */
export interface Symptom {
  readonly name: SymptomName;
  /** Short name: "S4". */
  readonly code: string;
  /** What it is, and how it looks in what is measured. */
  readonly what: string;
  readonly looks: string;
  /** The limits of attention and alarm, in words. */
  readonly threshold: string;
  /** What it may come from, the likeliest first. */
  readonly causes: readonly CauseName[];
  readonly source: string;
  /**
   * Whether an alarm of it proves an illness alone, only together with a loss that does not fall, or never. "withPoorLoss": where
   * the loss stays poor attention is enough, for what can be read off the description cannot be there by chance.
   */
  readonly confirms: "alone" | "withPoorLoss" | "withLoss" | "never";
  /** Findings of it that are proof whatever the loss does. */
  certain?(finding: Finding): boolean;
  find(look: Look): readonly Finding[];
}

/** A finding as a symptom's record states it: its severity is decided by the whole. */
export type Seen = Omit<Finding, "symptom" | "severity" | "layer" | "step"> & {
  readonly layer?: string | null;
  readonly step?: number;
};

/** A symptom whose `find` leaves out what every finding of it has. */
export function symptom(record: Omit<Symptom, "find"> & { find(look: Look): readonly Seen[] }): Symptom {
  return {
    ...record,
    find: (look) => record.find(look).map((seen) => ({ layer: null, step: 0, ...seen, symptom: record.name, severity: "risk" })),
  };
}

/** A number for people: three digits, powers of ten where there are many. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(3)));
  return value.toExponential(1).replace("e+", "e");
}

/** So many of something, for people: "1 layer", "8 layers". */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

/** A share for people: "35 %". */
export const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;
