export { causes, findCause } from "./catalogue.js";
export type { Cause } from "./cause.js";
export { type StartTheory, startTheory } from "./start-theory.js";
