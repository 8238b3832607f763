import { optim } from "softgrad";
import { trainSequenceToSequence } from "softgrad/models";
import { type Claim, draws } from "./claim.js";

const [LENGTH, SEEN, UNSEEN, EPOCHS, BATCH] = [16, 8000, 1000, 5, 64];
const LETTERS = "abcdefgh";

export const reversal: Claim = {
  name: "reversal",
  title: "A Transformer reverses strings",
  how:
    `${SEEN.toLocaleString("en-US")} strings of ${LENGTH} of ${LETTERS.length} letters to learn from, ${UNSEEN.toLocaleString("en-US")} others to test on, all 16 letters right or wrong; ` +
    `sequenceToSequence of width 64, 4 heads, 2 layers; AdamW, one cycle up to 0.003, ${EPOCHS} epochs, batches of ${BATCH}; written greedily.`,
  seed: 0,
  async show({ runtime, seed, say }) {
    const { below } = draws(seed + 11);
    const word = (): string => Array.from({ length: LENGTH }, () => LETTERS[below(LETTERS.length)]).join("");
    const reversed = (text: string): string => [...text].reverse().join("");
    const seen = Array.from({ length: SEEN }, word).map((text) => [text, reversed(text)] as const);
    const known = new Set(seen.map(([text]) => text));
    const unseen = Array.from({ length: UNSEEN }, word).filter((text) => !known.has(text));
    const learned = await trainSequenceToSequence(seen, {
      width: 64,
      heads: 4,
      layers: 2,
      epochs: EPOCHS,
      batchSize: BATCH,
      learningRate: optim.oneCycle({ rate: 3e-3, steps: (EPOCHS * SEEN) / BATCH }),
      seed,
      runtime,
      onEpoch: ({ epoch, loss }) => say(`epoch ${epoch}  loss ${loss.toFixed(5)}`),
    });
    const written = await learned.translate(unseen);
    await learned.trainer.dispose();
    const right = written.filter((text, i) => text === reversed(unseen[i]!)).length;
    return [
      {
        what: "unseen strings reversed without a mistake",
        value: (100 * right) / unseen.length,
        unit: "%",
        limit: { least: 100 },
      },
    ];
  },
};
