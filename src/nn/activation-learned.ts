import type { Activation } from "../activations/activation.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { reshape } from "../ops/index.js";
import { isSmoothed } from "../smooth/is-smoothed.js";
import { constant } from "./initialisers/plain.js";
import { type Layer, layer, type ParameterSpec, parameterSpec } from "./layer.js";
import { rangeOf } from "./parameter-range.js";

/** How the parameters of an activation are learned. */
export interface LearnedOptions<K extends string> {
  /** One value for each entry of an axis; without it one value for all. */
  readonly channels?: number;
  /** The axis of the channels. Default the last. */
  readonly axis?: number;
  /** Which parameters are learned. Default all of them. */
  readonly only?: readonly NoInfer<K>[];
}

/** A layer whose parameters are those of an activation. */
export interface LearnedActivation extends Layer<Readonly<Record<string, Tensor>>> {
  /** The numbers that the activation is given, by name: within their ranges, whatever is stored. */
  values(parameters: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>>;
  /** For a smoothed activation: the layer of the same parameters with the exact function in its place, for use. A fault for others. */
  harden(): Layer<Readonly<Record<string, Tensor>>>;
}

interface Learned {
  /** Under which it is stored. */
  readonly key: string;
  readonly spec: ParameterSpec;
  read(stored: Tensor): Tensor;
}

/**
 * An activation with its parameters learned, from the values it has:
 *
 *     learned(leakyRelu.with({ alpha: 0.25 }), { channels: 64 })   PReLU
 *     learned(swish)                                               Swish with a learned β
 *
 * A parameter with bounds never leaves them: between two of them it is a logistic function of what is stored, above one a
 * softplus of it, under the name with `Raw` after it. One that starts on a bound is stored as it is, and clipped. Weight decay
 * leaves all of them alone, since 0 means nothing to most.
 */
export function learned<K extends string>(f: Activation<K>, options: LearnedOptions<K> = {}): LearnedActivation {
  const { channels, axis = -1 } = options;
  const where = `learned ${f.record.name}`;
  const names = learnable(f, where, options.only);
  if (channels !== undefined && !(Number.isInteger(channels) && channels > 0)) {
    throw fault(where, "the number of channels is not a size", {
      expected: "a whole number of 1 or more",
      got: String(channels),
    });
  }
  const entries = names.map((name): [K, Learned] => [name, learnedParameter(f, name, channels)]);
  const read = (parameters: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> =>
    Object.fromEntries(entries.map(([name, { key, read: value }]) => [name, value(parameters[key])]));
  const of = (call: Call) =>
    layer<Readonly<Record<string, ParameterSpec>>>({
      name: where,
      code: ["learned", f, options],
      role: "activation",
      title: `learned ${f.title}${channels === undefined ? "" : `, ${channels} channels`}`,
      parameters: Object.fromEntries(entries.map(([, { key, spec }]) => [key, spec])),
      gain: f.gain,
      apply: (parameters, x) => {
        const values = Object.entries(read(parameters)).map(([name, value]) => [name, alongAxis(where, value, x, axis)]);
        return call(x, Object.fromEntries(values));
      },
    });
  const harden = () => of(hardForm(where, f));
  return { ...of((x, values) => f(x, values as { readonly [Name in K]?: Tensor })), values: read, harden } as LearnedActivation;
}

type Call = (x: Tensor, values: Readonly<Record<string, Tensor>>) => Tensor;

/** The exact function behind a smoothed one, with what is learned besides the width. */
function hardForm<K extends string>(where: string, f: Activation<K>): Call {
  if (isSmoothed(f)) return (x, { width: _, ...others }) => f.harden(others)(x);
  throw fault(where, "there is no exact function behind this activation", { fix: "smooth one with mollify or gate" });
}

function learnable<K extends string>(f: Activation<K>, where: string, only: readonly K[] | undefined): readonly K[] {
  const names = (Object.keys(f.record.parameters) as K[]).filter((name) => f.record.parameters[name].whole !== true);
  const stranger = only?.find((name) => !names.includes(name));
  if (stranger !== undefined || names.length === 0) {
    throw fault(where, stranger === undefined ? "it has nothing to learn" : `there is no parameter "${stranger}" to learn`, {
      expected: names.join(", ") || "an activation with parameters",
    });
  }
  return only ?? names;
}

function learnedParameter<K extends string>(f: Activation<K>, name: K, channels: number | undefined): Learned {
  const start = f.values[name];
  const kept = rangeOf(f.record.parameters[name].range, start);
  const spec = parameterSpec({
    shape: channels === undefined ? [] : [channels],
    axes: channels === undefined ? "()" : "(channel)",
    initialiser: constant(kept.store(start)),
    decays: false,
  });
  return { key: kept.raw ? `${name}Raw` : name, spec, read: kept.read };
}

/** A row of values laid along an axis of x. */
function alongAxis(where: string, value: Tensor, x: Tensor, axis: number): Tensor {
  if (value.rank === 0) return value;
  const at = axis < 0 ? axis + x.rank : axis;
  if (x.shape[at] === value.size) return reshape(value, [value.size, ...x.shape.slice(at + 1).map(() => 1)]);
  throw fault(where, `axis ${axis} of the input has not the size of the channels`, {
    expected: `${value.size} on axis ${axis}`,
    got: formatShape(x.shape),
  });
}
