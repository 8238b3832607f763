import { fault } from "../ir/fault.js";
import { formatShape, sameShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/index.js";
import { type Layer, layer } from "./layer.js";
import { applyPart, asLayer, type ParametersOf, type Stage } from "./stage.js";

/** y = F(x) + x: whatever F does, the gradient has a way past it. F must keep the shape. He et al. 2015, arXiv:1512.03385. */
export function residual<const B extends Stage>(branch: B): Layer<{ branch: ParametersOf<B> }>;
/** y = F(x) + S(x), for an F that changes the shape: S is the shortcut, such as a linear layer. */
export function residual<const B extends Stage, const S extends Stage>(
  branch: B,
  options: { shortcut: S },
): Layer<{ branch: ParametersOf<B>; shortcut: ParametersOf<S> }>;
export function residual(branch: Stage, { shortcut }: { shortcut?: Stage } = {}): Layer<{ branch: unknown; shortcut?: unknown }> {
  const inner = asLayer(branch);
  const around = shortcut === undefined ? null : asLayer(shortcut);
  const whole = layer<unknown>({
    name: "residual",
    code: ["residual", branch, { shortcut }],
    role: "sum",
    parameters: { branch: inner.parameters, ...(around && { shortcut: around.parameters }) },
    children: [["branch", inner] as const, ...(around ? [["shortcut", around] as const] : [])],
    get gain() {
      return inner.gain;
    },
    apply: (values, x, context) => {
      const parameters = values as { branch: unknown; shortcut?: unknown };
      const way = applyPart("residual, branch", inner, "branch", parameters.branch, x, context);
      const past = around === null ? x : applyPart("residual, shortcut", around, "shortcut", parameters.shortcut, x, context);
      return join(way, past);
    },
  });
  return whole as Layer<{ branch: unknown; shortcut?: unknown }>;
}

function join(way: Tensor, past: Tensor): Tensor {
  if (sameShape(way.shape, past.shape)) return add(way, past);
  throw fault("residual", "the branch changes the shape, so that it cannot be added", {
    expected: formatShape(past.shape),
    got: formatShape(way.shape),
    fix: "give a shortcut that makes the same shape: residual(branch, { shortcut: linear(…) })",
  });
}
