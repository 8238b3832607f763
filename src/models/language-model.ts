import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import type { Context, Layer, RecurrentLayer, RecurrentState, StackCache, TransformerEncoder } from "../nn/index.js";
import { context, dropout, embedding, gru, initialisers, layer, linear, lstm, rnn, transformerEncoder } from "../nn/index.js";
import { applyPart } from "../nn/stage.js";
import { add, matmul, reshape, tensor, zeros } from "../ops/index.js";

/** What carries a language model from one symbol to the next. */
export type LanguageModelKind = "rnn" | "lstm" | "gru" | "transformer";

export interface LanguageModelOptions {
  readonly kind: LanguageModelKind;
  /** How many symbols there are. */
  readonly symbols: number;
  /** Width of the vector of a symbol and of what is carried. Default 128. */
  readonly width?: number;
  /** Default 1 for recurrent kinds, 2 for transformers. */
  readonly layers?: number;
  /** Heads of a transformer. Default width / 32, at least 1. */
  readonly heads?: number;
  /** Symbols that a transformer looks back at when it writes. Default 256. */
  readonly memory?: number;
  /** Dropout in training. Default 0. */
  readonly dropout?: number;
  /** Whether the scores come from the same table as the vectors of the symbols. Default false. */
  readonly tied?: boolean;
}

/** What is known of the symbols so far, as a tree of tensors. */
export type LanguageState = { readonly recurrent: RecurrentState } | { readonly transformer: StackCache };

export interface LanguageModelParameters {
  readonly embedding: { readonly weight: Tensor };
  readonly body: unknown;
  readonly scores: { readonly weight?: Tensor; readonly bias?: Tensor };
}

/** Scores of the next symbol after every symbol: `(batch length) int32 -> (batch length symbols)`. */
export interface LanguageModel extends Layer<LanguageModelParameters> {
  readonly options: Required<LanguageModelOptions>;
  /** What is known before the first symbol. */
  start(batch: number): LanguageState;
  /** The scores after symbols (batch count) that follow what is known, and what is known then. */
  advance(parameters: LanguageModelParameters, symbols: Tensor, state: LanguageState): { logits: Tensor; state: LanguageState };
}

/** A body: sequences of vectors in and out, with and without a state. */
interface Body {
  readonly layer: Layer;
  start(batch: number): LanguageState;
  advance(parameters: unknown, x: Tensor, state: LanguageState): { outputs: Tensor; state: LanguageState };
}

const recurrences = { rnn, lstm, gru } as const;

/** A language model: vectors of symbols, a recurrent network or a causal Transformer with rotary positions, and scores. */
export function languageModel(given: LanguageModelOptions): LanguageModel {
  const options = withDefaults(given);
  const { symbols, width, tied, dropout: rate, kind } = options;
  const table = embedding(symbols, width, { init: initialisers.normal({ std: tied ? 0.02 : 1 }) });
  const body = kind === "transformer" ? transformerBody(options) : recurrentBody(kind, options);
  const scores = linear(width, symbols);
  const drop = dropout(rate);
  const score = (parameters: LanguageModelParameters, x: Tensor, inside: Context): Tensor => {
    const { weight, bias } = parameters.scores;
    if (weight !== undefined) return applyPart("languageModel", scores, "scores", { weight, ...(bias && { bias }) }, x, inside);
    const product = matmul(reshape(x, [-1, width]), parameters.embedding.weight, { transposeB: true });
    const shaped = reshape(product, [...x.shape.slice(0, -1), symbols]);
    return bias === undefined ? shaped : add(shaped, bias);
  };
  const { weight, ...rest } = scores.parameters;
  const whole = layer<unknown>({
    name: "languageModel",
    title: `languageModel ${kind}, ${symbols} symbols, width ${width}`,
    code: ["languageModel", given],
    parameters: { embedding: table.parameters, body: body.layer.parameters, scores: tied ? rest : { weight, ...rest } },
    children: [["embedding", table], ["body", body.layer], ...(tied ? [] : [["scores", scores] as const])], // biome-ignore format: one line
    ...(table.checkInputs && { checkInputs: table.checkInputs }),
    apply: (values, x, inside) => {
      const parameters = values as LanguageModelParameters;
      requireSymbols(x);
      const vectors = drop.apply({}, applyPart("languageModel", table, "embedding", parameters.embedding, x, inside), inside);
      const out = inside.within("body");
      return score(
        parameters,
        drop.apply({}, out.probe("output", body.layer.apply(parameters.body, vectors, out)), inside),
        inside,
      );
    },
  });
  return {
    ...(whole as Layer<LanguageModelParameters>),
    options,
    start: body.start,
    advance: (parameters, x, state) => {
      requireSymbols(x);
      const vectors = table.apply(parameters.embedding, x, context());
      const { outputs, state: after } = body.advance(parameters.body, vectors, state);
      return { logits: score(parameters, outputs, context()), state: after };
    },
  };
}

function withDefaults(given: LanguageModelOptions): Required<LanguageModelOptions> {
  const { width = 128, kind } = given;
  if (kind !== "transformer" && !(kind in recurrences)) {
    throw fault("languageModel", "no such kind", { expected: "rnn, lstm, gru or transformer", got: String(kind) });
  }
  const layers = kind === "transformer" ? 2 : 1;
  const heads = Math.max(1, Math.floor(width / 32));
  return { layers, heads, memory: 256, dropout: 0, tied: false, ...given, width };
}

function requireSymbols(x: Tensor): void {
  if (x.rank === 2 && x.dtype === "int32") return;
  throw fault("languageModel", "it takes numbers of symbols", {
    expected: "int32 (batch length)",
    got: `${x.dtype} ${formatShape(x.shape)}`,
    fix: "encode text with a vocabulary",
  });
}

function recurrentBody(kind: keyof typeof recurrences, { width, layers, dropout: rate }: Required<LanguageModelOptions>): Body {
  const inner: RecurrentLayer = recurrences[kind](width, width, { layers, dropout: rate });
  const names = kind === "lstm" ? ["h", "c"] : ["h"];
  return {
    layer: inner,
    start: (batch) => ({ recurrent: Object.fromEntries(names.map((name) => [name, zeros([layers, batch, width])])) }),
    advance: (parameters, x, state) => {
      const known = "recurrent" in state ? state.recurrent : {};
      const { outputs, state: after } = inner.run(parameters as never, x, { state: known });
      return { outputs, state: { recurrent: after } };
    },
  };
}

function transformerBody({ width, layers, heads, memory, dropout: rate }: Required<LanguageModelOptions>): Body {
  const inner: TransformerEncoder = transformerEncoder(width, { heads, layers, causal: true, rotary: true, dropout: rate });
  const empty = (batch: number): Tensor => zeros([batch, heads, memory, width / heads]);
  return {
    layer: inner as Layer,
    start: (batch) => ({
      transformer: {
        layers: Array.from({ length: layers }, () => ({ keys: empty(batch), values: empty(batch) })),
        position: tensor(Int32Array.of(0), { shape: [] }),
      },
    }),
    advance: (parameters, x, state) => {
      if (!("transformer" in state)) throw fault("languageModel", "the state is that of another kind of model");
      const cache = state.transformer;
      const { output, caches } = inner.encode(parameters as never, x, { cache });
      return { outputs: output, state: { transformer: { layers: caches, position: add(cache.position, x.shape[1]) } } };
    },
  };
}
