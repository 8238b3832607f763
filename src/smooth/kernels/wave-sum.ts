import type { Tensor } from "../../ir/tensor.js";
import { abs, cos, lessEqual, mul, reshape, sum, tensor, where } from "../../ops/index.js";

/** Nodes and weights of a rule of integration. */
export interface NodesAndWeights {
  readonly places: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/** Σ wⱼ cos(ω uⱼ): a characteristic function, by a rule that is fine enough for frequencies up to `highest`. Beyond, it is 0. */
export function waveSum({ places, weights }: NodesAndWeights, highest: number): (frequency: Tensor) => Tensor {
  const nodes = Float64Array.from(places);
  const shares = Float64Array.from(weights);
  return (frequency) => {
    const shape = [nodes.length, ...frequency.shape.map(() => 1)];
    const within = lessEqual(abs(frequency), highest);
    const turns = mul(reshape(tensor(nodes), shape), where(within, frequency, 0));
    return where(within, sum(mul(cos(turns), reshape(tensor(shares), shape)), { axes: 0 }), 0);
  };
}
