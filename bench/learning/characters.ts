import { optim } from "softgrad";
import { type LanguageModelKind, trainLanguageModel } from "softgrad/models";
import type { Claim, Figure } from "./claim.js";
import { mobyDick } from "./moby-dick.js";

const [WIDTH, LENGTH, BATCH, EPOCHS, HELD_OUT] = [256, 64, 32, 3, 0.1];
/** How far every kind has to get below pairs of letters, in bits a character. */
const MARGIN = 1;
const kinds: readonly LanguageModelKind[] = ["rnn", "lstm", "gru", "transformer"];

export const characters: Claim = {
  name: "characters",
  title: "Every kind of language model says more of Moby Dick than pairs of letters do",
  how:
    `The last tenth of the text is only tested on. Width ${WIDTH}, one layer (the Transformer two), stretches of ${LENGTH} characters, batches of ${BATCH}, ` +
    `AdamW, one cycle up to 0.003, ${EPOCHS} epochs. The bigram model is counted on the same nine tenths, one added to every count, and tested ` +
    `on the same tenth. Every kind has to be ${MARGIN} bit a character below it.`,
  seed: 0,
  async show({ runtime, seed, say }) {
    const text = mobyDick().join("\n\n");
    const pairs = bigramBits(text);
    say(`bigram  ${pairs.toFixed(3)} bits`);
    const figures: Figure[] = [{ what: "bigrams, a character", value: pairs, unit: "bits" }];
    for (const kind of kinds) {
      const steps = EPOCHS * Math.ceil((text.length * (1 - HELD_OUT)) / LENGTH / BATCH);
      const learned = await trainLanguageModel(text, {
        kind,
        width: WIDTH,
        length: LENGTH,
        batchSize: BATCH,
        epochs: EPOCHS,
        heldOut: HELD_OUT,
        learningRate: optim.oneCycle({ rate: 3e-3, steps }),
        seed,
        runtime,
        onEpoch: ({ epoch, loss, seconds }) => say(`${kind}  epoch ${epoch}  loss ${loss.toFixed(4)}  ${seconds.toFixed(0)} s`),
      });
      const sample = await learned.write("The whale", { length: 120, temperature: 0.7, seed });
      say(`${kind}  ${learned.bitsPerSymbol.toFixed(3)} bits  The whale${sample}`);
      figures.push({ what: `${kind}, a character`, value: learned.bitsPerSymbol, unit: "bits", limit: { most: pairs - MARGIN } });
      await learned.trainer.dispose();
    }
    return figures;
  },
};

/** Mean surprise at a character of the held-out part after the one before it, by pairs counted in the rest. */
function bigramBits(text: string): number {
  const border = Math.floor(text.length * (1 - HELD_OUT));
  const symbols = new Set(text).size;
  const [pairs, firsts] = [new Map<string, number>(), new Map<string, number>()];
  const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);
  for (let i = 1; i < border; i++) {
    count(pairs, text.slice(i - 1, i + 1));
    count(firsts, text[i - 1]!);
  }
  let bits = 0;
  for (let i = border + 1; i < text.length; i++) {
    const share = ((pairs.get(text.slice(i - 1, i + 1)) ?? 0) + 1) / ((firsts.get(text[i - 1]!) ?? 0) + symbols);
    bits -= Math.log2(share);
  }
  return bits / (text.length - border - 1);
}
