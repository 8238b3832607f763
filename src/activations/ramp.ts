import type { Tensor } from "../ir/tensor.js";
import { hypot } from "../ops/hypot.js";
import { abs, add, div, mul, reciprocal, relu, square, type TensorLike } from "../ops/index.js";
import { withSlopeIn } from "./slope.js";

/** 1/√(x² + w²). */
export const inverse = (x: Tensor, width: TensorLike): Tensor => reciprocal(hypot(x, width));

/**
 * ½(x + √(x² + w²)): a ramp rounded over the width w. Written max(x, 0) + ½w²/(√(x² + w²) + |x|), where nothing cancels; its
 * slope is itself over the root.
 */
export const roundedRamp: Rounded = withSlopeIn<"width">(
  (x, { width }) => {
    // Halves are added: the sum of two of the largest numbers is ∞.
    const scaled = div(mul(width, 0.25), add(mul(hypot(x, width), 0.5), mul(abs(x), 0.5)));
    return add(relu(x), mul(scaled, width));
  },
  (x, parameters) => rampSlope(x, parameters),
);

/** ½(1 + x/√(x² + w²)), the slope of {@link roundedRamp}: a sigmoid with tails like w²/(4x²). */
export const rampSlope: Rounded = withSlopeIn<"width">(
  (x, parameters) => mul(roundedRamp(x, parameters), inverse(x, parameters.width)),
  (x, { width }) => mul(mul(square(mul(inverse(x, width), width)), inverse(x, width)), 0.5),
);

type Rounded = (x: Tensor, parameters: { readonly width: TensorLike }) => Tensor;
