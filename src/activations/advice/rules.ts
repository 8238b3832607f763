import { saturates } from "../facts.js";
import { frameworkNames } from "../frameworks.js";
import type { Measures } from "./measures.js";
import type { SettledQuestion } from "./question.js";

/** One thing that speaks for or against an activation. */
export interface Rule {
  readonly name: string;
  /** How much it counts for this question; 0 when it does not. */
  weight(question: SettledQuestion): number;
  /** From 0, against it, to 1, for it; and why, with the number behind it. */
  judge(candidate: Candidate, question: SettledQuestion): { readonly score: number; readonly reason: string };
}

/** What rules look at. */
export interface Candidate extends Measures {
  /** Nanoseconds per element forward and backward, where that was timed. */
  readonly nanoseconds: number | null;
  /** Its cost as a multiple of the cheapest candidate's. */
  readonly relativeCost: number;
}

const plain = (value: number): string => String(Number(value.toPrecision(3)));
const percent = (share: number): string => `${plain(100 * share)} %`;

/** Without normalisation nothing but the activation and the start keep a signal in shape. */
const unaided = ({ normalisation }: SettledQuestion): boolean => normalisation === "none";

/** Everything that activations for hidden layers are judged by. */
export const rules: readonly Rule[] = [
  {
    name: "gradients through depth",
    weight: (question) => (unaided(question) ? Math.min(4, 0.5 + question.depth / 12) : 0.4),
    judge: ({ chi1 }, { depth }) => ({
      score: 1 / (1 + (depth * Math.abs(Math.log(chi1))) / 4),
      reason:
        Math.abs(chi1 - 1) < 1e-6
          ? "χ₁ = 1: gradients keep their size through any depth"
          : `χ₁ = ${plain(chi1)}: over ${depth} layers a gradient changes by a factor of ${plain(chi1 ** (depth / 2))}`,
    }),
  },
  {
    name: "self-normalising",
    weight: (question) => (unaided(question) ? Math.min(2, question.depth / 20) : 0),
    judge: ({ selfNormalising }) => ({
      score: selfNormalising ? 1 : 0.5,
      reason: selfNormalising ? "keeps mean 0 and variance 1 by itself, with LeCun initialisation" : "",
    }),
  },
  {
    name: "centred",
    weight: (question) => (unaided(question) ? Math.min(1.5, 0.3 + question.depth / 40) : 0.2),
    judge: ({ offCentre }) => ({
      score: 1 - offCentre,
      reason: offCentre < 0.01 ? "outputs are centred on 0" : `outputs are off centre by ${percent(offCentre)} of their size`,
    }),
  },
  {
    name: "live units",
    weight: ({ depth }) => Math.min(1.2, 0.5 + depth / 60),
    judge: ({ dead }) => ({
      score: 1 - dead,
      reason: dead < 1e-3 ? "every unit passes a gradient" : `the slope is 0 at ${percent(dead)} of inputs`,
    }),
  },
  {
    name: "saturation",
    weight: ({ depth }) => Math.min(2, 0.5 + depth / 25),
    judge: ({ facts }) => {
      const tails = [facts.left, facts.right];
      const sides = tails.filter(saturates).length;
      const slow = tails.filter(({ kind }) => kind === "sublinear").length;
      if (sides === 0 && slow > 0) return { score: 1 - 0.25 * slow, reason: "slopes die out slowly, where inputs are large" };
      return {
        score: [1, 0.85, 0.1][sides],
        reason: ["does not saturate", "saturates on one side only", "saturates on both sides"][sides],
      };
    },
  },
  {
    name: "order",
    weight: () => 0.8,
    judge: ({ facts: { monotone, parity, left, right } }) => {
      if (left.kind === "oscillates" || right.kind === "oscillates") {
        return { score: 0, reason: "the same outputs come back again and again" };
      }
      if (parity === "even") return { score: 0, reason: "x and −x give the same output" };
      return monotone === "neither"
        ? { score: 0.6, reason: "" }
        : { score: 1, reason: "monotone: outputs keep the order of inputs" };
    },
  },
  {
    name: "smoothness",
    weight: () => 0.5,
    judge: ({ facts: { smoothness } }) => ({
      score: smoothness === "C0" ? 0.4 : smoothness === "C1" ? 0.8 : 1,
      reason: smoothness === "C0" ? "its slope jumps" : `${smoothness}: its slope is continuous`,
    }),
  },
  {
    name: "cost",
    weight: ({ budget }) => ({ low: 3, normal: 0.8, high: 0.2 })[budget],
    judge: ({ nanoseconds, relativeCost, operations }) => ({
      score: 1 / Math.sqrt(relativeCost),
      reason:
        nanoseconds === null
          ? `${operations} operations forward and backward`
          : `${plain(nanoseconds)} ns per element forward and backward here`,
    }),
  },
  {
    name: "in use",
    weight: () => 1.5,
    judge: ({ libraries }) => ({
      score: libraries / frameworkNames.length,
      reason: libraries === 0 ? "in none of the large libraries" : `in ${libraries} of ${frameworkNames.length} large libraries`,
    }),
  },
];
