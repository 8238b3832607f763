import { gelu } from "../activations/index.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { mapTree } from "../ir/tree.js";
import {
  type Context,
  dropout,
  type EncoderLayerParameters,
  embedding,
  initialisers,
  type Layer,
  type LinearParameters,
  layer,
  layerNorm,
  linear,
  context as makeContext,
  type NormParameters,
  type ParameterSpec,
  type StackParameters,
  transformerEncoder,
} from "../nn/index.js";
import { isParameterSpec } from "../nn/layer.js";
import { add, iota, mul, notEqual, reshape, slice, take, tanh } from "../ops/index.js";

export interface BertOptions {
  /** How many word pieces there are. */
  readonly vocabulary: number;
  /** Default 768. */
  readonly width?: number;
  /** Default 12. */
  readonly layers?: number;
  /** Default width / 64, at least 1. */
  readonly heads?: number;
  /** Width between the two linear layers of each layer. Default four times the width. */
  readonly feedForward?: number;
  /** Longest sequence. Default 512. */
  readonly positions?: number;
  /** Kinds of segments. Default 2. */
  readonly segments?: number;
  /** Dropout in training. Default 0.1. */
  readonly dropout?: number;
  /** What is added to the variance in the norms. Default 1e-12. */
  readonly epsilon?: number;
  /** The piece that stands for nothing: what is read of it has no gradient. Default 0. */
  readonly padding?: number;
  /** Default gelu. */
  readonly activation?: (x: Tensor) => Tensor;
}

export interface BertParameters {
  readonly embeddings: {
    readonly words: { readonly weight: Tensor };
    readonly positions: { readonly weight: Tensor };
    readonly segments: { readonly weight: Tensor };
    readonly norm: NormParameters;
  };
  readonly encoder: StackParameters<EncoderLayerParameters>;
  readonly pooler: LinearParameters;
}

/** What BERT reads, int32 (batch length) each. */
export interface BertInputs {
  readonly tokens: Tensor;
  /** Which of two sentences a token is of: 0 or 1. */
  readonly segments: Tensor;
  /** 1 for a token, 0 for padding. */
  readonly mask: Tensor;
}

/** `(batch 3 length) int32 -> (batch length width)`, the three being tokens, segments and mask. */
export interface Bert extends Layer<BertParameters> {
  readonly options: Required<BertOptions>;
  /** What is known of every token, and of the whole: (batch length width) and (batch width). */
  read(parameters: BertParameters, inputs: BertInputs, context?: Context): { hidden: Tensor; pooled: Tensor };
}

/**
 * Bidirectional encoder representations from Transformers: vectors of word pieces, positions and segments, then an encoder with
 * norms behind its parts, in which every token sees every other. Devlin et al. 2018, arXiv:1810.04805.
 */
export function bert(given: BertOptions): Bert {
  const options = bertDefaults(given);
  const {
    vocabulary,
    width,
    layers,
    heads,
    feedForward,
    positions,
    segments,
    dropout: rate,
    epsilon,
    padding,
    activation,
  } = options;
  const init = startingLaw();
  const tables = { words: embedding(vocabulary, width, { padding, init }), positions: embedding(positions, width, { init }), segments: embedding(segments, width, { init }) }; // biome-ignore format: one line
  const norm = layerNorm(width, { epsilon });
  const encoder = transformerEncoder(width, { heads, layers, feedForward, norm: "post", epsilon, dropout: rate, activation });
  const pooler = linear(width, width);
  const drop = dropout(rate);
  const read: Bert["read"] = (parameters, inputs, context = makeContext()) => {
    const length = requireInputs(inputs, positions);
    const { embeddings } = parameters;
    const vectors = add(
      add(tables.words.apply(embeddings.words, inputs.tokens, context), tables.segments.apply(embeddings.segments, inputs.segments, context)), // biome-ignore format: one line
      slice(embeddings.positions.weight, [0, length]),
    );
    const x = drop.apply({}, norm.apply(embeddings.norm, vectors, context.within("embeddings.norm")), context);
    const keyMask = notEqual(inputs.mask, 0);
    const hidden = encoder.encode(parameters.encoder, x, { keyMask, context: context.within("encoder") }).output;
    return { hidden, pooled: tanh(pooler.apply(parameters.pooler, slice(hidden, null, 0), context.within("pooler"))) };
  };
  const whole = layer<unknown>({
    name: "bert",
    code: ["bert", given],
    title: `bert of ${layers} layers, width ${width}`,
    parameters: {
      embeddings: { words: tables.words.parameters, positions: tables.positions.parameters, segments: tables.segments.parameters, norm: norm.parameters },
      encoder: spread(encoder.parameters),
      pooler: spread(pooler.parameters),
    }, // biome-ignore format: as named
    children: [["embeddings.norm", norm], ["encoder", encoder as Layer], ["pooler", pooler]], // biome-ignore format: one line
    checkInputs: ({ data, shape }) => checkTokens(data, { options, length: shape[2], stride: 3 * shape[2] }),
    apply: (parameters, x, context) => read(parameters as BertParameters, unpackBert(x), context).hidden,
  });
  return { ...(whole as Layer<BertParameters>), options, read };
}

export function bertDefaults(given: BertOptions): Required<BertOptions> {
  const { width = 768 } = given;
  const heads = Math.max(1, Math.floor(width / 64));
  return { layers: 12, heads, feedForward: 4 * width, positions: 512, segments: 2, dropout: 0.1, epsilon: 1e-12, padding: 0, activation: gelu, ...given, width }; // biome-ignore format: one line
}

const startingLaw = () => initialisers.truncatedNormal({ std: 0.02 });

/** Every weight starts normal with standard deviation 0.02, cut at two of them, as the paper's do. */
export const spread = (table: unknown): unknown =>
  mapTree(
    table,
    isParameterSpec,
    (spec): ParameterSpec => (spec.shape.length < 2 ? spec : { ...spec, initialiser: startingLaw() }), // biome-ignore format: one line
    "bert",
  );

function requireInputs({ tokens, segments, mask }: BertInputs, positions: number): number {
  const [batch, length] = tokens.shape;
  for (const [name, x] of Object.entries({ tokens, segments, mask })) {
    if (x.dtype === "int32" && x.rank === 2 && x.shape[0] === batch && x.shape[1] === length) continue;
    throw fault("bert", `the ${name} do not fit`, {
      expected: "int32 (batch length), alike for tokens, segments and mask",
      got: `${x.dtype} ${formatShape(x.shape)}`,
    });
  }
  if (length <= positions) return length;
  throw fault("bert", "the sequences are longer than it has positions", {
    expected: `up to ${positions} tokens`,
    got: String(length),
    fix: "cut the text, or make the model with more positions",
  });
}

/** Of rows of tokens, segments, mask and, maybe, places: whatever is looked up must be there. */
export function checkTokens(
  data: ArrayLike<number>,
  { options, length, stride }: { options: Required<BertOptions>; length: number; stride: number },
): void {
  const parts = [["token", options.vocabulary], ["segment", options.segments], null, ["place", length]] as const;
  for (let i = 0; i < data.length; i++) {
    const part = parts[Math.floor((i % stride) / length)] ?? null;
    if (part === null || (data[i] >= 0 && data[i] < part[1])) continue;
    throw fault("bert", `the ${part[0]} ${data[i]} of example ${Math.floor(i / stride)} is not known`, {
      expected: `a whole number from 0 to ${part[1] - 1}`,
      got: String(data[i]),
      fix: "encode texts with the vocabulary that the model was made for",
    });
  }
}

/** Tokens, segments and mask from one tensor int32 (batch 3 length). */
export function unpackBert(x: Tensor): BertInputs {
  if (x.rank !== 3 || x.shape[1] !== 3 || x.dtype !== "int32") {
    throw fault("bert", "it takes tokens, segments and mask together", {
      expected: "int32 (batch 3 length)",
      got: `${x.dtype} ${formatShape(x.shape)}`,
    });
  }
  const [tokens, segments, mask] = [0, 1, 2].map((row) => slice(x, null, row));
  return { tokens, segments, mask };
}

/** Rows of each example by number: `(batch length width), (batch count) int32 -> (batch count width)`. */
export function rowsAt(x: Tensor, places: Tensor): Tensor {
  const [batch, length, width] = x.shape;
  const flat = add(places, mul(reshape(iota(batch), [batch, 1]), length));
  return reshape(take(reshape(x, [batch * length, width]), reshape(flat, [-1])), [batch, places.shape[1], width]);
}
