import type { Activation } from "../../activations/index.js";
import { fault } from "../../ir/fault.js";
import { formatShape, type Shape, sizeOf } from "../../ir/shape.js";
import { cnn, type ImageShape, resnet, visionTransformer } from "../../models/index.js";
import { dropout, type Layer, linear, type Stage, sequential } from "../../nn/index.js";

/** What a network of the command line is made of. */
export interface NetworkPlan {
  /** Shape of the features of a sample, and of the picture that they make, if they do. */
  readonly features: Shape;
  readonly imageShape: Shape | undefined;
  readonly outputs: number;
  readonly layers: readonly number[];
  /** Null leaves them to the network. */
  readonly channels: readonly number[] | null;
  readonly activation: Activation;
  readonly dropout: number;
}

/** A network that the command line can train. */
export interface NetworkRecord {
  readonly doc: string;
  build(plan: NetworkPlan): Layer;
  /** Settings that suit it better than the general ones. */
  readonly settings?: { readonly dropout?: number; readonly learningRate?: number; readonly epochs?: number };
  /** Multiplications for one sample, forward; null where they are many. */
  multiplications(plan: Pick<NetworkPlan, "features" | "outputs" | "layers">): number | null;
}

export const networks: Readonly<Record<string, NetworkRecord>> = {
  mlp: {
    doc: "layers of units",
    build: ({ features, outputs, layers, activation, dropout: rate }) => {
      const widths = [sizeOf(features), ...layers];
      const hidden = layers.flatMap((width, i): Stage[] => [
        linear(widths[i], width),
        activation,
        ...(rate > 0 ? [dropout(rate)] : []),
      ]);
      return sequential(...hidden, linear(widths[widths.length - 1], outputs));
    },
    multiplications: ({ features, outputs, layers }) => {
      const widths = [sizeOf(features), ...layers, outputs];
      return widths.slice(1).reduce((total, width, i) => total + width * widths[i], 0);
    },
  },
  cnn: {
    doc: "convolutions, then layers of units: for pictures",
    build: (plan) =>
      cnn({
        image: pictureOf("cnn", plan),
        classes: plan.outputs,
        hidden: plan.layers,
        activation: plan.activation,
        dropout: plan.dropout,
        ...(plan.channels && { channels: plan.channels }),
      }),
    multiplications: () => null,
  },
  resnet: {
    doc: "residual blocks of convolutions: for pictures",
    build: (plan) =>
      resnet({
        image: pictureOf("resnet", plan),
        classes: plan.outputs,
        activation: plan.activation,
        ...(plan.channels && { channels: plan.channels }),
      }),
    multiplications: () => null,
  },
  vit: {
    doc: "a Transformer over the patches of a picture",
    settings: { dropout: 0.1, learningRate: 0.002, epochs: 60 },
    build: (plan) => {
      const image = pictureOf("vit", plan);
      return visionTransformer({ image, patch: patchOf(image), classes: plan.outputs, dropout: plan.dropout });
    },
    multiplications: () => null,
  },
};

/** The largest patch of which there are 16 or more. */
function patchOf([, height, width]: ImageShape): number {
  const fits = (size: number): boolean => height % size === 0 && width % size === 0 && (height / size) * (width / size) >= 16;
  for (let size = Math.min(height, width); size > 1; size--) if (fits(size)) return size;
  return 1;
}

function pictureOf(name: string, { features, imageShape }: NetworkPlan): ImageShape {
  const [height, width] = imageShape ?? [];
  if (imageShape?.length === 2 && height * width === sizeOf(features)) return [1, height, width];
  throw fault("--model", `${name} takes pictures, and these samples are none`, {
    expected: "digits, or an IDX file of pictures",
    got: `${formatShape(features)} features`,
    fix: "--model mlp",
  });
}
