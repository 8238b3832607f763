import type { Remedy } from "../treatment.js";
import { changeSizes } from "../treatment.js";
import * as activation from "./activation.js";
import * as architecture from "./architecture.js";
import * as data from "./data.js";
import * as head from "./head.js";
import * as norm from "./norm.js";
import * as start from "./start.js";
import * as training from "./training.js";

export { samePlan } from "./change.js";

const families = [start, activation, head, data, norm, training, architecture];

/** Place of a remedy's size among all sizes: 0 for the smallest. */
export const rank = ({ size }: Remedy): number => changeSizes.indexOf(size);

/** Every remedy that is for something, the smallest change first. A part that is only tried as one is not listed. */
export const remedies: readonly Remedy[] = families
  .flatMap((family): Remedy[] => Object.values(family))
  .filter(({ against }) => against.length > 0)
  .sort((one, other) => rank(one) - rank(other));
