import type { CauseName } from "../names.js";
import * as activation from "./activation.js";
import type { Cause } from "./cause.js";
import * as data from "./data.js";
import * as headAndLoss from "./head-and-loss.js";
import * as numerics from "./numerics.js";
import * as recurrent from "./recurrent.js";
import * as start from "./start.js";
import * as training from "./training.js";

const families = [headAndLoss, data, start, activation, training, numerics, recurrent];

/** Every cause. */
export const causes: readonly Cause[] = families.flatMap((family): Cause[] => Object.values(family));

/** The cause of a suspicion. */
export const findCause = (name: CauseName | string): Cause | null => causes.find((one) => one.name === name) ?? null;
