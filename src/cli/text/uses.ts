import type { Command } from "commander";
import { fault } from "../../ir/fault.js";
import { type BertOptions, bertClassifier, bertForPretraining, frameSentence, type LanguageModelOptions, languageModel, loadBert, loadParameters, readWordVectors, type SequenceToSequenceOptions, sequenceToSequence, sequenceVocabulary, textRows, translate, vocabularyOf, type WordVectors, wordPieces, writeSymbols } from "../../models/index.js"; // biome-ignore format: one list
import { storedElements } from "../../models/stored.js";
import { context } from "../../nn/index.js";
import { tensor } from "../../ops/index.js";
import { compile } from "../../run/compile.js";
import type { Runtime } from "../../run/runtime.js";
import { type CommandRecord, examples, exitCodes } from "../command.js";
import { nearest as nearestName } from "../faults.js";
import { number, whole } from "../readers.js";
import type { Terminal } from "../terminal.js";
import { runtimes } from "../train/runtimes.js";
import { softmax } from "../train/tasks.js";
import { percent } from "../train/text.js";
import { readText } from "./files.js";
import { addMachineOptions } from "./learning.js";
import { openRun } from "./runs.js";
import { machineSettings, readValues } from "./settings.js";

/** What a command says: lines for people, or an object for programs. */
interface Answer {
  readonly lines: readonly string[];
  readonly data: unknown;
}

interface UseRecord {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly (readonly [flags: string, doc: string])[];
  readonly options: readonly (readonly [flags: string, doc: string])[];
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  answer(args: readonly string[], option: (name: string) => string | undefined, runtime: Runtime): Promise<Answer>;
}

const runArgument = (model: string) => ["<run>", `folder of a run of softgrad text ${model}`] as const;
const countOption = ["--count <count>", "how many are told (default: 10)"] as const;
const countIn = (option: (name: string) => string | undefined): number => whole({ least: 1 })(option("count") ?? "10", "--count");

const write: UseRecord = {
  name: "write",
  summary: "go on with a text, by a model of softgrad text characters",
  arguments: [runArgument("characters")],
  options: [
    ["--prompt <text>", "what it goes on from (default: a new line)"],
    ["--length <count>", "how many characters are written (default: 400)"],
    ["--temperature <number>", "how much is dared; 0 always takes the likeliest (default: 0.8)"],
    ["--among <count>", "only so many of the likeliest are drawn from (default: all)"],
    ["--seed <number>", "another seed writes another text (default: 0)"],
  ],
  examples: [['softgrad text write runs/book-… --prompt "Call me" --temperature 0.5', "more carefully"]],
  async answer([path], option, runtime) {
    const run = await openRun(path, "characters");
    const model = languageModel(run.shape as unknown as LanguageModelOptions);
    const parameters = loadParameters(model, await run.bytes("parameters"), run.pathOf("parameters"));
    const vocabulary = vocabularyOf(JSON.parse(await run.text("vocabulary")) as string[]);
    const prompt = option("prompt") ?? "\n";
    const among = option("among");
    const written = await writeSymbols(model, parameters, vocabulary.encode(prompt), {
      length: whole({ least: 1 })(option("length") ?? "400", "--length"),
      temperature: number({ least: 0 })(option("temperature") ?? "0.8", "--temperature"),
      seed: whole({ least: 0 })(option("seed") ?? "0", "--seed"),
      ...(among !== undefined && { among: whole({ least: 1, most: vocabulary.symbols.length })(among, "--among") }),
      runtime,
    });
    const text = vocabulary.decode(written);
    return { lines: [`${prompt}${text}`.replace(/^\n/, "")], data: { prompt, written: text } };
  },
};

const translateUse: UseRecord = {
  name: "translate",
  summary: "turn texts into others, by a model of softgrad text pairs",
  arguments: [runArgument("pairs"), ["<text...>", "one or more"]],
  options: [["--beam <count>", "beginnings kept side by side (default: 1, always the likeliest character)"]],
  examples: [['softgrad text translate runs/dates-… "4 July 2001" --beam 4', "looking further ahead"]],
  async answer([path, ...texts], option, runtime) {
    const run = await openRun(path, "pairs");
    const model = sequenceToSequence(run.shape as unknown as SequenceToSequenceOptions);
    const parameters = loadParameters(model, await run.bytes("parameters"), run.pathOf("parameters"));
    const vocabulary = sequenceVocabulary(JSON.parse(await run.text("vocabulary")) as string[]);
    const beam = whole({ least: 1, most: vocabulary.symbols.length })(option("beam") ?? "1", "--beam");
    const written = await translate(model, parameters, texts.map((text) => vocabulary.encode(text)), { beam, runtime }); // biome-ignore format: one line
    const targets = written.map(({ symbols }) => vocabulary.decode(symbols));
    return { lines: targets, data: texts.map((source, i) => ({ source, target: targets[i], score: written[i].score })) };
  },
};

const vectorsArgument = [
  "<vectors>",
  "folder of a run of softgrad text words, or a file of GloVe's or word2vec's text form",
] as const;

async function vectorsIn(path: string): Promise<WordVectors> {
  if (/\.(txt|vec)$/.test(path)) return readWordVectors(await readText(path), path);
  const run = await openRun(path, "words");
  return readWordVectors(await run.text("vectors"), run.pathOf("vectors"));
}

function requireWords({ words, has }: WordVectors, asked: readonly string[]): void {
  const stranger = asked.find((word) => !has(word));
  if (stranger === undefined) return;
  const hint = nearestName(stranger, words);
  throw fault(stranger, "there is no vector for this word", {
    expected: `one of ${words.length} words`,
    ...(hint !== null && { fix: `did you mean ${hint}?` }),
  });
}

const told = (found: readonly { word: string; cosine: number }[]): Answer => {
  const width = Math.max(...found.map(({ word }) => word.length));
  return { lines: found.map(({ word, cosine }) => `${word.padEnd(width)}   ${cosine.toFixed(3)}`), data: found };
};

const nearestUse: UseRecord = {
  name: "nearest",
  summary: "the words whose vectors point most nearly the same way",
  arguments: [vectorsArgument, ["<word>", "as the vectors spell it"]],
  options: [countOption],
  examples: [["softgrad text nearest glove.6B.50d.txt king", "of a file from elsewhere"]],
  async answer([path, word], option) {
    const vectors = await vectorsIn(path);
    requireWords(vectors, [word]);
    return told(vectors.nearest(word, countIn(option)));
  },
};

const analogyUse: UseRecord = {
  name: "analogy",
  summary: "what is to c as b is to a",
  arguments: [vectorsArgument, ["<a>", "man"], ["<b>", "king"], ["<c>", "woman"]],
  options: [countOption],
  examples: [["softgrad text analogy glove.6B.50d.txt man king woman", "queen, if all is well"]],
  async answer([path, a, b, c], option) {
    const vectors = await vectorsIn(path);
    requireWords(vectors, [a, b, c]);
    return told(vectors.analogy(a, b, c, countIn(option)));
  },
};

const fill: UseRecord = {
  name: "fill",
  summary: "guess hidden words, by a model of softgrad text bert",
  arguments: [runArgument("bert"), ["<text>", "with [MASK] for every word that is asked for"]],
  options: [countOption],
  examples: [['softgrad text fill runs/book-… "The [MASK] was white." --count 5', "the five likeliest"]],
  async answer([path, text], option, runtime) {
    const run = await openRun(path, "bert");
    const { length, ...rest } = run.shape as unknown as BertOptions & { length: number };
    const model = bertForPretraining({ ...rest, length });
    const parameters = loadBert(model, await run.bytes("parameters"));
    const tokenizer = wordPieces(await run.lines("pieces"));
    const { tokens, segments, mask } = frameSentence(tokenizer.encode(text), tokenizer, length);
    const hidden = [...tokens.keys()].filter((at) => tokens[at] === tokenizer.special.mask);
    if (hidden.length === 0) {
      throw fault("fill", "there is no hidden word in the text", {
        expected: `[MASK] among the first ${length - 2} pieces`,
        got: text,
      });
    }
    const row = (data: Int32Array) => tensor(data, { shape: [1, data.length] });
    const inputs = { tokens: row(tokens), segments: row(segments), mask: row(mask), places: row(Int32Array.from(hidden)) };
    const score = compile((given: typeof inputs) => model.score(parameters, given).wordScores, { runtime });
    const scores = Array.from(storedElements(await score(inputs)));
    const data = hidden.map((_, i) => likeliest(softmax(rowOf(scores, i, hidden.length)), tokenizer.vocabulary, countIn(option)));
    return { lines: data.flatMap((words, i) => [...(i === 0 ? [] : [""]), ...words.map(({ word, share }) => `${percent(share).padStart(7)}   ${word}`)]), data }; // biome-ignore format: one line
  },
};

const rowOf = (values: readonly number[], row: number, rows: number): number[] =>
  values.slice((row * values.length) / rows, ((row + 1) * values.length) / rows);

const likeliest = (shares: readonly number[], words: readonly string[], count: number): { word: string; share: number }[] =>
  shares
    .map((share, i) => ({ word: words[i], share }))
    .sort((a, b) => b.share - a.share)
    .slice(0, count);

const label: UseRecord = {
  name: "label",
  summary: "say what texts are, by a model of softgrad text classify",
  arguments: [runArgument("classify"), ["<text...>", "one or more"]],
  options: [],
  examples: [['softgrad text label runs/reviews-… "It sinks." "It floats."', "one label a line"]],
  async answer([path, ...texts], _, runtime) {
    const run = await openRun(path, "classify");
    const { classNames, ...bert } = run.shape as unknown as BertOptions & { classNames: string[] };
    const model = bertClassifier(bert, classNames.length);
    const parameters = loadParameters(model, await run.bytes("parameters"), run.pathOf("parameters"));
    const tokenizer = wordPieces(await run.lines("pieces"));
    const { features } = textRows(texts, tokenizer, bert.positions ?? 512).columns;
    const score = compile((x: ReturnType<typeof tensor>) => model.apply(parameters, x, context()), { runtime });
    const x = tensor(features.data, { shape: [texts.length, ...features.shape] });
    const scores = Array.from(storedElements(await score(x)));
    const data = texts.map((text, i) => {
      const [best] = likeliest(softmax(rowOf(scores, i, texts.length)), classNames, 1);
      return { text, label: best.word, share: best.share };
    });
    return { lines: data.map((one) => `${one.label}   ${percent(one.share)}   ${one.text}`), data };
  },
};

const useCommand = (use: UseRecord): CommandRecord => ({
  name: use.name,
  summary: use.summary,
  describe(command) {
    for (const [flags, doc] of use.arguments) command.argument(flags, doc);
    for (const [flags, doc] of use.options) command.option(flags, doc);
    return addMachineOptions(command).addHelpText("after", examples(use.examples));
  },
  run: (command, terminal) => answer(use, command, terminal),
});

async function answer(use: UseRecord, command: Command, terminal: Terminal): Promise<number> {
  const { runtime: name, threads } = readValues(machineSettings, (option) => command.getOptionValue(option));
  const runtime = runtimes[name]({ notify: terminal.err, ...(threads !== null && { threads }) });
  try {
    const { lines, data } = await use.answer(command.args, (option) => command.getOptionValue(option), runtime);
    if (command.opts<{ json?: boolean }>().json === true) terminal.out(JSON.stringify(data));
    else for (const line of lines) terminal.out(line);
    return exitCodes.done;
  } finally {
    await runtime.close();
  }
}

/** What can be done with models that were learned from texts. */
export const useCommands: readonly CommandRecord[] = [write, translateUse, nearestUse, analogyUse, fill, label].map(useCommand);
