export { type Bert, type BertInputs, type BertOptions, type BertParameters, bert, unpackBert } from "./bert.js";
export {
  type BertForPretraining,
  type BertHeadParameters,
  type BertPretrainingParameters,
  type BertScores,
  bertClassifier,
  bertForPretraining,
  bertLoss,
  bertSpans,
  bertTagger,
  spanLoss,
} from "./bert-heads.js";
export { frameSentence, joinSentences, type Masked, type MaskingOptions, maskWords } from "./bert-masking.js";
export { bertOptionsFrom, huggingFaceName, type LoadBertOptions, loadBert, saveBert } from "./bert-weights.js";
export { bigramBits } from "./bigram.js";
export { type CnnOptions, cnn, type ImageShape } from "./cnn.js";
export {
  type LanguageModel,
  type LanguageModelKind,
  type LanguageModelOptions,
  type LanguageModelParameters,
  type LanguageState,
  languageModel,
} from "./language-model.js";
export { loadParameters, parameterValues, saveParameters } from "./parameter-file.js";
export { type Documents, type PretrainBertOptions, type PretrainedBert, pretrainBert, sentencePairs } from "./pretrain-bert.js";
export { type ResnetOptions, resnet } from "./resnet.js";
export {
  type Memory,
  SEQUENCE_SYMBOLS,
  type SequenceToSequence,
  type SequenceToSequenceOptions,
  type SequenceToSequenceParameters,
  sequenceToSequence,
} from "./sequence-to-sequence.js";
export {
  type LabelledText,
  type TrainedTextClassifier,
  type TrainTextClassifierOptions,
  textRows,
  trainTextClassifier,
} from "./text-classifier.js";
export { type TrainedLanguageModel, type TrainLanguageModelOptions, trainLanguageModel } from "./train-language-model.js";
export {
  sequencePairs,
  sequenceVocabulary,
  type TextPair,
  type TrainedSequenceToSequence,
  type TrainSequenceToSequenceOptions,
  trainSequenceToSequence,
} from "./train-sequence-to-sequence.js";
export { type TranslateOptions, translate, type Written } from "./translate.js";
export { type VisionTransformerOptions, visionTransformer } from "./vision-transformer.js";
export { characters, textWindows, type Vocabulary, vocabularyOf } from "./vocabulary.js";
export type { Watching } from "./watching.js";
export { frequentPieces, type WordPieceOptions, type WordPieces, wordPieces } from "./word-pieces.js";
export { readWordVectors, type WordVectors, wordVectors, writeWordVectors } from "./word-vectors.js";
export { type SkipGramParameters, skipGram, skipGramLoss, type Word2vecOptions, word2vec } from "./word2vec.js";
export { type WriteOptions, writeSymbols } from "./write-text.js";
