import type { Break } from "./breaks.js";
import type { Probe } from "./probe.js";
import type { Period } from "./report.js";
import { NEAR, type Sample } from "./scan.js";

/** How many events may lie in one period. */
const MOST_EVENTS = 6;
/** Long periods are looked for as far out as this. */
const WIDE = 8 * NEAR;

/** The length after which f repeats itself, up to a constant that is added each time; null when there is none up to 80. */
export function findPeriod(probe: Probe, samples: readonly Sample[], breaks: readonly Break[]): Period | null {
  const events = eventsOf(probe, samples, breaks);
  for (let count = 1; count <= MOST_EVENTS && 3 * count < events.length; count++) {
    const whole = Math.floor((events.length - 1) / count);
    const length = (events[whole * count] - events[0]) / whole;
    const drift = driftOver(probe, length);
    if (length <= 2 * NEAR && drift !== null) return { length, drift };
  }
  return null;
}

/** Places that come back in every period: breaks, or else where the slope is steepest. */
function eventsOf(probe: Probe, samples: readonly Sample[], breaks: readonly Break[]): number[] {
  const near = breaks.filter(({ at }) => Math.abs(at) < NEAR);
  const lowest = Math.min(...near.map(({ order }) => order));
  const equal = near.filter(({ order }) => order === lowest);
  if (equal.length > 3) return equal.map(({ at }) => at);
  const close = samples.filter(({ x }) => Math.abs(x) <= NEAR).map(({ x, g }) => ({ x, curvature: g[2] }));
  let places = crossings(close);
  if (places.length <= 6) {
    const wide = Array.from({ length: 8192 }, (_, i) => (i / 4096 - 1) * WIDE);
    const curvatures = probe.at(wide, 2)[2];
    places = crossings(wide.map((x, i) => ({ x, curvature: curvatures[i] })));
  }
  for (let step = 0; step < 4 && places.length > 0; step++) {
    const [, , second, third] = probe.at(places, 3);
    places = places.map((x, i) => (Math.abs(second[i]) < 0.1 * Math.abs(third[i]) ? x - second[i] / third[i] : x));
  }
  return places;
}

/** Where the curvature passes from above 0 to below. */
function crossings(points: readonly { readonly x: number; readonly curvature: number }[]): number[] {
  return points.slice(1).flatMap((right, i) => {
    const left = points[i];
    if (!(left.curvature > 0 && right.curvature <= 0)) return [];
    return [left.x + ((right.x - left.x) * left.curvature) / (left.curvature - right.curvature)];
  });
}

/** f(x + length) − f(x) when it is the same everywhere, and the slopes are equal; null when not. */
function driftOver(probe: Probe, length: number): number | null {
  const points = Array.from({ length: 120 }, (_, i) => Math.max(NEAR, length) * ((((i + 1) ** 2 * Math.SQRT2) % 1) - 0.5));
  const [values, slopes] = probe.at(points, 1);
  const moved = points.map((x) => x + length);
  const [later, laterSlopes] = probe.at(moved, 1);
  const scale = Math.max(...values.map(Math.abs), ...slopes.map(Math.abs));
  const drift = later[0] - values[0];
  const same = values.every((value, i) => {
    const slopeChange = Math.abs(laterSlopes[i] - slopes[i]);
    return Math.abs(later[i] - value - drift) <= 1e-9 * scale && slopeChange <= 1e-8 * Math.max(...slopes.map(Math.abs), 1);
  });
  if (!same) return null;
  return Math.abs(drift) <= 1e-9 * scale ? 0 : drift;
}
