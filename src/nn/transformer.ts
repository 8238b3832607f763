import { gelu } from "../activations/index.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { add } from "../ops/index.js";
import type { AttentionMasks } from "./attention.js";
import { type Context, context as makeContext } from "./context.js";
import { dropout as dropoutLayer } from "./dropout.js";
import { type Layer, layer } from "./layer.js";
import { type LinearParameters, linear } from "./linear.js";
import {
  type AttentionParameters,
  type KeyValueCache,
  type MultiHeadAttention,
  type MultiHeadOptions,
  multiHeadAttention,
} from "./multi-head-attention.js";
import { layerNorm, type NormParameters } from "./normalisation.js";
import { applyPart, asLayer } from "./stage.js";

export interface TransformerOptions extends Omit<MultiHeadOptions, "sourceWidth"> {
  /** Width between the two linear layers. Default four times the width. */
  readonly feedForward?: number;
  /** Function between them. Default gelu; the first Transformer had relu. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Dropout of attention weights and of what every part adds, in training. Default 0. */
  readonly dropout?: number;
  /**
   * Where the norm stands: `pre`, x + F(norm x), which trains without a warm-up (Xiong et al. 2020), or `post`, norm(x + F x), as in
   * the first Transformer and in BERT. Default `pre`.
   */
  readonly norm?: "pre" | "post";
  /** What is added to the variance in the norms. Default 1e-5. */
  readonly epsilon?: number;
}

export interface FeedForwardParameters {
  readonly expand: LinearParameters;
  readonly contract: LinearParameters;
}

export interface EncoderLayerParameters {
  readonly attention: AttentionParameters;
  readonly attentionNorm: NormParameters;
  readonly feedForward: FeedForwardParameters;
  readonly feedForwardNorm: NormParameters;
}

export interface DecoderLayerParameters extends EncoderLayerParameters {
  readonly cross: AttentionParameters;
  readonly crossNorm: NormParameters;
}

/** What a layer is told beside its input. */
export interface EncodeOptions extends AttentionMasks {
  readonly context?: Context;
  /** Earlier steps, for generation one by one. */
  readonly cache?: KeyValueCache & { readonly position: Tensor };
}

export interface DecodeOptions extends EncodeOptions {
  /** What the encoder says: (batch source width). */
  readonly memory: Tensor;
  /** (batch source): false where the source is only padded. */
  readonly memoryMask?: Tensor;
}

export interface Encoded {
  readonly output: Tensor;
  readonly cache: KeyValueCache;
}

/** `(batch length width) -> (batch length width)`; `encode` takes masks and a cache too. */
export interface EncoderLayer extends Layer<EncoderLayerParameters> {
  encode(parameters: EncoderLayerParameters, x: Tensor, options?: EncodeOptions): Encoded;
}

export interface DecoderLayer extends Layer<DecoderLayerParameters> {
  decode(parameters: DecoderLayerParameters, x: Tensor, options: DecodeOptions): Encoded;
}

/** Self-attention, then a linear layer, a function and a linear layer, each added to what it takes. Vaswani et al. 2017. */
export function transformerEncoderLayer(width: number, options: TransformerOptions): EncoderLayer {
  const parts = encoderParts(width, options);
  const { attention, attentionNorm, feedForward, feedForwardNorm, drop, title } = parts;
  const surround = surroundings(options);
  const encode: EncoderLayer["encode"] = (parameters, x, { context = makeContext(), cache, ...masks } = {}) => {
    let held: KeyValueCache | null = null;
    const attended = surround(x, inNorm(title, "attentionNorm", attentionNorm, parameters.attentionNorm, context), (input) => {
      const told = { ...masks, ...(cache && { cache }), context: context.within("attention") };
      const { output, cache: after } = attention.attend(parameters.attention, input, told);
      held = after;
      return drop.apply({}, told.context.probe("output", output), context);
    });
    const output = surround(
      attended,
      inNorm(title, "feedForwardNorm", feedForwardNorm, parameters.feedForwardNorm, context),
      (input) => drop.apply({}, applyPart(title, feedForward, "feedForward", parameters.feedForward, input, context), context),
    );
    return { output, cache: held ?? missingCache(title) };
  };
  const whole = layer<unknown>({
    name: "transformerEncoderLayer",
    role: options.norm === "post" ? "normedSum" : "sum",
    title,
    code: ["transformerEncoderLayer", width, options],
    parameters: { attention: attention.parameters, attentionNorm: attentionNorm.parameters, feedForward: feedForward.parameters, feedForwardNorm: feedForwardNorm.parameters }, // biome-ignore format: one line
    children: [["attention", attention], ["attentionNorm", attentionNorm], ["feedForward", feedForward], ["feedForwardNorm", feedForwardNorm]], // biome-ignore format: one line
    apply: (parameters, x, context) => encode(parameters as EncoderLayerParameters, x, { context }).output,
  });
  return { ...(whole as Layer<EncoderLayerParameters>), encode };
}

/** Causal self-attention, attention to what an encoder says, then the feed-forward part. Vaswani et al. 2017. */
export function transformerDecoderLayer(width: number, options: TransformerOptions): DecoderLayer {
  const { attention, attentionNorm, feedForward, feedForwardNorm, drop, title } = encoderParts(width, {
    causal: true,
    ...options,
  });
  const cross = multiHeadAttention(width, { ...options, causal: false, rotary: false });
  const crossNorm = layerNorm(width, { epsilon: options.epsilon ?? 1e-5 });
  const surround = surroundings(options);
  const decode: DecoderLayer["decode"] = (parameters, x, { context = makeContext(), cache, memory, memoryMask, ...masks }) => {
    let held: KeyValueCache | null = null;
    const attended = surround(x, inNorm(title, "attentionNorm", attentionNorm, parameters.attentionNorm, context), (input) => {
      const told = { ...masks, ...(cache && { cache }), context: context.within("attention") };
      const { output, cache: after } = attention.attend(parameters.attention, input, told);
      held = after;
      return drop.apply({}, told.context.probe("output", output), context);
    });
    const informed = surround(attended, inNorm(title, "crossNorm", crossNorm, parameters.crossNorm, context), (input) => {
      const told = { source: memory, ...(memoryMask && { keyMask: memoryMask }), context: context.within("cross") };
      return drop.apply({}, told.context.probe("output", cross.attend(parameters.cross, input, told).output), context);
    });
    const output = surround(
      informed,
      inNorm(title, "feedForwardNorm", feedForwardNorm, parameters.feedForwardNorm, context),
      (input) => drop.apply({}, applyPart(title, feedForward, "feedForward", parameters.feedForward, input, context), context),
    );
    return { output, cache: held ?? missingCache(title) };
  };
  const own = { attention, attentionNorm, cross, crossNorm, feedForward, feedForwardNorm };
  const whole = layer<unknown>({
    name: "transformerDecoderLayer",
    role: options.norm === "post" ? "normedSum" : "sum",
    title: title.replace("Encoder", "Decoder"),
    code: ["transformerDecoderLayer", width, options],
    parameters: Object.fromEntries(Object.entries(own).map(([name, part]) => [name, part.parameters])),
    children: Object.entries(own),
    apply: (_, x) => {
      throw fault("transformerDecoderLayer", "it needs what an encoder says beside its input", {
        got: `one tensor ${formatShape(x.shape)}`,
        fix: "decode(parameters, x, { memory })",
      });
    },
  });
  return { ...(whole as Layer<DecoderLayerParameters>), decode };
}

interface EncoderParts {
  readonly title: string;
  readonly attention: MultiHeadAttention;
  readonly attentionNorm: Layer<NormParameters>;
  readonly feedForward: Layer<FeedForwardParameters>;
  readonly feedForwardNorm: Layer<NormParameters>;
  readonly drop: Layer;
}

function encoderParts(width: number, options: TransformerOptions): EncoderParts {
  const { feedForward = 4 * width, activation = gelu, dropout = 0, epsilon = 1e-5, norm = "pre" } = options;
  return {
    title: `transformerEncoderLayer ${width}, ${options.heads} heads, norm ${norm === "pre" ? "before" : "after"}`,
    attention: multiHeadAttention(width, options),
    attentionNorm: layerNorm(width, { epsilon }),
    feedForward: feedForwardLayer(width, feedForward, activation, dropout),
    feedForwardNorm: layerNorm(width, { epsilon }),
    drop: dropoutLayer(dropout),
  };
}

function feedForwardLayer(
  width: number,
  inner: number,
  activation: (x: Tensor) => Tensor,
  rate: number,
): Layer<FeedForwardParameters> {
  const [expand, contract] = [linear(width, inner), linear(inner, width)];
  const between = asLayer(activation);
  const drop = dropoutLayer(rate);
  return layer({
    name: "feedForward",
    title: `feedForward ${width} → ${inner} → ${width}`,
    parameters: { expand: expand.parameters, contract: contract.parameters },
    children: [["expand", expand], ["activation", between], ["contract", contract]], // biome-ignore format: one line
    apply: (parameters, x, context) => {
      const own = parameters as unknown as FeedForwardParameters;
      const expanded = applyPart("feedForward", expand, "expand", own.expand, x, context);
      const hidden = applyPart("feedForward", between, "activation", {}, expanded, context);
      return applyPart("feedForward", contract, "contract", own.contract, drop.apply({}, hidden, context), context);
    },
  }) as unknown as Layer<FeedForwardParameters>;
}

/** x + F(norm x), or norm(x + F x). */
function surroundings({ norm = "pre" }: TransformerOptions) {
  if (norm !== "pre" && norm !== "post") {
    throw fault("transformer", "the norm stands nowhere", { expected: "pre or post", got: String(norm) });
  }
  return (x: Tensor, normed: (x: Tensor) => Tensor, part: (x: Tensor) => Tensor): Tensor =>
    norm === "pre" ? add(x, part(normed(x))) : normed(add(x, part(x)));
}

const inNorm =
  (title: string, name: string, norm: Layer<NormParameters>, parameters: NormParameters, context: Context) =>
  (x: Tensor): Tensor =>
    applyPart(title, norm, name, parameters, x, context);

function missingCache(title: string): never {
  throw fault(title, "its attention did not run");
}
