import { Option } from "commander";
import type { Setting } from "./settings.js";

/** A setting as the parser of arguments knows it. */
export function settingOption({ flags, doc, group, default: value, shownDefault }: Setting<unknown>): Option {
  const shown = shownDefault === undefined ? (value === null ? null : String(value)) : shownDefault;
  // The default stays unknown to the parser, so that what was given can be told from what was not.
  return new Option(flags, shown === null ? doc : `${doc} (default: ${shown})`).helpGroup(`${group}:`);
}
