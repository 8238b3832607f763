import { fault } from "../../ir/fault.js";
import { saveParameters, sequenceToSequence, trainSequenceToSequence } from "../../models/index.js";
import { oneCycle } from "../../optim/index.js";
import { percent } from "../train/text.js";
import { tabbedLines, tenthHeldOut } from "./files.js";
import { textModel } from "./model.js";
import { count, dropoutSetting, requireHeads, trainingSettings } from "./settings.js";

/** Most pairs that are written out for the test. */
const WRITTEN = 500;
const SHOWN = 24;

/** `softgrad text pairs`: turns one text into another. */
export const pairsModel = textModel({
  name: "pairs",
  summary: "learn to turn one text into another, from pairs",
  description:
    "Learns from pairs by a Transformer that reads the first text and writes the second, character by character. A tenth of the pairs is " +
    "only tested on. `softgrad text translate` uses it.",
  file: "lines of two texts with a tab between them",
  settings: {
    width: count("width", "width of the vectors", 64),
    layers: count("layers", "layers of the encoder, and of the decoder", 2),
    heads: count("heads", "heads of attention", 4),
    dropout: dropoutSetting(0),
    ...trainingSettings({ epochs: 20, batchSize: 64, learningRate: 0.003 }),
  },
  examples: [
    ["softgrad text pairs dates.tsv", "lines such as: 3 May 1999 ⇥ 1999-05-03"],
    ["softgrad text pairs dates.tsv --epochs 50 --dropout 0.1", "longer"],
    ['softgrad text translate runs/dates-… "4 July 2001"', "and what it has learned"],
  ],
  async learn(text, values, { runtime, path, begin, ...watching }) {
    const { width, layers, heads, dropout, epochs, batchSize, learningRate, seed } = values;
    requireHeads(width, heads);
    const all = tabbedLines(text, path, "a text and what it becomes");
    if (all.length < 10) throw fault(path, "there are too few pairs", { expected: "10 or more", got: String(all.length) });
    const { train, test } = tenthHeldOut(all);
    const lengthOf = (side: 0 | 1): number => Math.max(1, ...all.map((pair) => [...pair[side]].length));
    const symbols = new Set(all.flat().join("")).size + 3;
    const shape = { symbols, sourceLength: lengthOf(0), targetLength: lengthOf(1) + 1, width, layers, heads, dropout };
    begin({
      description: `${all.length} pairs: ${train.length} to train on, ${test.length} to test on.`,
      model: sequenceToSequence(shape),
    });
    const rate = oneCycle({ rate: learningRate, steps: Math.max(2, epochs * Math.ceil(train.length / batchSize)) });
    const learned = await trainSequenceToSequence(train, { width, layers, heads, dropout, epochs, batchSize, learningRate: rate, seed, heldOut: test, runtime, ...watching }); // biome-ignore format: one line
    const asked = test.slice(0, WRITTEN);
    const written = await learned.translate(asked.map(([source]) => source));
    const right = asked.filter(([, target], i) => written[i] === target).length;
    return {
      outcome: {
        kind: "text",
        measures: [
          {
            label: "written without a mistake",
            value: percent(right / asked.length),
            note: `${right} of ${asked.length} pairs of the test`,
          },
        ],
        examples: [
          {
            title: "Pairs of the test",
            header: ["given", "expected", "written"],
            rows: asked.slice(0, SHOWN).map(([source, target], i) => [source, target, written[i]]),
          },
        ],
      },
      files: [
        ["parameters", saveParameters(learned.model, learned.parameters)],
        ["vocabulary", `${JSON.stringify(learned.vocabulary.symbols.slice(3))}\n`],
      ],
      shape,
    };
  },
});
