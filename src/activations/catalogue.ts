import { type Activation, isActivation } from "./activation.js";
import * as bounded from "./bounded.js";
import * as exponential from "./exponential.js";
import * as gated from "./gated.js";
import * as gatedError from "./gated-error.js";
import * as gatedPairs from "./gated-pairs.js";
import * as gatedPower from "./gated-power.js";
import * as gatedTail from "./gated-tail.js";
import * as growing from "./growing.js";
import * as hard from "./hard.js";
import * as normalising from "./normalising.js";
import * as periodic from "./periodic.js";
import * as quadratic from "./quadratic.js";
import * as rational from "./rational.js";
import * as rationalSigmoidal from "./rational-sigmoidal.js";
import * as rectified from "./rectified.js";
import * as roundedRamps from "./rounded-ramps.js";
import * as segmented from "./segmented.js";
import * as selfGated from "./self-gated.js";
import * as shrinkage from "./shrinkage.js";
import * as sigmoidal from "./sigmoidal.js";
import * as simplex from "./simplex.js";
import * as smoothMaximum from "./smooth-maximum.js";
import * as vector from "./vector.js";

const modules = {
  rectified,
  shrinkage,
  quadratic,
  segmented,
  exponential,
  growing,
  hard,
  sigmoidal,
  rationalSigmoidal,
  bounded,
  periodic,
  smoothMaximum,
  roundedRamps,
  rational,
  gated,
  selfGated,
  gatedError,
  gatedPower,
  gatedTail,
  vector,
  normalising,
  simplex,
  gatedPairs,
};

/** The activations of each family, by the name of the family: what its module exports. */
export const families: Readonly<Record<string, readonly Activation[]>> = Object.fromEntries(
  Object.entries(modules).map(([family, exported]) => [family, Object.values<unknown>(exported).filter(isActivation)]),
);

/** Every activation that the family modules export. */
export const catalogue: readonly Activation[] = Object.values(families).flat();

/** The activation of a name or alias, whatever its case: for command lines and saved models. Null when there is none. */
export function findActivation(name: string): Activation | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, "");
  const names = ({ record }: Activation): string[] => [record.name, record.title, ...(record.aliases ?? [])].map(plain);
  return catalogue.find((candidate) => names(candidate).includes(plain(name))) ?? null;
}
