import { type Activation, isActivation } from "./activation.js";
import * as exponential from "./exponential.js";
import * as gated from "./gated.js";
import * as rectified from "./rectified.js";
import * as sigmoidal from "./sigmoidal.js";
import * as smoothMaximum from "./smooth-maximum.js";
import * as vector from "./vector.js";

/** Every activation that the family modules export. */
export const catalogue: readonly Activation[] = [rectified, exponential, sigmoidal, smoothMaximum, gated, vector].flatMap(
  (family) => Object.values<unknown>(family).filter(isActivation),
);

/** The activation of a name or alias, whatever its case: for command lines and saved models. Null when there is none. */
export function findActivation(name: string): Activation | null {
  const plain = (text: string): string => text.toLowerCase().replace(/[\s_-]/g, "");
  const names = ({ record }: Activation): string[] => [record.name, record.title, ...(record.aliases ?? [])].map(plain);
  return catalogue.find((candidate) => names(candidate).includes(plain(name))) ?? null;
}
