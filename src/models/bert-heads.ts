import { gelu } from "../activations/index.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { type Context, dropout, initialisers, type Layer, type LinearParameters, layer, layerNorm, linear, context as makeContext, type NormParameters, parameterSpec, softmaxCrossEntropy, tokenCrossEntropy } from "../nn/index.js"; // biome-ignore format: one list
import type { LayerCode } from "../nn/layer.js";
import { add, concat, matmul, mul, reshape, slice } from "../ops/index.js";
import { type BertInputs, type BertOptions, type BertParameters, bert, checkTokens, rowsAt, spread, unpackBert } from "./bert.js";

export interface BertPretrainingParameters {
  readonly bert: BertParameters;
  /** Scores of the hidden words, by the table of the words themselves. */
  readonly words: { readonly transform: LinearParameters; readonly norm: NormParameters; readonly bias: Tensor };
  readonly next: LinearParameters;
}

export interface BertScores {
  readonly hidden: Tensor;
  readonly pooled: Tensor;
  /** (batch places vocabulary). */
  readonly wordScores: Tensor;
  /** (batch 2): that the second sentence follows the first, and that it does not. */
  readonly nextScores: Tensor;
}

/**
 * BERT with what it is pretrained for: the words that were hidden, and whether the second sentence follows the first. As a layer it
 * takes int32 (batch 3·length + places), tokens, segments and mask one after the other and then the places of hidden words, and
 * gives (batch places·vocabulary + 2); `bertLoss` reads that.
 */
export interface BertForPretraining extends Layer<BertPretrainingParameters> {
  readonly bert: ReturnType<typeof bert>;
  /** Scores at the given places (batch count); at every token when there are none. */
  score(parameters: BertPretrainingParameters, inputs: BertInputs & { places?: Tensor }, context?: Context): BertScores;
}

/** BERT with the scores it is pretrained by, for sequences of `length` tokens. */
export function bertForPretraining(given: BertOptions & { readonly length: number }): BertForPretraining {
  const { length, ...rest } = given;
  const body = bert(rest);
  const { width, vocabulary, epsilon } = body.options;
  const transform = linear(width, width);
  const norm = layerNorm(width, { epsilon });
  const next = linear(width, 2);
  const score: BertForPretraining["score"] = (parameters, { places, ...inputs }, context = makeContext()) => {
    const { hidden, pooled } = body.read(parameters.bert, inputs, context.within("bert"));
    const chosen = places === undefined ? hidden : rowsAt(hidden, places);
    const { words } = parameters;
    const features = norm.apply(words.norm, gelu(transform.apply(words.transform, chosen, context)), context);
    const product = matmul(reshape(features, [-1, width]), parameters.bert.embeddings.words.weight, { transposeB: true });
    const wordScores = reshape(add(product, words.bias), [...chosen.shape.slice(0, 2), vocabulary]);
    return { hidden, pooled, wordScores, nextScores: next.apply(parameters.next, pooled, context) };
  };
  const bias = parameterSpec({ shape: [vocabulary], axes: "(vocabulary)", initialiser: initialisers.zeros(), decays: false });
  const whole = layer<unknown>({
    name: "bertForPretraining",
    code: ["bertForPretraining", given],
    title: `bertForPretraining of ${body.options.layers} layers, width ${width}`,
    parameters: {
      bert: body.parameters,
      words: spread({ transform: transform.parameters, norm: norm.parameters, bias }),
      next: spread(next.parameters),
    },
    children: [["bert", body as Layer], ["words.transform", transform], ["words.norm", norm], ["next", next]], // biome-ignore format: one line
    checkInputs: ({ data, shape }) => checkTokens(data, { options: body.options, length, stride: shape[1] }),
    apply: (parameters, x, context) => {
      const { wordScores, nextScores } = score(parameters as BertPretrainingParameters, unpackPretraining(x, length), context);
      return concat([reshape(wordScores, [x.shape[0], -1]), nextScores], 1);
    },
  });
  return { ...(whole as Layer<BertPretrainingParameters>), bert: body, score };
}

function unpackPretraining(x: Tensor, length: number): BertInputs & { places: Tensor } {
  if (x.rank !== 2 || x.shape[1] <= 3 * length || x.dtype !== "int32") {
    throw fault("bertForPretraining", "it takes tokens, segments, mask and places in one row", {
      expected: `int32 (batch ${3 * length} + places)`,
      got: `${x.dtype} ${formatShape(x.shape)}`,
    });
  }
  const [tokens, segments, mask] = [0, 1, 2].map((part) => slice(x, null, [part * length, (part + 1) * length]));
  return { tokens, segments, mask, places: slice(x, null, [3 * length, x.shape[1]]) };
}

/**
 * The loss of pretraining: cross-entropy of the hidden words plus that of the next sentence. Targets are int32 (batch places + 1):
 * the word at each place, −100 where a place is not used, and 0 when the second sentence follows, 1 when not.
 */
export const bertLoss =
  (vocabulary: number) =>
  (predictions: Tensor, targets: Tensor): Tensor => {
    const places = targets.shape[1] - 1;
    const words = reshape(slice(predictions, null, [0, places * vocabulary]), [predictions.shape[0], places, vocabulary]);
    const next = slice(predictions, null, [places * vocabulary, places * vocabulary + 2]);
    const hidden = tokenCrossEntropy(words, slice(targets, null, [0, places]));
    return add(hidden, softmaxCrossEntropy(next, slice(targets, null, places)));
  };

/** A body and one linear layer on it. */
export interface BertHeadParameters {
  readonly bert: BertParameters;
  readonly head: LinearParameters;
}

/** What a head reads: what is known of the whole, or of every token. */
function headed(code: LayerCode, options: BertOptions, outputs: number, reads: "hidden" | "pooled"): Layer<BertHeadParameters> {
  const [name] = code;
  const body = bert(options);
  const head = linear(body.options.width, outputs);
  const drop = dropout(body.options.dropout);
  const whole = layer<unknown>({
    name,
    title: `${name}, ${outputs} outputs`,
    code,
    parameters: { bert: body.parameters, head: spread(head.parameters) },
    children: [["bert", body as Layer], ["head", head]], // biome-ignore format: one line
    ...(body.checkInputs && { checkInputs: body.checkInputs }),
    apply: (values, x, context) => {
      const parameters = values as BertHeadParameters;
      const known = body.read(parameters.bert, unpackBert(x), context.within("bert"))[reads];
      return head.apply(parameters.head, drop.apply({}, known, context), context.within("head"));
    },
  });
  return whole as Layer<BertHeadParameters>;
}

/** One class for a sequence or a pair of them: `(batch 3 length) -> (batch classes)`. For fine-tuning. */
export const bertClassifier = (options: BertOptions, classes: number): Layer<BertHeadParameters> =>
  headed(["bertClassifier", options, classes], options, classes, "pooled");

/** A tag for every token: `(batch 3 length) -> (batch length tags)`. Train it with `tokenCrossEntropy`. */
export const bertTagger = (options: BertOptions, tags: number): Layer<BertHeadParameters> =>
  headed(["bertTagger", options, tags], options, tags, "hidden");

/** Where an answer starts and ends: `(batch 3 length) -> (batch length 2)`. Train it with `spanLoss`. */
export const bertSpans = (options: BertOptions): Layer<BertHeadParameters> =>
  headed(["bertSpans", options], options, 2, "hidden");

/** Mean of the cross-entropies of start and end, over places: scores (batch length 2), targets int32 (batch 2). */
export function spanLoss(scores: Tensor, targets: Tensor): Tensor {
  const [start, end] = [0, 1].map((i) => softmaxCrossEntropy(slice(scores, null, null, i), slice(targets, null, i)));
  return mul(add(start, end), 0.5);
}
