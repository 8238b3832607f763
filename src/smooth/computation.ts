import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import type { TensorLike } from "../ops/index.js";
import { factsOf, type SmoothFacts } from "./facts/facts.js";
import type { LanguageName } from "./formula/language.js";
import { sourceOf } from "./formula/source.js";
import { texOf } from "./formula/tex.js";
import type { Kernel } from "./kernels/kernel.js";
import { type KnownAs, knownAs } from "./known.js";
import { numericalComputation } from "./numerical.js";
import type { Pieces } from "./pieces/pieces.js";
import { NoClosedForm } from "./refusals.js";
import { pieceFinder, type Subject } from "./subject.js";

/** How a smooth function is computed, and how far it may be off, relative to its own scale in float64. */
export interface Way {
  readonly kind: "closed form" | "quadrature" | "table";
  readonly error: number;
}

/** Values of the parameters of a subject; those that are not named keep theirs. */
export type Values<K extends string> = { readonly [Name in K]?: TensorLike };

/** Everything that is asked of a smoothed function, whichever way it is computed. */
export interface Computation<K extends string> {
  readonly way: Way;
  apply(x: Tensor, width: TensorLike, values: Values<K>): Tensor;
  pieces(values: Values<K>): Pieces;
  facts(width: number, values: Values<K>): SmoothFacts;
  tex(width: number): string;
  known(width: number): KnownAs | null;
  source(width: number, language: LanguageName): string;
}

/** What smoothing makes of pieces, and what to call it. */
export interface Form {
  readonly kind: "mollify" | "gate";
  readonly title: (subject: string, kernel: string) => string;
  apply(pieces: Pieces, kernel: Kernel, x: Tensor, width: TensorLike): Tensor;
}

/** How to compute: in closed form where there is one, by quadrature, or from a table that quadrature fills. */
export type Method = "auto" | "closed form" | "quadrature" | "table";

export interface ComputationOptions {
  /** Default "auto": a closed form, and quadrature where there is none. */
  readonly method?: Method;
  /** For quadrature: where f or a derivative of it jumps. Found by a search of f when left out. */
  readonly breaks?: readonly number[];
}

/** The computation that fits. */
export function computationOf<K extends string>(
  subject: Subject<K>,
  form: Form,
  kernel: Kernel,
  width: number,
  { method = "auto", breaks }: ComputationOptions,
): Computation<K> {
  if (!["auto", "closed form", "quadrature", "table"].includes(method)) {
    throw fault(form.kind, "there is no such method", { expected: "auto, closed form, quadrature, table", got: String(method) });
  }
  const closed = closedForm(subject, form, kernel);
  if (method === "closed form" || form.kind === "gate") return closed;
  if (method !== "auto") return numericalComputation(subject, kernel, width, method, breaks);
  try {
    form.apply(closed.pieces({}), kernel, parameter([], "float32"), width);
  } catch (error) {
    // A function for which no formula is known; everything else is told when the function is called.
    if (error instanceof NoClosedForm) return numericalComputation(subject, kernel, width, "quadrature", breaks);
  }
  return closed;
}

/** What tests hold against quadrature: relative, tails and two derivatives included. */
const CLOSED_FORM_ERROR = 1e-12;

function closedForm<K extends string>(subject: Subject<K>, form: Form, kernel: Kernel): Computation<K> {
  const find = pieceFinder(subject);
  return {
    way: { kind: "closed form", error: CLOSED_FORM_ERROR },
    apply: (x, width, values) => form.apply(find(values), kernel, x, width),
    pieces: find,
    facts: (width, values) => factsOf(find(values), kernel, width, form.kind),
    tex: (width) => texOf(find({}), kernel, width, form.kind),
    known: (width) => knownAs(find({}), kernel, width, form.kind),
    source: (width, language) => sourceOf(find({}), kernel, width, language, form.kind),
  };
}
