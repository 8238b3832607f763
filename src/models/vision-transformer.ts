import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { dropout, initialisers, type Layer, layer, linear, parameterSpec, transformerEncoder } from "../nn/index.js";
import { applyPart } from "../nn/stage.js";
import { add, broadcastTo, concat, mean, permute, reshape, slice } from "../ops/index.js";
import type { ImageShape } from "./cnn.js";

export interface VisionTransformerOptions {
  readonly image: ImageShape;
  readonly classes: number;
  /** Height and width of the patches an image is cut into. */
  readonly patch: number;
  /** Default 64. */
  readonly width?: number;
  /** Default 4. */
  readonly layers?: number;
  /** Default width / 16, at least 1. */
  readonly heads?: number;
  /** Width between the two linear layers of each layer. Default four times the width. */
  readonly feedForward?: number;
  /** Dropout in training. Default 0. */
  readonly dropout?: number;
  /** What the class is read from: a token of its own (`token`, default) or the `mean` of all patches. */
  readonly reads?: "token" | "mean";
  /** What is added to the variance in the norms. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Vision Transformer: an image as a sequence of patches, each a vector, with learned positions, and an encoder with norms before its
 * parts. Takes `(batch channels height width)`, or rows of pixels. Dosovitskiy et al. 2020, arXiv:2010.11929.
 */
export function visionTransformer(options: VisionTransformerOptions): Layer {
  const { image, classes, patch, width = 64, layers = 4, feedForward, reads = "token", epsilon = 1e-6 } = options;
  const { heads = Math.max(1, Math.floor(width / 16)), dropout: rate = 0 } = options;
  const [channels, height, breadth] = image;
  requirePatches(image, patch);
  const count = (height / patch) * (breadth / patch);
  const places = count + (reads === "token" ? 1 : 0);
  const parts = {
    patches: linear(channels * patch * patch, width),
    encoder: transformerEncoder(width, { heads, layers, epsilon, dropout: rate, ...(feedForward !== undefined && { feedForward }) }), // biome-ignore format: one line
    head: linear(width, classes),
  };
  const drop = dropout(rate);
  const row = (rows: number, axes: string) =>
    parameterSpec({ shape: [rows, width], axes, initialiser: initialisers.truncatedNormal({ std: 0.02 }), fanIn: 1, fanOut: width, decays: false }); // biome-ignore format: one line
  const title = `visionTransformer, ${count} patches of ${patch} × ${patch}, width ${width}`;
  return layer<unknown>({
    name: "visionTransformer",
    title,
    code: ["visionTransformer", options],
    parameters: {
      patches: parts.patches.parameters,
      ...(reads === "token" && { token: row(1, "(1 width)") }),
      positions: row(places, "(place width)"),
      encoder: parts.encoder.parameters,
      head: parts.head.parameters,
    },
    children: Object.entries(parts) as unknown as readonly (readonly [string, Layer])[],
    apply: (values, x, context) => {
      const parameters = values as Readonly<Record<keyof typeof parts, unknown>> & { token?: Tensor; positions: Tensor };
      const batch = x.shape[0];
      const vectors = applyPart(title, parts.patches, "patches", parameters.patches, cutPatches(title, x, image, patch), context);
      const { token, positions } = parameters;
      const sequence = token === undefined ? vectors : concat([broadcastTo(token, [batch, 1, width]), vectors], 1);
      const placed = drop.apply({}, add(sequence, positions), context);
      const seen = applyPart(title, parts.encoder as Layer, "encoder", parameters.encoder, placed, context);
      const known = token === undefined ? mean(seen, { axes: 1 }) : slice(seen, null, 0);
      return applyPart(title, parts.head, "head", parameters.head, known, context);
    },
  }) as Layer;
}

function requirePatches([channels, height, width]: ImageShape, patch: number): void {
  const whole = Number.isInteger(patch) && patch > 0 && height % patch === 0 && width % patch === 0;
  if (whole) return;
  throw fault("visionTransformer", "the image does not divide into patches", {
    expected: `a patch whose size divides ${height} and ${width}`,
    got: `${patch} for an image of (${channels} ${height} ${width})`,
  });
}

/** `(batch channels height width) -> (batch patches channels·patch·patch)`, patches in reading order. */
function cutPatches(title: string, x: Tensor, [channels, height, width]: ImageShape, patch: number): Tensor {
  const pixels = channels * height * width;
  if (x.rank < 2 || x.size !== x.shape[0] * pixels) {
    throw fault(title, "the images do not fit", {
      expected: `(batch ${channels} ${height} ${width})`,
      got: formatShape(x.shape),
    });
  }
  const [rows, columns] = [height / patch, width / patch];
  const grid = reshape(x, [x.shape[0], channels, rows, patch, columns, patch]);
  return reshape(permute(grid, [0, 2, 4, 1, 3, 5]), [x.shape[0], rows * columns, channels * patch * patch]);
}
