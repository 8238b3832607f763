import { fault } from "../../ir/fault.js";
import { type BertOptions, type BertParameters, bertClassifier, bertForPretraining, frequentPieces, loadBert, saveParameters, trainTextClassifier, wordPieces } from "../../models/index.js"; // biome-ignore format: one list
import type { ClassificationOutcome, Mistake } from "../../plot/report/run-summary.js";
import { optional, text as textReader } from "../readers.js";
import type { Setting } from "../train/settings.js";
import { softmax } from "../train/tasks.js";
import { tabbedLines, tenthHeldOut } from "./files.js";
import { textModel } from "./model.js";
import { openRun } from "./runs.js";
import { trainingSettings } from "./settings.js";

const body: Setting<string | null> = {
  group: "Network",
  flags: "--body <run>",
  doc: "folder of a run of `softgrad text bert`, whose encoder is trained further; without it a small one begins anew",
  default: null,
  read: optional(textReader),
};

/** Without a pretrained body. */
const SMALL = { width: 64, layers: 2, heads: 4, positions: 64, dropout: 0.1 } as const;
const PIECES = 4000;

/** `softgrad text classify`: says what a text is. */
export const classifyModel = textModel({
  name: "classify",
  summary: "learn to tell texts apart, with a pretrained BERT or without",
  description:
    "Fine-tunes BERT with one linear layer on it. A tenth of the lines is only tested on. `softgrad text label` uses it.",
  file: "lines of a label and a text with a tab between them",
  settings: { body, ...trainingSettings({ epochs: 6, batchSize: 16, learningRate: 0.0005 }) },
  examples: [
    ["softgrad text classify reviews.tsv --body runs/book-…", "an encoder that has read a book"],
    ["softgrad text classify reviews.tsv --epochs 20", "one that has read nothing"],
    ['softgrad text label runs/reviews-… "It sinks."', "and what it says"],
  ],
  async learn(text, { body: path, ...values }, { runtime, path: where, begin, ...watching }) {
    const { train, test } = tenthHeldOut(tabbedLines(text, where, "a label and a text"));
    if (test.length === 0) throw fault(where, "there are too few texts", { expected: "10 or more", got: String(train.length) });
    const { lines, bert, parameters } = path === null ? anew(train.map(([, line]) => line)) : await pretrained(path);
    const tokenizer = wordPieces(lines);
    const classes = new Set([...train, ...test].map(([label]) => label)).size;
    begin({
      description: `${train.length + test.length} texts of ${classes} classes: ${train.length} to train on, ${test.length} to test on.`,
      model: bertClassifier(bert, classes),
    });
    const start = parameters === null ? {} : { body: parameters };
    const learned = await trainTextClassifier(train, {
      tokenizer,
      bert,
      ...start,
      heldOut: test,
      ...values,
      runtime,
      ...watching,
    });
    const metadata = { task: "classification", output: "logits", class_names: JSON.stringify(learned.classNames) };
    const model = await learned.trainer.exportOnnx({ inputShape: [3, bert.positions ?? 128], inputDtype: "int32", metadata });
    const scores = await learned.scores(test.map(([, line]) => line));
    return {
      outcome: judged(test, learned.classNames, scores),
      files: [
        ["parameters", saveParameters(learned.model, learned.parameters)],
        ["model", model],
        ["pieces", `${lines.join("\n")}\n`],
      ],
      shape: { ...bert, classNames: learned.classNames },
    };
  },
});

interface Body {
  readonly lines: readonly string[];
  readonly bert: BertOptions;
  readonly parameters: BertParameters | null;
}

function anew(texts: readonly string[]): Body {
  const letters = new Set(texts.join("").toLowerCase()).size;
  const lines = frequentPieces(texts, Math.max(PIECES, 2 * letters + 8));
  return { lines, bert: { ...SMALL, vocabulary: lines.length }, parameters: null };
}

async function pretrained(path: string): Promise<Body> {
  const run = await openRun(path, "bert");
  const { length, ...bert } = run.shape as unknown as BertOptions & { length: number };
  const whole = loadBert(bertForPretraining({ ...bert, length }), await run.bytes("parameters"));
  return { lines: await run.lines("pieces"), bert, parameters: whole.bert };
}

function judged(
  test: readonly (readonly [label: string, text: string])[],
  classNames: readonly string[],
  scores: Float32Array,
): ClassificationOutcome {
  const confusion = classNames.map(() => classNames.map(() => 0));
  const mistakes: Mistake[] = [];
  test.forEach(([label, text], sample) => {
    const chances = softmax(scores.subarray(sample * classNames.length, (sample + 1) * classNames.length));
    const [truth, predicted] = [classNames.indexOf(label), chances.indexOf(Math.max(...chances))];
    confusion[truth][predicted]++;
    if (truth === predicted) return;
    mistakes.push({
      sample,
      truth: label,
      predicted: classNames[predicted],
      confidence: chances[predicted],
      truthProbability: chances[truth],
      shown: [["text", text]],
    });
  });
  mistakes.sort((a, b) => b.confidence - a.confidence);
  return { kind: "classification", classNames, accuracy: 1 - mistakes.length / test.length, confusion, mistakes };
}
