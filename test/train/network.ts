import { gelu, relu, tanh } from "../../src/activations/index.js";
import type { Values } from "../../src/data/index.js";
import type { TypedArray } from "../../src/ir/dtype.js";
import { flattenTree } from "../../src/ir/tree.js";
import * as nn from "../../src/nn/index.js";
import { isTensor } from "../../src/ops/create.js";
import { tensor } from "../../src/ops/index.js";
import type { Trainer, TrainingBatch } from "../../src/train/index.js";

/** Numbers from −1 to 1 times a scale, by a formula that a reference in another language repeats; exact in float32. */
export const values = (count: number, seed: number, scale = 1): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (((i * 7919 + seed * 104729) % 2003) - 1001) / 1024 * scale); // biome-ignore format: as a formula

export const labels = (count: number, seed: number, classes: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => (i * 31 + seed * 17) % classes);

export const activations = { gelu, relu, tanh } as const;
export type ActivationName = keyof typeof activations;

/** Linear layers with an activation between them. */
export function network(widths: readonly number[], activation: ActivationName = "tanh"): nn.Layer {
  const stages = widths.slice(1).flatMap((outputs, i) => {
    const linear = nn.linear(widths[i], outputs);
    return i === 0 ? [linear] : [activations[activation], linear];
  });
  return nn.sequential(...stages);
}

/** Parameters of `network` by the formula. */
export function firstParameters(widths: readonly number[], scale: number): unknown {
  return widths.slice(1).flatMap((outputs, i) => {
    const weight = tensor(values(widths[i] * outputs, i, scale), { shape: [widths[i], outputs] });
    const linear = { weight, bias: tensor(values(outputs, 50 + i, scale / 4)) };
    return i === 0 ? [linear] : [{}, linear];
  });
}

export const real = (data: Float32Array, ...shape: number[]): Values => ({ data, shape, dtype: "float32" });
export const whole = (data: Int32Array, ...shape: number[]): Values => ({ data, shape, dtype: "int32" });

/** A batch with labels, another for every seed. */
export const labelledBatch = (size: number, width: number, classes: number, seed: number): TrainingBatch => ({
  inputs: real(values(size * width, 100 + seed), size, width),
  targets: whole(labels(size, seed, classes), size),
});

/** The elements of all parameters as the runtime keeps them. */
export async function parameterValues(trainer: Trainer): Promise<TypedArray[]> {
  const { leaves } = flattenTree(await trainer.parameters(), isTensor, "parameters");
  return leaves.map(({ primitive: { meaning }, params }) => {
    if (meaning.kind !== "stored") throw new Error("a parameter is not a constant");
    return meaning.data(params);
  });
}
