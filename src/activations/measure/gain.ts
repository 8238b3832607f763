import { gainBetween } from "../gain.js";
import { expectations } from "./expectation.js";
import { type Pointwise, probe, whyNotPointwise } from "./probe.js";
import { established, type Measured, notEstablished } from "./report.js";

/** How far the second moment may be from the one that the gain promises. Jumps at unknown places cost the quick rule this much. */
const TOLERANCE = 0.02;

/**
 * The gain of any function of one number: what {@link Activation.gain} is for those of the catalogue, to a few thousandths where the
 * function jumps and far better elsewhere. A tenth of the work of `measureFacts`. Not established where the function mixes the
 * elements of a tensor, is undefined somewhere, or grows faster than the normal density falls.
 */
export function measuredGain(f: Pointwise): Measured<number> {
  const reason = whyNotPointwise(f);
  if (reason !== null) return notEstablished(reason);
  const gain = gainBetween([], f);
  const { at } = probe(f);
  const [kept, plain] = [gain, 1].map(
    (factor) =>
      expectations(
        (z) => [
          at(
            z.map((x) => factor * x),
            0,
          )[0].map((y) => y * y),
        ],
        [],
      )[0],
  );
  if (!kept.established) return kept;
  if (!plain.established) return plain;
  // Either the second moment stays 1, or 1 before the function is a fixed point from layer to layer.
  const keeps = Math.abs(kept.value - 1) < TOLERANCE;
  const fixes = Math.abs(plain.value * gain * gain - 1) < TOLERANCE;
  return keeps || fixes ? established(gain) : notEstablished("no gain keeps its second moment");
}
