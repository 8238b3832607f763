import { type Activation, catalogue } from "../../activations/index.js";
import type { Reader } from "../readers.js";
import { oneOf } from "../readers.js";
import { smoothedFrom, wishIn, wishText } from "../smooth/subject.js";

const named = oneOf("activation", catalogue.map(({ name }) => name)); // biome-ignore format: one line

/** The name of an activation, or `smooth(relu, gaussian, 0.5)`, in the spelling that a run remembers. */
export const activationSetting: Reader<string> = (text, flag) => {
  const wish = wishIn(text, flag);
  if (wish === null) return named(text, flag);
  smoothedFrom(wish, flag);
  return wishText(wish);
};

/** The activation of a setting that was read. */
export function activationOf(setting: string): Activation {
  const wish = wishIn(setting, "--activation");
  if (wish !== null) return smoothedFrom(wish, "--activation");
  const name = named(setting, "--activation");
  return catalogue.find((activation) => activation.name === name) as Activation;
}
