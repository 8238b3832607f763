import { fault } from "../../ir/fault.js";
import { bigramBits, characters, type LanguageModelKind, languageModel, saveParameters, textWindows, trainLanguageModel } from "../../models/index.js"; // biome-ignore format: one list
import { oneCycle } from "../../optim/index.js";
import { textModel } from "./model.js";
import { count, dropoutSetting, named, trainingSettings } from "./settings.js";

const kinds: readonly LanguageModelKind[] = ["rnn", "lstm", "gru", "transformer"];
const HELD_OUT = 0.1;
const [PROMPT, SAMPLE] = [24, 160];

/** `softgrad text characters`: goes on with a text, character by character. */
export const charactersModel = textModel({
  name: "characters",
  summary: "learn to go on with a text, character by character",
  description:
    "Learns which character comes next, by a recurrent network or a Transformer. The last tenth of the text is only tested on, " +
    "beside counted pairs of characters. `softgrad text write` goes on from there.",
  file: "a text, the longer the better",
  settings: {
    kind: named("kind", "kind of model", `what carries the text: ${kinds.join(", ")}`, kinds, "lstm"),
    width: count("width", "width of what is carried", 256),
    layers: count("layers", "layers, one on the other", 1),
    length: count("length", "characters in one stretch of training", 64, { least: 2 }),
    dropout: dropoutSetting(0),
    ...trainingSettings({ epochs: 5, batchSize: 32, learningRate: 0.003 }),
  },
  examples: [
    ["softgrad text characters book.txt", "an LSTM"],
    ["softgrad text characters book.txt --kind transformer --layers 2 --epochs 10", "attention in its place"],
    ['softgrad text write runs/book-… --prompt "Call me"', "and what it has learned"],
  ],
  async learn(text, values, { runtime, path, begin, ...watching }) {
    const { epochs, batchSize, length, learningRate, seed } = values;
    const kind = values.kind as LanguageModelKind;
    const shape = { kind, width: values.width, layers: values.layers, dropout: values.dropout, memory: length };
    const vocabulary = characters(text);
    const tokens = vocabulary.encode(text);
    const border = Math.floor(tokens.length * (1 - HELD_OUT));
    if (tokens.length - border <= length) {
      throw fault(path, "the text is too short", {
        expected: `more than ${Math.ceil((length + 1) / HELD_OUT)} characters, so that a tenth fills a stretch of ${length}`,
        got: String(tokens.length),
        fix: "give more text, or a shorter --length",
      });
    }
    const symbols = vocabulary.symbols.length;
    const steps = epochs * textWindows(tokens.slice(0, border), length).batchCount({ size: batchSize });
    const number = (value: number): string => value.toLocaleString("en-US");
    begin({
      description: `${number(tokens.length)} characters, ${symbols} different ones: ${number(border)} to train on, the rest to test on.`,
      model: languageModel({ ...shape, symbols }),
    });
    const rate = oneCycle({ rate: learningRate, steps: Math.max(2, steps) });
    const learned = await trainLanguageModel(text, { ...shape, length, epochs, batchSize, learningRate: rate, heldOut: HELD_OUT, seed, runtime, ...watching }); // biome-ignore format: one line
    const metadata = { task: "language model", output: "logits", symbols: JSON.stringify(vocabulary.symbols) };
    const model = await learned.trainer.exportOnnx({ inputShape: [length], inputDtype: "int32", metadata });
    const pairs = bigramBits(tokens.subarray(0, border), tokens.subarray(border), symbols);
    const prompt = vocabulary.decode(tokens.subarray(border, border + PROMPT));
    const rows: string[][] = [];
    for (const temperature of [0, 0.5, 0.8, 1]) {
      rows.push([String(temperature), prompt, await learned.write(prompt, { length: SAMPLE, temperature, seed })]);
    }
    return {
      outcome: {
        kind: "text",
        measures: [
          {
            label: "bits a character",
            value: learned.bitsPerSymbol.toFixed(3),
            note: "on the last tenth, which was not trained on",
          },
          { label: "by pairs of characters", value: pairs.toFixed(3), note: "counted in the rest, one added to every count" },
        ],
        examples: [{ title: "How it goes on", header: ["temperature", "prompt", "written"], rows }],
      },
      files: [
        ["parameters", saveParameters(learned.model, learned.parameters)],
        ["model", model],
        ["vocabulary", `${JSON.stringify(vocabulary.symbols)}\n`],
      ],
      shape: { ...shape, symbols },
    };
  },
});
