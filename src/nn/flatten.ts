import { fault } from "../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../ir/shape.js";
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

/** The way back: `(batch …) -> (batch …shape)`, such as images out of rows of pixels. */
export function unflatten(shape: Shape): Layer<NoParameters> {
  const title = `unflatten ${shape.join(" × ")}`;
  return layer({
    name: "unflatten",
    title,
    code: ["unflatten", shape],
    parameters: {},
    gain: "same",
    apply: (_, x) => {
      const [batch, ...rest] = x.shape;
      if (x.rank > 0 && sizeOf(rest) === sizeOf(shape)) return reshape(x, [batch, ...shape]);
      throw fault(title, `${sizeOf(rest)} elements do not make that shape`, {
        expected: `(batch …) with ${sizeOf(shape)} elements each`,
        got: formatShape(x.shape),
      });
    },
  });
}
