export { type AnnealedOptions, annealed } from "./activation-annealed.js";
export { type LearnedActivation, type LearnedOptions, learned } from "./activation-learned.js";
export { type RandomRanges, randomised } from "./activation-random.js";
export { alphaDropout } from "./alpha-dropout.js";
export { type AttentionMasks, type AttentionOptions, attention, causalMask, lengthMask } from "./attention.js";
export { code } from "./code.js";
export { type Context, type ContextOptions, context, type Mode } from "./context.js";
export {
  type ConvLayerOptions,
  type ConvParameters,
  type ConvTransposeLayerOptions,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  type DepthwiseOptions,
  depthwiseConv2d,
} from "./convolution.js";
export { dropout } from "./dropout.js";
export { type EmbeddingOptions, embedding } from "./embedding.js";
export { flatten, unflatten } from "./flatten.js";
export { frozen } from "./frozen.js";
export { initialise } from "./initialise.js";
export { catalogue as initialiserCatalogue, findInitialiser } from "./initialisers/catalogue.js";
export * as initialisers from "./initialisers/index.js";
export type { Initialiser, Slot } from "./initialisers/initialiser.js";
export {
  type Layer,
  type LayerRecord,
  layer,
  mapParameters,
  type NamedParameter,
  type NoParameters,
  type ParameterSpec,
  parameterSpec,
  parametersOf,
} from "./layer.js";
export { type LinearOptions, type LinearParameters, linear } from "./linear.js";
export * from "./losses/index.js";
export { type MetaAconOptions, type MetaAconParameters, metaAcon } from "./meta-acon.js";
export {
  type AttendOptions,
  type AttentionParameters,
  type KeyValueCache,
  type MultiHeadAttention,
  type MultiHeadOptions,
  multiHeadAttention,
} from "./multi-head-attention.js";
export {
  type BatchNormOptions,
  type BatchNormParameters,
  batchNorm,
  groupNorm,
  instanceNorm,
  layerNorm,
  type NormOptions,
  type NormParameters,
  type RmsNormOptions,
  rmsNorm,
} from "./normalisation.js";
export {
  adaptiveAveragePool,
  adaptiveMaxPool,
  averagePool1d,
  averagePool2d,
  averagePool3d,
  globalAveragePool,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  upsample,
} from "./pooling.js";
export { learnedPositions, type RotaryOptions, rotary, sinusoidalPositions, sinusoids } from "./positions.js";
export {
  gru,
  type LstmOptions,
  lstm,
  type RecurrentLayer,
  type RecurrentOptions,
  type RecurrentParameters,
  type RecurrentState,
  type RnnOptions,
  type RunOptions,
  rnn,
} from "./recurrent.js";
export type { RecurrentActivation } from "./recurrent-cells.js";
export { residual } from "./residual.js";
export { sequential } from "./sequential.js";
export { spatialDropout } from "./spatial-dropout.js";
export { asLayer, type ParametersOf, type Stage } from "./stage.js";
export { stochasticDepth } from "./stochastic-depth.js";
export { type SummaryRow, summarize, summary } from "./summary.js";
export {
  type DecodeOptions,
  type DecoderLayer,
  type DecoderLayerParameters,
  type EncodeOptions,
  type EncoderLayer,
  type EncoderLayerParameters,
  type TransformerOptions,
  transformerDecoderLayer,
  transformerEncoderLayer,
} from "./transformer.js";
export {
  type StackCache,
  type StackOptions,
  type StackParameters,
  type TransformerDecoder,
  type TransformerEncoder,
  transformerDecoder,
  transformerEncoder,
} from "./transformer-stack.js";
