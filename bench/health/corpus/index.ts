import type { Case, ControlCase, FaultyCase } from "./case.js";
import { cases as plain } from "./controls-plain.js";
import { repairedOf } from "./controls-repaired.js";
import { cases as shaped } from "./controls-shaped.js";
import { cases as traps } from "./controls-traps.js";
import { cases as depths } from "./faulty-depth.js";
import { cases as heads } from "./faulty-heads.js";
import { cases as losses } from "./faulty-losses.js";
import { cases as scales } from "./faulty-scales.js";
import { cases as sequences } from "./faulty-sequences.js";
import { cases as starts } from "./faulty-start.js";
import { cases as trainings } from "./faulty-training.js";

export type { Case, ControlCase, FaultyCase } from "./case.js";

/** Programs that do not work. */
export const faultyCases: readonly FaultyCase[] = [
  ...starts,
  ...depths,
  ...heads,
  ...losses,
  ...trainings,
  ...scales,
  ...sequences,
];
/** Programs that do, the repaired ones last. */
export const controlCases: readonly ControlCase[] = [...plain, ...shaped, ...traps, ...repairedOf(faultyCases)];
export const corpus: readonly Case[] = [...faultyCases, ...controlCases];
