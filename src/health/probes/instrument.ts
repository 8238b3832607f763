import { fault } from "../../ir/fault.js";
import type { Tensor } from "../../ir/tensor.js";
import { identity } from "../../ops/identity.js";
import { concat, full, reshape, square, sum } from "../../ops/index.js";
import type { Instrument, StepInside } from "../../train/index.js";
import { type Measurable, measurables } from "./measured.js";
import type { Arrangement } from "./reading.js";
import { type LayerInside, measuresOf, slopeOf, squareSums, steepestPerUnit } from "./statistics.js";
import { steepestSlope } from "./steepest.js";

/** An instrument of gradient health. */
export interface HealthInstrument extends Instrument {
  /** What the numbers mean that a step on batches of this shape returned. */
  arrangement(shape: readonly number[]): Arrangement;
}

export interface InstrumentOptions {
  /** Whether to gather the numbers that only other tools judge by. Default false. */
  readonly forOtherTools?: boolean;
}

/**
 * Reads the health of every measured layer off a training step. The gradients of pre-activations are by-products of the way back; the
 * other statistics are sums over values that the step has anyway.
 */
export function healthInstrument({ forOtherTools = false }: InstrumentOptions = {}): HealthInstrument {
  const arrangements = new Map<string, Arrangement>();
  return {
    begin(model, { shape, dtype }) {
      const measured = measurables(model, shape.slice(1), dtype);
      const eye = eyeOn(measured);
      return {
        probe: eye.probe,
        inside: () => eye.inside().map(({ tensor }) => tensor),
        read: (step) => {
          const layers = layersInside(measured, step, eye);
          const perUnit = layers.map(({ slope, measurable }) => slope && steepestPerUnit(slope, measurable.unitAxis));
          const overTime = layers.map(({ state }) => (state === null ? [] : squareSums(state, [1, 2])));
          const measures = layers.map((layer) => measuresOf(layer, forOtherTools));
          arrangements.set(shape.join(), {
            layers: measured.map(({ layer }) => layer),
            measures,
            units: perUnit.map((part) => part?.size ?? 0),
            times: overTime.map(([part]) => part?.size ?? 0),
          });
          const sums = measures.flat().flatMap(([, measure]) => measure.sums);
          const parts = [...momentSums(step), ...sums, ...perUnit.filter((part) => part !== null), ...overTime.flat()];
          return concat(parts.map((part) => reshape(part, [-1])));
        },
      };
    },
    arrangement(shape) {
      const known = arrangements.get(shape.join());
      if (known !== undefined) return known;
      throw fault("gradient health", "no step on such batches was looked into", { got: `(${shape.join(" ")})` });
    },
  };
}

/** What was seen where. */
interface Eye {
  probe(path: string, value: Tensor): Tensor | undefined;
  at(place: string): Tensor;
  /** Places whose gradients are wanted, in the order in which the model came to them. */
  inside(): readonly { place: string; tensor: Tensor }[];
}

function eyeOn(measured: readonly Measurable[]): Eye {
  const own = measured.map(({ places }) => places);
  const wanted = new Set(own.flatMap((places) => Object.values(places)));
  const differentiated = new Set(own.flatMap(({ before, state }) => [before, state]));
  const seen = new Map<string, Tensor>();
  return {
    probe(path, value) {
      if (!wanted.has(path) || seen.has(path)) return undefined;
      // A node of its own, so that its gradient is not mixed with that of a value that has the same tangent.
      const node = identity(value);
      seen.set(path, node);
      return node;
    },
    at: (place) => seen.get(place) as Tensor,
    inside: () => [...seen].flatMap(([place, tensor]) => (differentiated.has(place) ? [{ place, tensor }] : [])),
  };
}

function layersInside(
  measured: readonly Measurable[],
  { cotangents, parameters }: StepInside,
  eye: Eye,
): (LayerInside & { readonly state: Tensor | null })[] {
  const gradients = new Map(eye.inside().map(({ place }, i) => [place, cotangents[i]]));
  return measured.map((measurable) => {
    const { places, layer, activation, pointwise } = measurable;
    const [before, after] = [eye.at(places.before), eye.at(places.after)];
    const weight = parameters.get(layer.weight.name);
    if (weight === undefined) throw fault("gradient health", "the step has no such parameter", { got: layer.weight.name });
    return {
      measurable,
      before,
      after,
      slope: places.slope !== null ? eye.at(places.slope) : pointwise ? slopeOf(before, after) : null,
      cotangent: gradients.get(places.before) ?? null,
      state: (places.state !== null && gradients.get(places.state)) || null,
      weight,
      steepest: steepestSlope(activation),
    };
  });
}

/** Σm̂² and Σv̂ over all parameters; zeros where the optimizer keeps no moments. */
const momentSums = ({ moments }: StepInside): Tensor[] =>
  moments === null ? [full([], 0), full([], 0)] : [total(moments.first.map(square)), total(moments.second)];

const total = (parts: readonly Tensor[]): Tensor => sum(concat(parts.map((part) => reshape(sum(part), [1]))));
