import { constant, cosine, exponentialDecay, oneCycle, type Schedule, stepDecay, warmUp } from "../../optim/index.js";

/** Schedules over a whole run, from its highest rate and its number of steps alone, by the name that --schedule takes. */
export const schedules: Readonly<Record<string, (rate: number, steps: number) => Schedule>> = {
  constant: (rate) => constant({ rate }),
  // Two drops, to a hundredth.
  stepDecay: (rate, steps) => stepDecay({ rate, stepSize: Math.max(1, Math.ceil(steps / 3)) }),
  exponentialDecay: (rate, steps) => exponentialDecay({ rate, gamma: 0.01 ** (1 / steps) }),
  cosine: (rate, steps) => cosine({ rate, steps }),
  oneCycle: (rate, steps) => oneCycle({ rate, steps: Math.max(2, steps) }),
  // A twentieth of the run to warm up, and then half a cosine.
  warmUp: (rate, steps) => {
    const rise = Math.max(1, Math.round(steps / 20));
    return warmUp({ steps: rise, next: cosine({ rate, steps: Math.max(1, steps - rise) }) });
  },
};
