import { fault } from "../ir/fault.js";
import { reshape } from "../ops/index.js";
import { type Layer, layer, type NoParameters } from "./layer.js";

/** All axes but the batch made one: `(batch …) -> (batch width)`. */
export function flatten(): Layer<NoParameters> {
  return layer({
    name: "flatten",
    parameters: {},
    gain: "same",
    apply: (_, x) => {
      if (x.rank === 0) throw fault("flatten", "a scalar has no batch axis", { expected: "(batch …)", got: "()" });
      const [batch, ...rest] = x.shape;
      return reshape(x, [batch, rest.reduce((product, size) => product * size, 1)]);
    },
  });
}
