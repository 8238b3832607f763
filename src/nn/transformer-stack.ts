import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { context as makeContext } from "./context.js";
import { type Layer, type LayerCode, layer } from "./layer.js";
import { requireWidth } from "./linear.js";
import type { KeyValueCache } from "./multi-head-attention.js";
import { layerNorm, type NormParameters } from "./normalisation.js";
import { applyPart } from "./stage.js";
import {
  type DecodeOptions,
  type DecoderLayerParameters,
  type Encoded,
  type EncodeOptions,
  type EncoderLayerParameters,
  type TransformerOptions,
  transformerDecoderLayer,
  transformerEncoderLayer,
} from "./transformer.js";

export interface StackOptions extends TransformerOptions {
  /** How many layers stand on each other. */
  readonly layers: number;
}

/** Layers in order, and with norms before their parts one norm behind the last. */
export interface StackParameters<P> {
  readonly layers: readonly P[];
  readonly norm?: NormParameters;
}

/** What generation keeps of the steps so far: a cache per layer. */
export interface StackCache {
  readonly layers: readonly KeyValueCache[];
  /** How many steps there are: int32 scalar. */
  readonly position: Tensor;
}

type Told<O> = Omit<O, "cache"> & { readonly cache?: StackCache };
interface Stacked {
  readonly output: Tensor;
  readonly caches: readonly KeyValueCache[];
}

export interface TransformerEncoder extends Layer<StackParameters<EncoderLayerParameters>> {
  encode(parameters: StackParameters<EncoderLayerParameters>, x: Tensor, options?: Told<EncodeOptions>): Stacked;
}

export interface TransformerDecoder extends Layer<StackParameters<DecoderLayerParameters>> {
  decode(parameters: StackParameters<DecoderLayerParameters>, x: Tensor, options: Told<DecodeOptions>): Stacked;
}

/** Encoder layers on top of each other: `(batch length width) -> (batch length width)`. With `causal` a decoder-only language model. */
export function transformerEncoder(width: number, options: StackOptions): TransformerEncoder {
  requireWidth("transformerEncoder", "layers", options.layers);
  const layers = Array.from({ length: options.layers }, () => transformerEncoderLayer(width, options));
  const last = lastNorm(width, options);
  const encode: TransformerEncoder["encode"] = (parameters, x, { cache, context = makeContext(), ...told } = {}) =>
    runStack(parameters, last, x, { cache, context }, (i, own, input, given) =>
      layers[i].encode(own, input, { ...told, ...given }),
    );
  return Object.assign(
    stackLayer<StackParameters<EncoderLayerParameters>>(["transformerEncoder", width, options], layers, last, (parameters, x, context) => encode(parameters, x, { context }).output),
    { encode },
  ); // biome-ignore format: one line
}

/** Decoder layers on top of each other: causal, and attending to what an encoder says. */
export function transformerDecoder(width: number, options: StackOptions): TransformerDecoder {
  requireWidth("transformerDecoder", "layers", options.layers);
  const layers = Array.from({ length: options.layers }, () => transformerDecoderLayer(width, options));
  const last = lastNorm(width, options);
  const decode: TransformerDecoder["decode"] = (parameters, x, { cache, context = makeContext(), ...told }) =>
    runStack(parameters, last, x, { cache, context }, (i, own, input, given) =>
      layers[i].decode(own, input, { ...told, ...given }),
    );
  const alone = (_: unknown, x: Tensor): never => {
    throw fault("transformerDecoder", "it needs what an encoder says beside its input", {
      got: `one tensor ${formatShape(x.shape)}`,
      fix: "decode(parameters, x, { memory })",
    });
  };
  return Object.assign(
    stackLayer<StackParameters<DecoderLayerParameters>>(["transformerDecoder", width, options], layers, last, alone),
    {
      decode,
    },
  );
}

const lastNorm = (width: number, { norm = "pre", epsilon = 1e-5 }: StackOptions): Layer<NormParameters> | null =>
  norm === "pre" ? layerNorm(width, { epsilon }) : null;

function stackLayer<P>(
  code: LayerCode,
  layers: readonly Layer[],
  last: Layer | null,
  apply: (parameters: P, x: Tensor, context: ReturnType<typeof makeContext>) => Tensor,
): Layer<P> {
  const whole = layer<unknown>({
    name: code[0],
    title: `${code[0]} of ${layers.length} layers`,
    code,
    parameters: { layers: layers.map(({ parameters }) => parameters), ...(last && { norm: last.parameters }) },
    children: [...layers.map((part, i) => [`layers.${i}`, part] as const), ...(last ? [["norm", last] as const] : [])],
    apply: (parameters, x, context) => apply(parameters as P, x, context),
  });
  return whole as Layer<P>;
}

function runStack<P>(
  { layers, norm }: StackParameters<P>,
  last: Layer<NormParameters> | null,
  x: Tensor,
  { cache, context }: { cache: StackCache | undefined; context: ReturnType<typeof makeContext> },
  run: (index: number, own: P, x: Tensor, given: Pick<EncodeOptions, "context" | "cache">) => Encoded,
): Stacked {
  const caches: KeyValueCache[] = [];
  const output = layers.reduce<Tensor>((value, own, i) => {
    const inside = context.within(`layers.${i}`);
    const held = cache === undefined ? {} : { cache: { ...cache.layers[i], position: cache.position } };
    const result = run(i, own, value, { ...held, context: inside });
    caches.push(result.cache);
    return inside.probe("output", result.output);
  }, x);
  return {
    output: last === null || norm === undefined ? output : applyPart("transformer", last, "norm", norm, output, context),
    caches,
  };
}
