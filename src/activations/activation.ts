import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { asTensor, type TensorLike } from "../ops/create.js";
import type { Facts } from "./facts.js";
import { type Framework, type Frameworks, valuesIn } from "./frameworks.js";
import { backwardGainOf, gainOf } from "./gain.js";
import { type Moments, momentsOf } from "./moments.js";

/** A number that shapes an activation: its default, where it may lie, and what it does. */
export interface ActivationParameter {
  readonly default: number;
  /** Smallest and largest value that make sense; ±∞ where there is no bound. */
  readonly range: readonly [number, number];
  /** True for numbers such as an axis, which have no derivative and are not learned. */
  readonly whole?: boolean;
  readonly doc: string;
}

/** Numbers for the parameters named K. */
export type ActivationValues<K extends string> = { readonly [Name in K]: number };

/** What is written down about an activation; everything else is derived from it. */
export interface ActivationRecord<K extends string> {
  /** The name in code, and other names by which the field knows it. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** The name for people: "GELU". */
  readonly title: string;
  /** The formula as TeX, in x and the parameters. */
  readonly tex: string;
  /** Who introduced it, with the arXiv number or place of publication. */
  readonly source: string;
  /** What speaks for it, what speaks against it, and what to take it for: a sentence each. */
  readonly strengths: string;
  readonly weaknesses: string;
  readonly use: string;
  /** What other libraries call it, with the numbers that make it theirs. */
  readonly frameworks?: Frameworks<K>;
  readonly parameters: { readonly [Name in K]: ActivationParameter };
  /** The function, written with operations. Parameters may be numbers or (learned) tensors that broadcast against x. */
  apply(x: Tensor, parameters: { readonly [Name in K]: TensorLike }): Tensor;
  /** What is true of it, for given parameters. */
  facts(parameters: ActivationValues<K>): Facts;
}

/**
 * An activation: call it as a function, `gelu(x)` or `leakyRelu(x, { alpha: 0.2 })`, or put it among layers as it is. With
 * other numbers for its parameters it is another activation: `leakyRelu.with({ alpha: 0.2 })`.
 */
export interface Activation<K extends string = string> {
  (x: TensorLike, parameters?: { readonly [Name in K]?: TensorLike }): Tensor;
  readonly record: ActivationRecord<K>;
  readonly name: string;
  readonly title: string;
  /** The numbers used for parameters that a call does not name. */
  readonly values: ActivationValues<K>;
  readonly facts: Facts;
  /** The factor on the weights before it with which a signal keeps its second moment; see {@link gainOf}. */
  readonly gain: number;
  /** The factor with which a gradient keeps its second moment where x is standard normal: 1 / √E f′(x)². */
  readonly backwardGain: number;
  /** Mean and second moment for x from the standard normal law, by quadrature; null for functions of a row. */
  readonly moments: Moments | null;
  with(values: { readonly [Name in K]?: number }): Activation<K>;
  /** With the numbers that another library takes; a fault where it has no such function. */
  as(framework: Framework): Activation<K>;
}

/** Makes the activation of a record. */
export function activation<const K extends string = never>(record: ActivationRecord<K>): Activation<K> {
  const defaults = Object.fromEntries(parameterEntries(record).map(([name, { default: value }]) => [name, value]));
  return build(record, defaults as ActivationValues<K>);
}

/** Whether a function is an activation made by {@link activation}. */
export const isActivation = (value: unknown): value is Activation => typeof value === "function" && "record" in value;

/** A parameter such as an axis, of which the graph depends and which therefore cannot be a tensor. */
export function plainNumber(where: string, value: TensorLike): number {
  if (typeof value === "number") return value;
  throw fault(where, "this parameter is a plain number", { got: typeof value === "boolean" ? "a boolean" : "a tensor" });
}

function build<K extends string>(record: ActivationRecord<K>, values: ActivationValues<K>): Activation<K> {
  const call = (x: TensorLike, parameters: { readonly [Name in K]?: TensorLike } = {}): Tensor => {
    requireKnown(record, parameters);
    return record.apply(asTensor(x), { ...values, ...parameters });
  };
  Object.defineProperty(call, "name", { value: record.name });
  const once = remembered(record, values);
  const own = {
    record,
    title: titleOf(record, values),
    values,
    get facts(): Facts {
      return record.facts(values);
    },
    get gain(): number {
      return once.gain();
    },
    get backwardGain(): number {
      return once.backwardGain();
    },
    get moments(): Moments | null {
      return once.moments();
    },
    with: (changes: { readonly [Name in K]?: number }): Activation<K> => {
      requireKnown(record, changes);
      requireInRange(record, changes);
      return build(record, { ...values, ...changes });
    },
    as: (framework: Framework): Activation<K> => build(record, { ...values, ...valuesIn(record, framework) }),
  };
  return Object.defineProperties(call, Object.getOwnPropertyDescriptors(own)) as unknown as Activation<K>;
}

/** The numbers that cost a quadrature, computed when first asked for. */
function remembered<K extends string>(record: ActivationRecord<K>, values: ActivationValues<K>) {
  const f = (x: Tensor): Tensor => record.apply(x, values);
  const lazily = <T>(compute: (facts: Facts) => T): (() => T) => {
    let known: { readonly value: T } | null = null;
    return () => {
      known ??= { value: compute(record.facts(values)) };
      return known.value;
    };
  };
  return {
    gain: lazily((facts) => gainOf(facts, f)),
    backwardGain: lazily((facts) => backwardGainOf(facts, f)),
    moments: lazily((facts) => (facts.kind === "vector" ? null : momentsOf(f, facts.kinks.map(({ at }) => at)))), // biome-ignore format: one line
  };
}

const parameterEntries = <K extends string>(record: ActivationRecord<K>): [string, ActivationParameter][] =>
  Object.entries<ActivationParameter>(record.parameters);

/** `leaky relu, alpha 0.2` when a parameter is not at its default. */
function titleOf<K extends string>(record: ActivationRecord<K>, values: ActivationValues<K>): string {
  const set = new Map<string, number>(Object.entries<number>(values));
  const changed = parameterEntries(record).filter(([name, parameter]) => set.get(name) !== parameter.default);
  return [record.title, ...changed.map(([name]) => `${name} ${set.get(name)}`)].join(", ");
}

function requireKnown<K extends string>(record: ActivationRecord<K>, given: object): void {
  const unknown = Object.keys(given).find((name) => !(name in record.parameters));
  if (unknown === undefined) return;
  const names = Object.keys(record.parameters);
  throw fault(record.name, `there is no parameter "${unknown}"`, { expected: names.join(", ") || "no parameters", got: unknown });
}

function requireInRange<K extends string>(record: ActivationRecord<K>, given: object): void {
  const values = new Map<string, unknown>(Object.entries(given));
  for (const [name, { range, whole = false }] of parameterEntries(record)) {
    const value = values.get(name);
    if (value === undefined) continue;
    const fits = typeof value === "number" && value >= range[0] && value <= range[1] && (!whole || Number.isInteger(value));
    if (!fits) {
      const kind = whole ? "a whole number" : "a number";
      throw fault(record.name, `${name} is out of range`, {
        expected: `${kind} from ${range[0]} to ${range[1]}`,
        got: String(value),
      });
    }
  }
}
