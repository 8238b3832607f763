import { type Activation, type ActivationParameter, type ActivationValues, activation } from "../activations/activation.js";
import type { Tensor } from "../ir/tensor.js";
import { asTensor, type TensorLike } from "../ops/create.js";
import { type ComputationOptions, computationOf, type Form, type Values, type Way } from "./computation.js";
import type { SmoothingError } from "./facts/error.js";
import type { SmoothFacts } from "./facts/facts.js";
import { requireWidth } from "./facts/require.js";
import type { LanguageName } from "./formula/language.js";
import type { Kernel } from "./kernels/kernel.js";
import type { KnownAs } from "./known.js";
import type { Pieces } from "./pieces/pieces.js";
import { type Subject, subjectAt } from "./subject.js";

/**
 * A smoothed function: an activation with a width, and with the parameters of the function that was smoothed. It is called, stands among
 * layers, is learned (`learned(smooth)`) and exported as any other.
 */
export interface Smoothed<K extends string = string> extends Activation<K | "width"> {
  readonly kernel: Kernel;
  /** mollify: convolved; gate: only the steps between the pieces are smoothed. */
  readonly form: Form["kind"];
  readonly way: Way;
  /** The pieces of the sharp function at the values of its parameters; a fault where it has none. */
  readonly pieces: Pieces;
  readonly facts: SmoothFacts;
  /** sup |f_w − f| and where it is attained, and ∫ |f_w − f|. */
  readonly error: SmoothingError;
  /** The activation of the catalogue that it is: "softplus with β = 2". Null for a new one. */
  readonly known: KnownAs | null;
  /** A function of plain numbers that computes it, with nothing else needed, in another language. */
  source(language: LanguageName): string;
  with(values: { readonly [Name in K | "width"]?: number }): Smoothed<K>;
  /** The exact function, for use after training: its parameters are the same but for the width. */
  harden(parameters?: { readonly [Name in K]?: TensorLike }): (x: TensorLike) => Tensor;
}

/** The smoothed function of a subject, with the values that it has unless a call names others. */
export function smoothed<K extends string>(
  subject: Subject<K>,
  form: Form,
  kernel: Kernel,
  width: number,
  options: ComputationOptions = {},
): Smoothed<K> {
  type Parameter = K | "width";
  const computation = computationOf(subject, form, kernel, width, options);
  const { width: _, ...own } = { ...subject.parameters, width: null };
  const parameters = { width: widthParameter(width), ...own } as { readonly [Name in Parameter]: ActivationParameter };
  const record = {
    name: `${form.kind}${capital(subject.name)}`,
    title: form.title(subject.title, kernel.title),
    get tex(): string {
      return computation.tex(width);
    },
    source: "",
    strengths: "",
    weaknesses: "",
    use: "",
    parameters,
    apply: (x: Tensor, given: { readonly [Name in Parameter]: TensorLike }): Tensor => {
      const { width: spread, ...rest } = given as { readonly [name: string]: TensorLike };
      return computation.apply(x, requireWidth(form.kind, spread), rest as unknown as Values<K>);
    },
    facts: ({ width: spread, ...rest }: ActivationValues<Parameter>): SmoothFacts =>
      computation.facts(spread, rest as unknown as Values<K>),
  };
  const call = activation<Parameter>(record);
  const { with: requireValues } = call;
  const extras = {
    title: `${record.title}, width ${Number(width.toPrecision(6))}`,
    kernel,
    form: form.kind,
    way: computation.way,
    get pieces(): Pieces {
      return computation.pieces({});
    },
    get error(): SmoothingError {
      return (call.facts as SmoothFacts).error;
    },
    get known(): KnownAs | null {
      return computation.known(width);
    },
    source: (language: LanguageName): string => computation.source(width, language),
    with: (values: { readonly [Name in Parameter]?: number }): Smoothed<K> => {
      const { width: other = width, ...rest } = values as { readonly width?: number } & { readonly [Name in K]?: number };
      requireValues(values);
      return smoothed(subjectAt(subject, rest as unknown as { readonly [Name in K]?: number }), form, kernel, other, options);
    },
    harden: (given: { readonly [Name in K]?: TensorLike } = {}) => {
      return (x: TensorLike): Tensor => subject.f(asTensor(x), { ...subject.values, ...given });
    },
  };
  return Object.defineProperties(call, Object.getOwnPropertyDescriptors(extras)) as unknown as Smoothed<K>;
}

const widthParameter = (width: number): ActivationParameter => ({
  default: width,
  range: [Number.MIN_VALUE, Infinity],
  doc: "of the kernel, in units of x",
});

const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);
