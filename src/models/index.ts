export { type CnnOptions, cnn, type ImageShape } from "./cnn.js";
export {
  type LanguageModel,
  type LanguageModelKind,
  type LanguageModelOptions,
  type LanguageModelParameters,
  type LanguageState,
  languageModel,
} from "./language-model.js";
export { type ResnetOptions, resnet } from "./resnet.js";
export { type TrainedLanguageModel, type TrainLanguageModelOptions, trainLanguageModel } from "./train-language-model.js";
export { characters, textWindows, type Vocabulary, vocabularyOf } from "./vocabulary.js";
export { type WriteOptions, writeSymbols } from "./write-text.js";
