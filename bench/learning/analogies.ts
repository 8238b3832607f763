import { word2vec } from "softgrad/models";
import { type Claim, draws } from "./claim.js";

const [KINDS, RANKS, FILLERS, SENTENCES, EPOCHS, WIDTH] = [6, 8, 200, 40_000, 5, 32];

export const analogies: Claim = {
  name: "analogies",
  title: "Word vectors find analogies that were planted",
  how:
    `${SENTENCES.toLocaleString("en-US")} generated sentences of five words: in the middle one of ${KINDS} × ${RANKS} words, each of a kind and a rank, beside it twice the name of its kind or of ` +
    `its rank, around them ${FILLERS} words that mean nothing. word2vec of width ${WIDTH}, ${EPOCHS} epochs. Asked are all a : b = c : ? of two kinds and two ranks; the nearest ` +
    "of all words has to be the right one.",
  seed: 0,
  async show({ runtime, seed, say }) {
    const { below } = draws(seed + 5);
    const filler = (): string => `filler${below(FILLERS)}`;
    const sentences = Array.from({ length: SENTENCES }, () => {
      const [kind, rank] = [below(KINDS), below(RANKS)];
      const beside = below(2) === 0 ? `kind${kind}` : `rank${rank}`;
      return [filler(), beside, `word${kind}.${rank}`, beside, filler()];
    });
    const vectors = await word2vec(sentences, {
      width: WIDTH,
      window: 1,
      epochs: EPOCHS,
      subsample: 0,
      learningRate: 0.01,
      seed,
      runtime,
      onEpoch: ({ epoch, loss }) => say(`epoch ${epoch}  loss ${loss.toFixed(4)}`),
    });
    let [right, asked] = [0, 0];
    for (let from = 0; from < KINDS; from++) {
      for (let to = 0; to < KINDS; to++) {
        for (let low = 0; low < RANKS; low++) {
          for (let high = 0; high < RANKS; high++) {
            if (from === to || low === high) continue;
            const [first] = vectors.analogy(`word${from}.${low}`, `word${from}.${high}`, `word${to}.${low}`, 1);
            asked++;
            if (first?.word === `word${to}.${high}`) right++;
          }
        }
      }
    }
    return [
      {
        what: `of ${asked.toLocaleString("en-US")} analogies found`,
        value: (100 * right) / asked,
        unit: "%",
        limit: { least: 95 },
      },
    ];
  },
};
