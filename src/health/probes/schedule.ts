/** When to look into a step. It depends on clocks, and nothing that is trained depends on it. */
export interface Schedule {
  /** Whether step `own`, counted from 0 since the watch began, is looked into. */
  looksAt(own: number): boolean;
  /** Whether steps are timed now, one at a time. */
  times(own: number): boolean;
  /** How long a step took, in milliseconds. */
  took(own: number, milliseconds: number): void;
  /** Time of a step that is looked into over that of a plain one, minus 1; null until it is known. */
  overhead(): number | null;
  /** Steps from one look to the next in the long run; null until it is known. */
  every(): number | null;
}

export interface ScheduleOptions {
  /** Largest share of time that looking may take in the long run. Default 0.05. */
  readonly share?: number;
  /** Looks every so many steps, without timing. */
  readonly every?: number;
  /** Planned steps, to bound the number of looks; null where not known. */
  readonly steps?: number | null;
}

/** Steps looked into at the start: faults of initialisation show there. */
const FIRST = 20;
/** Timed steps of each kind, in turns, so that what else the machine does falls on both. */
const TIMED = 20;
/** Looks after which the long run is spaced so that there are not many more of them. */
const MOST_LOOKS = 1000;

/**
 * Looks at steps 0 to 19; then at every second one while both kinds of steps are timed, 20 of each; then at steps that lie a tenth apart
 * (60, 66, 73, …), until they are k = ⌈o / share⌉ steps apart, where o is the cost of a look in plain steps: from then on looking takes
 * the share of the time that it may, whatever the model.
 */
export function schedule({ share = 0.05, every, steps = null }: ScheduleOptions = {}): Schedule {
  const plain: number[] = [];
  const looked: number[] = [];
  const timedUntil = every === undefined ? FIRST + 2 * TIMED : FIRST;
  const sparse = steps === null ? 1 : Math.ceil(steps / MOST_LOOKS);
  let cost: number | null = null;
  const overhead = (): number | null => {
    if (plain.length < TIMED || looked.length < TIMED) return null;
    cost ??= Math.max(0, median(looked) / median(plain) - 1);
    return cost;
  };
  const spacing = (): number | null => {
    if (every !== undefined) return every;
    const known = overhead();
    return known === null ? null : Math.max(1, sparse, Math.ceil(known / share));
  };
  let next = timedUntil;
  return {
    looksAt(own) {
      if (own < FIRST) return true;
      if (own < timedUntil) return own % 2 === 0;
      if (own < next) return false;
      next = own + Math.min(spacing() ?? Number.POSITIVE_INFINITY, Math.ceil(own / 10));
      return true;
    },
    times: (own) => every === undefined && own < timedUntil,
    took(own, milliseconds) {
      if (own >= FIRST && own < timedUntil) (own % 2 === 0 ? looked : plain).push(milliseconds);
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
