import { optim } from "softgrad";
import { bigramBits, type LanguageModelKind, trainLanguageModel, characters as vocabularyOf } from "softgrad/models";
import type { Claim, Figure } from "./claim.js";
import { mobyDick } from "./moby-dick.js";

const [WIDTH, LENGTH, BATCH, EPOCHS, HELD_OUT] = [128, 64, 32, 3, 0.1];
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
    const vocabulary = vocabularyOf(text);
    const tokens = vocabulary.encode(text);
    const border = Math.floor(tokens.length * (1 - HELD_OUT));
    const pairs = bigramBits(tokens.subarray(0, border), tokens.subarray(border), vocabulary.symbols.length);
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
