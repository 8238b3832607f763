import { gelu, geluTanh, relu, silu } from "../activations/index.js";
import { readSafetensors, type StoredTensor, writeSafetensors } from "../interop/index.js";
import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { type Layer, mapParameters, parametersOf } from "../nn/index.js";
import { tensor } from "../ops/index.js";
import { key } from "../random/index.js";
import type { BertOptions } from "./bert.js";

/** Our names as Hugging Face's, piece by piece. `{i}` is the number of a layer. */
const pieces: readonly (readonly [RegExp, string])[] = [
  [/^bert\.embeddings\.words\./, "bert.embeddings.word_embeddings."],
  [/^bert\.embeddings\.positions\./, "bert.embeddings.position_embeddings."],
  [/^bert\.embeddings\.segments\./, "bert.embeddings.token_type_embeddings."],
  [/^bert\.embeddings\.norm\./, "bert.embeddings.LayerNorm."],
  [/^bert\.encoder\.layers\.(\d+)\.attention\.(query|key|value)\./, "bert.encoder.layer.$1.attention.self.$2."],
  [/^bert\.encoder\.layers\.(\d+)\.attention\.output\./, "bert.encoder.layer.$1.attention.output.dense."],
  [/^bert\.encoder\.layers\.(\d+)\.attentionNorm\./, "bert.encoder.layer.$1.attention.output.LayerNorm."],
  [/^bert\.encoder\.layers\.(\d+)\.feedForward\.expand\./, "bert.encoder.layer.$1.intermediate.dense."],
  [/^bert\.encoder\.layers\.(\d+)\.feedForward\.contract\./, "bert.encoder.layer.$1.output.dense."],
  [/^bert\.encoder\.layers\.(\d+)\.feedForwardNorm\./, "bert.encoder.layer.$1.output.LayerNorm."],
  [/^bert\.pooler\./, "bert.pooler.dense."],
  [/^words\.transform\./, "cls.predictions.transform.dense."],
  [/^words\.norm\./, "cls.predictions.transform.LayerNorm."],
  [/^words\.bias$/, "cls.predictions.bias"],
  [/^next\./, "cls.seq_relationship."],
  [/^head\./, "classifier."],
];

/** The name of a parameter in a checkpoint of Hugging Face's transformers. */
export function huggingFaceName(path: string): string {
  const found = pieces.find(([ours]) => ours.test(path));
  return found === undefined ? path : path.replace(...found);
}

/** Old checkpoints call the parameters of norms gamma and beta. */
const modern = (name: string): string =>
  name.replace(/LayerNorm\.gamma$/, "LayerNorm.weight").replace(/LayerNorm\.beta$/, "LayerNorm.bias");

/** What checkpoints hold besides parameters: places counted up, and the table of the words a second time. */
const repeats = /^(bert\.)?embeddings\.position_ids$|^cls\.predictions\.decoder\.(weight|bias)$/;

/** Linear weights are (out in) there and (in out) here; tables are alike. */
const isTurned = (path: string, rank: number): boolean => rank === 2 && !path.includes("embeddings.");

export interface LoadBertOptions {
  /** Parts of the model that a checkpoint need not have, by the start of their names: "head" for a fine-tuned one. Default none. */
  readonly fresh?: readonly string[];
  /** From which these are drawn. Default 0. */
  readonly seed?: number;
  /** Tensors that the model has no place for are left out. Default false, which refuses them. */
  readonly ignoreExtra?: boolean;
}

/**
 * The parameters of a BERT model from a safetensors file as Hugging Face's transformers writes it. Everything must be there, in its
 * shape; what is missing or left over is listed.
 */
export function loadBert<P>(
  model: Layer<P>,
  bytes: Uint8Array,
  { fresh = [], seed = 0, ignoreExtra = false }: LoadBertOptions = {},
): P {
  const { tensors } = readSafetensors(bytes, "checkpoint");
  const stored = new Map(Object.entries(tensors).map(([name, value]) => [modern(name), value]));
  const isBody = model.name === "bert";
  const prefixed = [...stored.keys()].some((name) => name.startsWith("bert."));
  const nameOf = (path: string): string => {
    const full = huggingFaceName(isBody ? `bert.${path}` : path);
    return prefixed ? full : full.replace(/^bert\./, "");
  };
  const isFresh = (path: string): boolean => fresh.some((start) => path.startsWith(start));
  const table = parametersOf(model as Layer).filter(({ path }) => !isFresh(path));
  checkNames(model.title, table.map(({ path }) => nameOf(path)), [...stored.keys()], ignoreExtra); // biome-ignore format: one line
  const given = new Map(drawn(model as Layer, seed));
  return mapParameters(model, ({ path, shape }) => {
    if (isFresh(path)) return given.get(path) ?? missing(model.title, path);
    const value = stored.get(nameOf(path));
    return value === undefined ? missing(model.title, path) : readParameter(`${model.title}: ${nameOf(path)}`, value, shape, isTurned(path, shape.length)); // biome-ignore format: one line
  }) as P;
}

/** Every parameter as its initialiser draws it: graphs, of which only those that are used are ever computed. */
function drawn(model: Layer, seed: number): [string, Tensor][] {
  const tree = model.initialise(key(seed));
  const at = (value: unknown, [name, ...rest]: readonly string[]): unknown =>
    name === undefined ? value : at((value as Readonly<Record<string, unknown>>)[name], rest);
  return parametersOf(model).map(({ path }) => [path, at(tree, path.split(".")) as Tensor]);
}

function missing(title: string, path: string): never {
  throw fault(title, `the checkpoint has nothing for ${path}`);
}

function checkNames(title: string, wanted: readonly string[], found: readonly string[], ignoreExtra: boolean): void {
  const absent = wanted.filter((name) => !found.includes(name));
  const extra = ignoreExtra ? [] : found.filter((name) => !wanted.includes(name) && !repeats.test(name));
  if (absent.length === 0 && extra.length === 0) return;
  const some = (names: readonly string[]): string => `${names.slice(0, 5).join(", ")}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`; // biome-ignore format: one line
  throw fault(title, "the checkpoint is that of another model", {
    expected: absent.length === 0 ? "no tensors besides the model's" : some(absent),
    got: extra.length === 0 ? "a checkpoint without them" : `besides, ${some(extra)}`,
    fix: "make the model with the checkpoint's sizes; { fresh: […] } for a new head, { ignoreExtra: true } for parts that are not needed",
  });
}

function readParameter(where: string, { dtype, shape, data }: StoredTensor, wanted: readonly number[], turned: boolean) {
  const expected = turned ? [...wanted].reverse() : wanted;
  if (dtype !== "F32" || shape.join() !== expected.join()) {
    throw fault(where, "the tensor does not fit", {
      expected: `F32 ${formatShape(expected)}`,
      got: `${dtype} ${formatShape(shape)}`,
    });
  }
  return tensor(turned ? transposed(data, shape[0], shape[1]) : data, { shape: wanted });
}

function transposed(data: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j];
  return result;
}

/** The model as a safetensors file that Hugging Face's transformers reads. `values` are those of the parameters, by our names. */
export function saveBert(model: Layer, values: ReadonlyMap<string, Float32Array>): Uint8Array {
  const isBody = model.name === "bert";
  const tensors = parametersOf(model).map(({ path, shape }) => {
    const data = values.get(path);
    if (data === undefined) throw fault(model.title, `there is no value for ${path}`);
    const turned = isTurned(path, shape.length);
    const stored = turned ? transposed(data, shape[0], shape[1]) : data;
    return [huggingFaceName(isBody ? `bert.${path}` : path), { dtype: "F32", shape: turned ? [...shape].reverse() : shape, data: stored }] as const; // biome-ignore format: one line
  });
  return writeSafetensors(Object.fromEntries(tensors), { format: "pt" });
}

const activations: Readonly<Record<string, ((x: Tensor) => Tensor) | undefined>> = { gelu, gelu_new: geluTanh, relu, silu };

/** The options of a model from the `config.json` that stands beside a checkpoint. */
export function bertOptionsFrom(config: Readonly<Record<string, unknown>>): BertOptions {
  const number = (name: string): number => {
    const value = config[name];
    if (typeof value === "number") return value;
    throw fault("bertOptionsFrom", `the configuration has no ${name}`, { expected: "a number", got: String(value) });
  };
  const activation = activations[String(config.hidden_act ?? "gelu")];
  if (activation === undefined) {
    throw fault("bertOptionsFrom", "the configuration has an activation that is not known", {
      expected: Object.keys(activations).join(", "),
      got: String(config.hidden_act),
    });
  }
  return {
    activation,
    vocabulary: number("vocab_size"),
    width: number("hidden_size"),
    layers: number("num_hidden_layers"),
    heads: number("num_attention_heads"),
    feedForward: number("intermediate_size"),
    positions: number("max_position_embeddings"),
    segments: number("type_vocab_size"),
    dropout: number("hidden_dropout_prob"),
    epsilon: number("layer_norm_eps"),
    padding: typeof config.pad_token_id === "number" ? config.pad_token_id : 0,
  };
}
