import type { Activation } from "../activations/activation.js";
import type { ComputationOptions, Form } from "./computation.js";
import { convolvePieces } from "./convolve-pieces.js";
import { requireWidth } from "./facts/require.js";
import { gatePieces } from "./gate-pieces.js";
import type { Kernel } from "./kernels/kernel.js";
import type { ScalarFunction } from "./pieces/trace.js";
import { type Smoothed, smoothed } from "./smoothed.js";
import { pieceFinder, type Smoothable, type SubjectOptions, subjectOf } from "./subject.js";
import { type WantedWidth, widthFor } from "./width.js";

export interface SmoothOptions<K extends string> extends SubjectOptions<K>, ComputationOptions {
  readonly kernel: Kernel;
  /** Of the kernel: in units of x, or what it should bring about. Default 1. */
  readonly width?: WantedWidth;
}

const mollified: Form = { kind: "mollify", title: (f, kernel) => `${f} ∗ ${kernel}`, apply: convolvePieces };
const gated: Form = { kind: "gate", title: (f, kernel) => `${f} gated by ${kernel}`, apply: gatePieces };

/**
 * f convolved with a kernel of some width w, exactly:
 *
 *     f_w(x) = ∫ f(x − w·u) φ(u) du
 *
 *     mollify(relu, { kernel: logistic })                                    softplus
 *     mollify((x) => maximum(x, mul(0.1, x)), { kernel: gaussian, width: 0.5 })
 *     mollify((x, { a }) => clip(x, neg(a), a), { kernel: box, parameters: { a: 1 } })
 *
 * The pieces of f and its breaks are found from the graph that f makes: max, min, abs, sign, clip, where, comparisons, arithmetic,
 * compositions of them, whole powers, the exponential of a line. The result has derivatives of every order in x, in the width, and in
 * the parameters; a learned parameter may move breaks as long as they keep their order. Other functions go by quadrature: `way` tells.
 * Throws a {@link Divergence} where the integral does not exist.
 */
export function mollify<const K extends string = never>(f: ScalarFunction<K>, options: SmoothOptions<K>): Smoothed<K>;
export function mollify<const K extends string>(f: Activation<K>, options: SmoothOptions<NoInfer<K>>): Smoothed<K>;
export function mollify<const K extends string>(f: Smoothable<K>, options: SmoothOptions<K>): Smoothed<K> {
  return made(f, mollified, options);
}

/**
 * f with the steps between its pieces smoothed and the pieces left as they are: x·[x > 0] becomes x·I₀(x/w).
 *
 *     gate(relu, { kernel: logistic })     SiLU
 *     gate(relu, { kernel: gaussian })     GELU
 *
 * It dips below a relu where a convolution stays above it; see {@link kernelOf} for the reason.
 */
export function gate<const K extends string = never>(f: ScalarFunction<K>, options: SmoothOptions<K>): Smoothed<K>;
export function gate<const K extends string>(f: Activation<K>, options: SmoothOptions<NoInfer<K>>): Smoothed<K>;
export function gate<const K extends string>(f: Smoothable<K>, options: SmoothOptions<K>): Smoothed<K> {
  return made(f, gated, options);
}

function made<K extends string>(f: Smoothable<K>, form: Form, options: SmoothOptions<K>): Smoothed<K> {
  const { kernel, width = 1 } = options;
  const subject = subjectOf(f, options);
  const size = typeof width === "number" ? width : widthFor(width, pieceFinder(subject)({}), kernel, form.kind);
  requireWidth(form.kind, size);
  return smoothed(subject, form, kernel, size, options);
}
