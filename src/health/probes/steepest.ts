import { pushForward } from "../../diff/forward.js";
import { context } from "../../nn/context.js";
import type { Layer } from "../../nn/layer.js";
import { tensor } from "../../ops/create.js";
import { ones } from "../../ops/index.js";
import { interpret } from "../../run/interpret.js";

/** Places at which slopes are compared: standardised signals hardly leave them. */
const PLACES = Array.from({ length: 1601 }, (_, i) => (i - 800) / 100);

/** The largest |φ′| on [−8, 8]; 1 for a function with parameters of its own, and for one that it cannot be found of. */
export function steepestSlope(activation: Layer | null): number {
  if (activation === null || Object.keys(activation.parameters as object).length > 0) return 1;
  const x = tensor(PLACES);
  const [slope] = pushForward([activation.apply({}, x, context())], [x], [ones([PLACES.length])]);
  if (slope === null) return 1;
  const [slopes] = interpret([slope]);
  let steepest = 0;
  for (const one of slopes) if (Number.isFinite(one)) steepest = Math.max(steepest, Math.abs(one));
  return steepest > 0 ? steepest : 1;
}
