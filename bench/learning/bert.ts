import { frequentPieces, pretrainBert, wordPieces } from "softgrad/models";
import type { Claim } from "./claim.js";
import { mobyDick, sentencesOf } from "./moby-dick.js";

const [PIECES, LENGTH, WIDTH, LAYERS, EPOCHS, BATCH, HELD_OUT] = [2000, 64, 128, 2, 30, 32, 0.1];
/** Words that a passage has at least: short sentences are taken together. */
const PASSAGE = 16;

export const bert: Claim = {
  name: "bert",
  title: "BERT learns hidden words and next sentences of Moby Dick",
  how:
    `The last tenth of every chapter is only tested on. ${PIECES.toLocaleString("en-US")} word pieces; passages of ${PASSAGE} words or more, two of them in ${LENGTH} tokens, half of the second ` +
    `ones from another chapter; width ${WIDTH}, ${LAYERS} layers, ${WIDTH / 32} heads; AdamW, one cycle up to 0.001, ${EPOCHS} epochs, batches of ${BATCH}. The baseline always says the most frequent piece.`,
  seed: 0,
  async show({ runtime, seed, say }) {
    const chapters = mobyDick()
      .map((chapter) => passages(sentencesOf(chapter)))
      .filter((parts) => parts.length >= 10);
    const border = (parts: readonly string[]): number => Math.floor(parts.length * (1 - HELD_OUT)) - 1;
    const train = chapters.map((parts) => parts.slice(0, border(parts)));
    const test = chapters.map((parts) => parts.slice(border(parts)));
    const tokenizer = wordPieces(frequentPieces(train.flat(), PIECES));
    say(`${train.flat().length} passages to train on, ${test.flat().length} to test on`);
    const learned = await pretrainBert(train, {
      tokenizer,
      length: LENGTH,
      width: WIDTH,
      layers: LAYERS,
      heads: WIDTH / 32,
      epochs: EPOCHS,
      batchSize: BATCH,
      learningRate: 1e-3,
      seed,
      runtime,
      onEpoch: ({ epoch, loss, seconds }) => say(`epoch ${epoch}  loss ${loss.toFixed(4)}  ${seconds.toFixed(0)} s`),
    });
    const { words, next } = await learned.test(test);
    await learned.trainer.dispose();
    const baseline = mostFrequent(train.flat().map(tokenizer.encode), test.flat().map(tokenizer.encode));
    return [
      { what: "hidden words guessed by the most frequent piece", value: 100 * baseline, unit: "%" },
      { what: "hidden words guessed", value: 100 * words, unit: "%", limit: { least: 300 * baseline } },
      { what: "next sentences told from others", value: 100 * next, unit: "%", limit: { least: 75 } },
    ];
  },
};

/** Sentences one after another until there are words enough. */
function passages(sentences: readonly string[]): string[] {
  const made: string[] = [];
  let current = "";
  for (const sentence of sentences) {
    current = current === "" ? sentence : `${current} ${sentence}`;
    if (current.split(" ").length < PASSAGE) continue;
    made.push(current);
    current = "";
  }
  return made;
}

/** Share of the tokens to test on that are the most frequent one of those to train on. */
function mostFrequent(train: readonly (readonly number[])[], test: readonly (readonly number[])[]): number {
  const counts = new Map<number, number>();
  for (const token of train.flat()) counts.set(token, (counts.get(token) ?? 0) + 1);
  const [[best]] = [...counts].sort(([, a], [, b]) => b - a) as [[number, number]];
  const all = test.flat();
  return all.filter((token) => token === best).length / all.length;
}
