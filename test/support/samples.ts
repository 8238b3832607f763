import { primitives } from "../../src/diff/catalogue.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import type { InputSpec, Primitive } from "../../src/ir/primitive.js";
import { Tensor } from "../../src/ir/tensor.js";
import { parameter } from "../../src/ops/create.js";
import { draw, randomFrom } from "./random.js";

/** One node of a primitive over placeholders, with values for them. */
export interface Example {
  readonly label: string;
  readonly primitive: Primitive;
  readonly specs: readonly InputSpec[];
  readonly parameters: readonly Tensor[];
  readonly node: Tensor;
  readonly data: readonly TypedArray[];
  /** Whether every input is drawn from a range, so that derivatives may be taken by differences. */
  readonly ordinary: boolean;
}

export function exampleOf<P>(primitive: Primitive<P>, specs: readonly InputSpec[], params: P, seed: number): Example {
  const random = randomFrom(seed);
  const parameters = specs.map(({ shape, dtype }) => parameter(shape, dtype));
  const shapes = specs.map(({ shape, dtype }) => `${dtype}(${shape.join(" ")})`);
  return {
    label: `${primitive.name}(${shapes.join(", ")}) ${JSON.stringify(params)}, seed ${seed}`,
    primitive: primitive as Primitive,
    specs,
    parameters,
    node: Tensor.of(primitive, parameters, params),
    data: specs.map((spec) => draw(spec, random)),
    ordinary: specs.every((spec) => spec.extremes === undefined),
  };
}

/** Every sample of a primitive as a node with values. */
export const examplesOf = (primitive: Primitive, seed = 1): Example[] =>
  primitive.samples.map(({ inputs, params }, i) => exampleOf(primitive, inputs, params, seed + i));

export const allExamples = (seed = 1): Example[] => primitives.flatMap((primitive) => examplesOf(primitive, seed));

export const feedsOf = ({ parameters, data }: Pick<Example, "parameters" | "data">): Map<Tensor, TypedArray> =>
  new Map(parameters.map((node, i) => [node, data[i]]));
