import type { Primitive } from "../ir/primitive.js";
import * as algebraic from "./algebraic.js";
import * as alongAxis from "./along-axis.js";
import * as arithmetic from "./arithmetic.js";
import * as bells from "./bells.js";
import * as broadcast from "./broadcast.js";
import * as clip from "./clip.js";
import * as convolution from "./convolution.js";
import * as create from "./create.js";
import * as exponentialLinear from "./exponential-linear.js";
import * as gates from "./gates.js";
import * as hypot from "./hypot.js";
import * as identity from "./identity.js";
import * as indexSelect from "./index-select.js";
import * as inverseSine from "./inverse-sine.js";
import * as join from "./join.js";
import * as linearAlgebra from "./linear-algebra.js";
import * as maxPool from "./max-pool.js";
import * as piecewise from "./piecewise.js";
import * as pointwise from "./pointwise.js";
import * as rectified from "./rectified.js";
import * as reduce from "./reduce.js";
import * as saturating from "./saturating.js";
import * as select from "./select.js";
import * as sequence from "./sequence.js";
import * as shape from "./shape.js";
import * as slicing from "./slicing.js";
import * as softplus from "./softplus.js";
import * as tailSigmoid from "./tail-sigmoid.js";
import * as windowSum from "./window-sum.js";

const families: readonly object[] = [
  create,
  identity,
  pointwise,
  saturating,
  arithmetic,
  select,
  clip,
  reduce,
  broadcast,
  shape,
  slicing,
  inverseSine,
  join,
  indexSelect,
  alongAxis,
  sequence,
  linearAlgebra,
  convolution,
  windowSum,
  maxPool,
  softplus,
  gates,
  tailSigmoid,
  hypot,
  piecewise,
  rectified,
  algebraic,
  exponentialLinear,
  bells,
];

/** The records behind the operations that modules export, each once, in the order of export. */
export function collectPrimitives(modules: readonly object[]): readonly Primitive[] {
  const operations = modules.flatMap((module) => Object.values(module)).filter(isOperation);
  return [...new Set(operations.map((operation) => operation.primitive))];
}

const isOperation = (value: unknown): value is { readonly primitive: Primitive } =>
  typeof value === "function" && "primitive" in value;

/** Every primitive of the operations. With the calls that carry their own derivative: `primitives` of `diff/catalogue`. */
export const operationPrimitives: readonly Primitive[] = collectPrimitives(families);
