import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { textModels } from "../../src/cli/text/command.js";
import { paragraphsOf, tabbedLines, tenthHeldOut } from "../../src/cli/text/files.js";
import { softgrad, temporaryFolder } from "./support.js";

const fast = ["--threads", "1"] as const;
const line = (i: number): string => `The ${["cat", "dog", "cow"][i % 3]} ${["sat", "ran", "ate"][(i >> 1) % 3]} here. `;
const book = Array.from({ length: 400 }, (_, i) => `${line(i)}${line(i * 7 + 1)}${i % 3 === 2 ? "\n\n" : ""}`).join("");

/** A file, and a folder beside it for a run. */
function written(t: TestContext, content: string): { file: string; run: string; folder: string } {
  const folder = temporaryFolder(t);
  const file = join(folder, "small.txt");
  writeFileSync(file, content);
  return { file, run: join(folder, "run"), folder };
}

async function works(...args: string[]): Promise<string> {
  const { code, out, err } = await softgrad(...args);
  assert.deepEqual({ code, err }, { code: 0, err: "" }, args.join(" "));
  return out;
}

async function fails(said: RegExp, ...args: string[]): Promise<void> {
  const { code, err } = await softgrad(...args);
  assert.notEqual(code, 0);
  assert.match(err, said);
  assert.doesNotMatch(err, /invalid|at .*\.ts/i);
}

test("characters are learned better than their pairs say, and written on from", async (t) => {
  const { file, run } = written(t, book);
  const out = await works("text", "characters", file, "--kind", "gru", "--width", "24", "--epochs", "4", "--output", run, "--length", "26", "--batch-size", "8", "--learning-rate", "0.01", "--json", ...fast); // biome-ignore format: one line
  const events = out
    .split("\n")
    .map((each) => JSON.parse(each) as { event: string; outcome?: { measures: { value: string }[] } });
  assert.deepEqual(events.map(({ event }) => event), ["start", "epoch", "epoch", "epoch", "epoch", "results"]); // biome-ignore format: one line
  const [own, pairs] = events[5].outcome?.measures.map(({ value }) => Number(value)) ?? [];
  assert.ok(own < pairs - 0.5, `${own} bits, ${pairs} by pairs`);
  const files = ["config.json", "metrics.jsonl", "model.onnx", "model.safetensors", "report.html", "vocabulary.json"];
  assert.deepEqual(readdirSync(run).sort(), files);
  assert.match(readFileSync(join(run, "report.html"), "utf8"), /How it goes on[\s\S]*temperature/);
  const told = await works("text", "write", run, "--prompt", "The c", "--length", "9", "--temperature", "0");
  assert.match(told, /^The c(at|ow) \w{3}/);
  assert.equal(await works("text", "write", run, "--seed", "3", "--length", "20"), await works("text", "write", run, "--seed", "3", "--length", "20")); // biome-ignore format: one line
  await fails(/vocabulary: the character "§" is not in it/, "text", "write", run, "--prompt", "§");
  await fails(/--among: the number is out of range/, "text", "write", run, "--among", "999");
  await fails(/run: this is the run of another command\n.*softgrad text pairs\n.*softgrad text characters/, "text", "translate", run, "a"); // biome-ignore format: one line
  await fails(/there is a finished run in this folder/, "text", "characters", file, "--output", run);
  await fails(/config\.json: this is not the configuration of a run/, "train", "--resume", run);
});

test("pairs are learned, and a text is turned into another", async (t) => {
  const pairs = Array.from({ length: 300 }, (_, i) => `${"ab"[i % 2]}${"xy"[(i >> 1) % 2]}\t${"AB"[i % 2]}`);
  const { file, run } = written(t, `${pairs.join("\n")}\n`);
  const out = await works("text", "pairs", file, "--width", "16", "--heads", "2", "--layers", "1", "--epochs", "8", "--learning-rate", "0.01", "--output", run, ...fast); // biome-ignore format: one line
  assert.match(out, /written without a mistake {3}100\.0 %/);
  assert.equal(await works("text", "translate", run, "ax", "by"), "A\nB");
  assert.equal(await works("text", "translate", run, "ay", "--beam", "2"), "A");
  await fails(/the source is too long/, "text", "translate", run, "axax");
});

test("words get vectors, whose neighbours and analogies can be asked for", async (t) => {
  const { file, run, folder } = written(t, book);
  await works("text", "words", file, "--width", "8", "--epochs", "3", "--batch-size", "64", "--output", run, ...fast);
  const near = JSON.parse(await works("text", "nearest", run, "cat", "--count", "2", "--json")) as { word: string }[];
  assert.equal(near.length, 2);
  assert.equal((await works("text", "analogy", run, "cat", "dog", "sat", "--count", "1")).split("\n").length, 1);
  await fails(/catt: there is no vector for this word\n.*\n.*did you mean cat\?/, "text", "nearest", run, "catt");
  const glove = join(folder, "glove.txt");
  writeFileSync(glove, "man 1 0\nking 1 1\nwoman 0 0.2\nqueen 0.1 1\n");
  assert.match(await works("text", "analogy", glove, "man", "king", "woman"), /^queen/);
  await fails(/there are not two words/, "text", "words", file, "--min-count", "9999", "--output", join(folder, "none"));
  assert.ok(!readdirSync(folder).includes("none"));
});

test("BERT is pretrained, guesses hidden words, and is fine-tuned on labelled texts", async (t) => {
  const { file, run, folder } = written(t, book);
  const small = ["--width", "16", "--heads", "2", "--layers", "1", "--length", "24", "--pieces", "80", "--batch-size", "16"];
  const out = await works("text", "bert", file, ...small, "--epochs", "6", "--learning-rate", "0.01", "--output", run, ...fast);
  assert.match(out, /hidden words guessed +\d/);
  const guesses = JSON.parse(await works("text", "fill", run, "The [MASK] sat [MASK].", "--count", "3", "--json")) as unknown[][]; // biome-ignore format: one line
  assert.deepEqual(guesses.map((each) => each.length), [3, 3]); // biome-ignore format: one line
  await fails(/there is no hidden word in the text/, "text", "fill", run, "The cat sat.");
  const labelled = join(folder, "labels.tsv");
  writeFileSync(labelled, Array.from({ length: 120 }, (_, i) => `${i % 3 === 0 ? "cat" : "other"}\t${line(i)}`).join("\n"));
  const tuned = join(folder, "tuned");
  const result = await works("text", "classify", labelled, "--body", run, "--epochs", "8", "--learning-rate", "0.01", "--output", tuned, ...fast); // biome-ignore format: one line
  assert.match(result, /test accuracy 100\.00 %/);
  assert.match(await works("text", "label", tuned, line(0), line(1)), /^cat .*\nother /);
  await fails(/there is no finished run in it\n.*nothing there/, "text", "classify", labelled, "--body", join(folder, "away"));
});

test("what cannot be learned from is refused before anything is written", async (t) => {
  const { file, folder } = written(t, "short");
  const wrong: readonly (readonly [said: RegExp, ...args: string[]])[] = [
    [/there is no such file/, "characters", join(folder, "away.txt")],
    [/this is a folder/, "words", folder],
    [/the text is too short/, "characters", file],
    [/line 1 is not a text and what it becomes/, "pairs", file],
    [/line 1 is not a label and a text/, "classify", file],
    [/too few paragraphs/, "bert", file],
    [/--heads: the width does not divide/, "bert", file, "--heads", "3"],
    [/did you mean lstm\?/, "characters", file, "--kind", "lstmm"],
    [/--epochs: the number is out of range/, "characters", file, "--epochs", "0"],
    [/unknown option '--widht'\n.*did you mean --width\?/, "pairs", file, "--widht", "3"],
  ];
  for (const [said, ...args] of wrong) await fails(said, "text", ...args);
  const binary = join(folder, "binary.txt");
  writeFileSync(binary, Uint8Array.of(0xff, 0xfe, 0x00));
  await fails(/the file is not text in UTF-8/, "text", "words", binary);
  assert.deepEqual(readdirSync(folder).sort(), ["binary.txt", "small.txt"]);
});

test("the help of every command shows its settings with their defaults", async () => {
  const group = await works("text", "--help");
  for (const { name, settings, summary } of textModels) {
    assert.ok(group.includes(summary));
    const text = (await works("text", name, "--help")).replace(/\s+/g, " ");
    for (const { flags, default: value, shownDefault } of Object.values(settings)) {
      assert.ok(text.includes(flags), flags);
      if (shownDefault === undefined && value !== null) assert.ok(text.includes(`(default: ${value})`), flags);
    }
  }
});

test("texts are cut into paragraphs and sentences, lines at their tab, and a tenth is held out", () => {
  assert.deepEqual(paragraphsOf('One. "Two!" Three\nfour.\n \nFive? six.'), [["One.", '"Two!"', "Three four."], ["Five? six."]]);
  assert.deepEqual(tabbedLines("a\tb\n\nc\td", "x", "two texts"), [["a", "b"], ["c", "d"]]); // biome-ignore format: one line
  const { train, test: held } = tenthHeldOut(Array.from({ length: 25 }, (_, i) => i));
  assert.equal(held.length, 2);
  assert.deepEqual([...train, ...held].sort((a, b) => a - b), Array.from({ length: 25 }, (_, i) => i)); // biome-ignore format: one line
});
