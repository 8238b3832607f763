import { type Activation, type ActivationParameter, isActivation } from "../activations/activation.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import type { TensorLike } from "../ops/create.js";
import type { Pieces } from "./pieces/pieces.js";
import { type Scalar, scalar } from "./pieces/scalar.js";
import { piecesOf, type ScalarFunction } from "./pieces/trace.js";

/** A function that is to be smoothed: one of a single number and of parameters. */
export interface Subject<K extends string> {
  readonly name: string;
  readonly title: string;
  readonly tex: string;
  readonly parameters: { readonly [Name in K]: ActivationParameter };
  /** The numbers that decide the order of its breaks. */
  readonly values: { readonly [Name in K]: number };
  readonly f: ScalarFunction<K>;
}

/** What may be smoothed: an activation, or a function written with operations. */
export type Smoothable<K extends string> = Activation<K> | ScalarFunction<K>;

export interface SubjectOptions<K extends string> {
  /** What to call a function that has no name of its own. */
  readonly name?: string;
  /** Parameters of a plain function with their values: they may be learned. An activation brings its own. */
  readonly parameters?: { readonly [Name in K]: number };
}

/** An activation, or a plain function with its parameters, as a subject. */
export function subjectOf<K extends string>(f: Smoothable<K>, { name, parameters }: SubjectOptions<K> = {}): Subject<K> {
  if (isActivation(f)) {
    const { record, values } = f as unknown as Activation<K>;
    const call = f as unknown as Activation<K>;
    const numbers = { ...values, ...parameters };
    return {
      name: name ?? record.name,
      title: name ?? f.title,
      tex: record.tex,
      parameters: startingAt(record.parameters, numbers),
      values: numbers,
      f: (x, given) => call(x, given),
    };
  }
  if (typeof f !== "function") throw fault("mollify", "this is no function", { expected: "an activation, or a function of a tensor", got: typeof f }); // biome-ignore format: one line
  const values = parameters ?? ({} as { readonly [Name in K]: number });
  const named = name ?? (f.name || "f");
  const described = Object.entries<number>(values).map(([key, value]) => [key, ownParameter(named, key, value)]);
  return {
    name: named,
    title: named,
    tex: /^\p{L}+$/u.test(named) ? String.raw`\operatorname{${named}}(x)` : String.raw`\text{${named}}`,
    parameters: Object.fromEntries(described),
    values,
    f,
  };
}

/** The same subject with other values of its parameters. */
export function subjectAt<K extends string>(subject: Subject<K>, changes: { readonly [Name in K]?: number }): Subject<K> {
  const values = { ...subject.values, ...changes };
  return { ...subject, values, parameters: startingAt(subject.parameters, values) };
}

/** The parameters with other defaults. */
const startingAt = <K extends string>(
  parameters: { readonly [Name in K]: ActivationParameter },
  values: { readonly [Name in K]: number },
): { readonly [Name in K]: ActivationParameter } =>
  Object.fromEntries(
    Object.entries<ActivationParameter>(parameters).map(([name, parameter]) => [
      name,
      { ...parameter, default: values[name as K] },
    ]),
  ) as { [Name in K]: ActivationParameter };

function ownParameter(name: string, key: string, value: number): ActivationParameter {
  if (typeof value === "number" && Number.isFinite(value)) return { default: value, range: [-Infinity, Infinity], doc: `of ${name}` }; // biome-ignore format: one line
  throw fault(`mollify (${name})`, `the value of ${key} is not a number`, { expected: "a finite number", got: String(value) });
}

/** The pieces of a subject for given parameters: those of plain numbers are found once. */
export function pieceFinder<K extends string>({
  f,
  values,
}: Subject<K>): (given: { readonly [Name in K]?: TensorLike }) => Pieces {
  const known = new Map<string, Pieces>();
  return (given) => {
    const scalars = Object.fromEntries(
      Object.entries<number>(values).map(([name, value]) => [name, scalarOf(given[name as K] ?? value, value)]),
    ) as { readonly [Name in K]: Scalar };
    const numbers = Object.values<Scalar>(scalars).map(({ graph }) => graph);
    if (numbers.some((graph) => typeof graph !== "number")) return piecesOf(f, scalars);
    const key = numbers.join();
    const pieces = known.get(key) ?? piecesOf(f, scalars);
    if (known.size < KEPT) known.set(key, pieces);
    return pieces;
  };
}

/** Sets of numbers whose pieces are kept. */
const KEPT = 64;

const scalarOf = (given: TensorLike, value: number): Scalar =>
  typeof given === "number" ? scalar(given) : typeof given === "boolean" ? scalar(Number(given)) : scalar(value, given as Tensor);
