import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { type Context, dropout, embedding, initialisers, type KeyValueCache, type Layer, type LinearParameters, layer, linear, context as makeContext, type StackCache, sinusoids, type TransformerDecoder, type TransformerEncoder, transformerDecoder, transformerEncoder } from "../nn/index.js"; // biome-ignore format: one list
import { add, iota, mul, notEqual, slice, take } from "../ops/index.js";

/** The numbers of the symbols that have a meaning of their own; those of a text come behind them. */
export const SEQUENCE_SYMBOLS = { padding: 0, start: 1, end: 2 } as const;

export interface SequenceToSequenceOptions {
  /** How many symbols there are on either side, the three special ones included. */
  readonly symbols: number;
  /** Places in a source. */
  readonly sourceLength: number;
  /** Places in a target, its end included. */
  readonly targetLength: number;
  /** Default 64. */
  readonly width?: number;
  /** Layers of the encoder, and of the decoder. Default 2. */
  readonly layers?: number;
  /** Default width / 16, at least 1. */
  readonly heads?: number;
  /** Dropout in training. Default 0. */
  readonly dropout?: number;
}

export interface SequenceToSequenceParameters {
  readonly source: { readonly weight: Tensor };
  readonly target: { readonly weight: Tensor };
  readonly encoder: Parameters<TransformerEncoder["encode"]>[0];
  readonly decoder: Parameters<TransformerDecoder["decode"]>[0];
  readonly scores: LinearParameters;
}

/** What an encoder says about sources. */
export interface Memory {
  /** (batch source width). */
  readonly memory: Tensor;
  /** bool (batch source): false where the source is only padded. */
  readonly memoryMask: Tensor;
}

/**
 * A Transformer that reads one sequence and writes another. As a layer it takes int32 (batch source + target): the source, padded
 * with 0, then the target from its start symbol on; it gives the scores of every next symbol, (batch target symbols).
 */
export interface SequenceToSequence extends Layer<SequenceToSequenceParameters> {
  readonly options: Required<SequenceToSequenceOptions>;
  encode(parameters: SequenceToSequenceParameters, source: Tensor, context?: Context): Memory;
  /** Scores behind the symbols (batch count) that follow those in the cache. */
  decode(
    parameters: SequenceToSequenceParameters,
    target: Tensor,
    memory: Memory,
    options?: { cache?: StackCache; context?: Context },
  ): { logits: Tensor; caches: readonly KeyValueCache[] };
}

/** Encoder and decoder with sinusoidal positions and norms before their parts. Vaswani et al. 2017, arXiv:1706.03762. */
export function sequenceToSequence(given: SequenceToSequenceOptions): SequenceToSequence {
  const { width = 64 } = given;
  const options = { layers: 2, heads: Math.max(1, Math.floor(width / 16)), dropout: 0, ...given, width };
  const { symbols, sourceLength, targetLength, layers, heads, dropout: rate } = options;
  const init = initialisers.normal({ std: 1 / Math.sqrt(width) });
  const tables = { source: embedding(symbols, width, { init, padding: SEQUENCE_SYMBOLS.padding }), target: embedding(symbols, width, { init }) }; // biome-ignore format: one line
  const encoder = transformerEncoder(width, { heads, layers, dropout: rate });
  const decoder = transformerDecoder(width, { heads, layers, dropout: rate });
  const scores = linear(width, symbols);
  const drop = dropout(rate);
  const title = `sequenceToSequence, ${symbols} symbols, width ${width}`;
  // Vectors of symbols grow to the size of the positions, as in the paper.
  const placed = (vectors: Tensor, positions: Tensor, context: Context): Tensor =>
    drop.apply({}, add(mul(vectors, Math.sqrt(width)), positions), context);

  const encode: SequenceToSequence["encode"] = (parameters, source, context = makeContext()) => {
    const memoryMask = notEqual(source, SEQUENCE_SYMBOLS.padding);
    const x = placed(tables.source.apply(parameters.source, source, context), sinusoids(source.shape[1], width), context);
    const { output } = encoder.encode(parameters.encoder, x, { keyMask: memoryMask, context: context.within("encoder") });
    return { memory: output, memoryMask };
  };
  const decode: SequenceToSequence["decode"] = (parameters, target, memory, { cache, context = makeContext() } = {}) => {
    const count = target.shape[1];
    const table = sinusoids(targetLength, width);
    const positions = cache === undefined ? slice(table, [0, count]) : take(table, add(iota(count), cache.position));
    const x = placed(tables.target.apply(parameters.target, target, context), positions, context);
    const told = { ...memory, ...(cache && { cache }), context: context.within("decoder") };
    const { output, caches } = decoder.decode(parameters.decoder, x, told);
    return { logits: scores.apply(parameters.scores, output, context.within("scores")), caches };
  };
  const whole = layer<unknown>({
    name: "sequenceToSequence",
    title,
    code: ["sequenceToSequence", given],
    parameters: { source: tables.source.parameters, target: tables.target.parameters, encoder: encoder.parameters, decoder: decoder.parameters, scores: scores.parameters }, // biome-ignore format: one line
    children: [["source", tables.source], ["target", tables.target], ["encoder", encoder as Layer], ["decoder", decoder as Layer], ["scores", scores]], // biome-ignore format: one line
    ...(tables.source.checkInputs && { checkInputs: tables.source.checkInputs }),
    apply: (values, x, context) => {
      const parameters = values as SequenceToSequenceParameters;
      if (x.dtype !== "int32" || x.rank !== 2 || x.shape[1] !== sourceLength + targetLength) {
        throw fault(title, "it takes source and target in one row", {
          expected: `int32 (batch ${sourceLength + targetLength}), ${sourceLength} of the source and ${targetLength} of the target`,
          got: `${x.dtype} ${formatShape(x.shape)}`,
        });
      }
      const memory = encode(parameters, slice(x, null, [0, sourceLength]), context);
      return decode(parameters, slice(x, null, [sourceLength, sourceLength + targetLength]), memory, { context }).logits;
    },
  });
  return { ...(whole as Layer<SequenceToSequenceParameters>), options, encode, decode };
}
