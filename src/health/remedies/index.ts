import type { Remedy } from "../treatment.js";
import { changeSizes } from "../treatment.js";
import { activations } from "./activation.js";
import { architectures } from "./architecture.js";
import { scalings } from "./data.js";
import { heads } from "./head.js";
import { norms } from "./norm.js";
import { starts } from "./start.js";
import { trainings } from "./training.js";

export { samePlan } from "./change.js";

/** Place of a remedy's size among all sizes: 0 for the smallest. */
export const rank = ({ size }: Remedy): number => changeSizes.indexOf(size);

/** Every remedy, the smallest change first, and in the order of its family among changes of one size. */
export const remedies: readonly Remedy[] = [starts, activations, heads, scalings, norms, trainings, architectures]
  .flat()
  .sort((one, other) => rank(one) - rank(other));
