import { contract } from "../ir/contract.js";
import { fault } from "../ir/fault.js";
import type { Tensor } from "../ir/tensor.js";
import { add, matmul, reshape } from "../ops/index.js";
import { initialiserFrom } from "./initialisers/catalogue.js";
import type { Initialiser } from "./initialisers/index.js";
import { type Layer, layer, parameterSpec } from "./layer.js";

export interface LinearOptions {
  /** Whether b is added. Default true. */
  readonly bias?: boolean;
  /** How W starts: an initialiser or its name. Default "auto": the signal keeps its second moment through the activation that follows. */
  readonly init?: Initialiser | string;
  /** How b starts. Default "zeros". */
  readonly biasInit?: Initialiser | string;
}

export interface LinearParameters {
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

const shapes = contract("(…batch in), (in out) -> (…batch out)");

/** y = xW + b over the last axis: `(…batch in) -> (…batch out)`, with W of shape (in out) and b of shape (out). */
export function linear(inputs: number, outputs: number, options: LinearOptions = {}): Layer<LinearParameters> {
  const { bias = true, init = "auto", biasInit = "zeros" } = options;
  const title = `linear ${inputs} → ${outputs}`;
  requireWidth("linear", "inputs", inputs);
  requireWidth("linear", "outputs", outputs);
  const fans = { fanIn: inputs, fanOut: outputs };
  return layer({
    name: "linear",
    title,
    code: ["linear", inputs, outputs, options],
    parameters: {
      weight: parameterSpec({ shape: [inputs, outputs], axes: "(in out)", initialiser: initialiserFrom(title, init), ...fans }),
      ...(bias && {
        bias: parameterSpec({
          shape: [outputs],
          axes: "(out)",
          initialiser: initialiserFrom(title, biasInit),
          ...fans,
          decays: false,
        }),
      }),
    },
    apply: ({ weight, bias: shift }: LinearParameters, x) => {
      const shape = shapes.resolve(title, [x.shape, weight.shape]);
      // One flat product: a batch of matrices times one matrix is a single, faster, multiplication.
      const product = reshape(matmul(reshape(x, [-1, inputs]), weight), shape);
      return shift === undefined ? product : add(product, shift);
    },
  });
}

export function requireWidth(where: string, what: string, size: number): void {
  if (Number.isInteger(size) && size > 0) return;
  throw fault(where, `the number of ${what} is not a size`, { expected: "a whole number of 1 or more", got: String(size) });
}
