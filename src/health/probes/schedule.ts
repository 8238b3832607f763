/**
 * How much of a step is looked at: `look` reads every layer, `length` only the length of all gradients together, `plain` nothing but the
 * loss.
 */
export type StepKind = "look" | "length" | "plain";

/** When to look into a step. It depends on clocks, and nothing that is trained depends on it. */
export interface Schedule {
  /** How step `own`, counted from 0 since the watch began, is taken. Asked once for each step, in order. */
  kindOf(own: number): StepKind;
  /** Whether steps are timed now, one at a time. */
  times(own: number): boolean;
  /** How long a step took, in milliseconds. */
  took(own: number, kind: StepKind, milliseconds: number): void;
  /** Time of a step of a kind over that of a plain one, minus 1; null until it is known. */
  overhead(kind: StepKind): number | null;
  /** Steps from one look to the next in the long run; null until it is known. */
  every(): number | null;
}

export interface ScheduleOptions {
  /** Largest share of time that looking may take in the long run. Default 0.05. */
  readonly share?: number;
  /** Looks every so many steps, without timing; the length of the gradients is taken at every step. */
  readonly every?: number;
  /** Planned steps, to bound the number of looks; null where not known. */
  readonly steps?: number | null;
}

/** Steps looked into at the start: faults of initialisation show there. */
const FIRST = 20;
/** Timed steps of each kind, in turns, so that what else the machine does falls on all of them. */
const TIMED = 20;
/** Looks after which the long run is spaced so that there are not many more of them. */
const MOST_LOOKS = 1000;
/** What of the share the lengths of gradients may take; the looks have the rest. */
const FOR_LENGTHS = 0.5;

const kinds: readonly StepKind[] = ["look", "length", "plain"];

/**
 * Looks at steps 0 to 19; then at every third one while the three kinds of steps are timed, 20 of each; then at steps that lie a tenth
 * apart (80, 88, 97, …), until they are k = ⌈o / share⌉ steps apart, where o is the cost of a look in plain steps: from then on looking
 * takes the share of the time that it may, whatever the model. The length of the gradients is taken at every step, or at every second,
 * third, … where it would cost more than half of the share.
 */
export function schedule({ share = 0.05, every, steps = null }: ScheduleOptions = {}): Schedule {
  const taken: Readonly<Record<StepKind, number[]>> = { look: [], length: [], plain: [] };
  const costs = new Map<StepKind, number>();
  const timedUntil = every === undefined ? FIRST + kinds.length * TIMED : FIRST;
  const sparse = steps === null ? 1 : Math.ceil(steps / MOST_LOOKS);
  const overhead = (kind: StepKind): number | null => {
    if (kinds.some((one) => taken[one].length < TIMED)) return null;
    const known = costs.get(kind) ?? Math.max(0, median(taken[kind]) / median(taken.plain) - 1);
    costs.set(kind, known);
    return known;
  };
  const lengthsEvery = (): number => Math.max(1, Math.ceil((overhead("length") ?? 0) / (share * FOR_LENGTHS)));
  const spacing = (): number | null => {
    if (every !== undefined) return every;
    const [look, length] = [overhead("look"), overhead("length")];
    if (look === null || length === null) return null;
    // A look takes the length too: what it costs beside the steps in which that is taken anyway.
    return Math.max(1, sparse, Math.ceil(look / (share - length / lengthsEvery())));
  };
  let next = timedUntil;
  return {
    kindOf(own) {
      if (own < FIRST) return "look";
      if (own < timedUntil) return kinds[own % kinds.length];
      if (own < next) return own % lengthsEvery() === 0 ? "length" : "plain";
      next = own + Math.min(spacing() ?? Number.POSITIVE_INFINITY, Math.ceil(own / 10));
      return "look";
    },
    times: (own) => every === undefined && own < timedUntil,
    took(own, kind, milliseconds) {
      if (own >= FIRST && own < timedUntil) taken[kind].push(milliseconds);
    },
    overhead,
    every: spacing,
  };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
