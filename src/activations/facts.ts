/**
 * What is true of an activation. Nothing here is used to compute it; everything here is checked against the function by
 * tests, for every activation of the catalogue.
 */
export type Facts = PointwiseFacts | VectorFacts;

/** A function of one number, applied to every element. */
export interface PointwiseFacts {
  readonly kind: "pointwise";
  /** Smallest interval that holds all its values for finite x, and whether the ends are attained. */
  readonly range: Range;
  /** Where it is smallest (a point of several); null when the lower end of its range is not attained. */
  readonly minimumAt: number | null;
  /** In the weak sense: a relu is increasing. */
  readonly monotone: "increasing" | "decreasing" | "neither";
  readonly parity: "odd" | "even" | "neither";
  /** Whether its mean is 0 for x from the standard normal law. */
  readonly zeroCentred: boolean;
  /** What it approaches toward −∞ and toward +∞. */
  readonly left: Tail;
  readonly right: Tail;
  /** How often it can be differentiated everywhere. */
  readonly smoothness: Smoothness;
  /** Where it is less smooth than elsewhere. */
  readonly kinks: readonly Kink[];
  /** sup |f′| and sup |f″| away from kinks. ∞ when unbounded. */
  readonly lipschitz: number;
  readonly curvature: number;
}

/** A function of a whole row, such as softmax. */
export interface VectorFacts {
  readonly kind: "vector";
  readonly range: Range;
  /** Largest factor by which it stretches Euclidean distances. */
  readonly lipschitz: number;
  readonly smoothness: Smoothness;
  /** What the elements of each row of the result add up to; null when that is not fixed. */
  readonly rowSum: number | null;
  /** Whether adding one number to all elements of a row changes nothing. */
  readonly shiftInvariant: boolean;
}

export interface Range {
  readonly low: number;
  readonly high: number;
  readonly lowAttained: boolean;
  readonly highAttained: boolean;
}

/** What has to be said of a function of one number; the rest follows from it or is the usual. */
export type StatedFacts = Pick<PointwiseFacts, "range" | "left" | "right" | "lipschitz" | "curvature"> & Partial<PointwiseFacts>;

/**
 * Facts with what usually holds where nothing is said: increasing, no smallest value, no parity, centred on 0 where odd, no
 * kinks, and as smooth as the kinks leave it (analytic without any).
 */
export function pointwise(stated: StatedFacts): PointwiseFacts {
  const { parity = "neither", kinks = [] } = stated;
  const roughest = Math.min(...kinks.map(({ order }) => order));
  const levels = ["discontinuous", "C0", "C1", "C2"] as const;
  return {
    kind: "pointwise",
    minimumAt: null,
    monotone: "increasing",
    parity,
    zeroCentred: parity === "odd",
    kinks,
    smoothness: levels[roughest] ?? "analytic",
    ...stated,
  };
}

/** A point at which the derivative of an order jumps. */
export const kink = (at: number, order: Kink["order"]): Kink => ({ at, order });

/** The line slope·x + intercept, which it approaches; growth faster, or slower, than any line; or no approach to anything. */
export type Tail =
  | { readonly kind: "line"; readonly slope: number; readonly intercept: number }
  | { readonly kind: "grows"; readonly like: string }
  | { readonly kind: "sublinear"; readonly like: string }
  | { readonly kind: "oscillates" };

/** Cⁿ: n continuous derivatives; smooth: all of them; analytic: equal to its Taylor series nearby. */
export type Smoothness = "discontinuous" | "C0" | "C1" | "C2" | "C3" | "smooth" | "analytic";

/** A point at which the derivative of the given order jumps (order 0: the function itself). */
export interface Kink {
  readonly at: number;
  readonly order: 0 | 1 | 2 | 3;
}

/** The tail that approaches slope·x + intercept. */
export const line = (slope: number, intercept = 0): Tail => ({ kind: "line", slope, intercept });

/** An interval with the ends that are attained written as [ ], the others as ( ). */
export function range(opens: "(" | "[", low: number, high: number, closes: ")" | "]"): Range {
  return { low, high, lowAttained: opens === "[", highAttained: closes === "]" };
}

/** Whether it approaches a constant: its slope dies out there, and so does a gradient that passes. */
export const saturates = (tail: Tail): boolean => tail.kind === "line" && tail.slope === 0;
