import type { Tensor } from "../../ir/tensor.js";
import { type KeyLike, normal, uniform } from "../../random/index.js";
import type { Initialiser, Slot } from "./initialiser.js";

/** Which connections of a unit the variance is divided by. */
type Fan = "in" | "mean";

const fanOf: Record<Fan, (slot: Slot) => number> = {
  in: ({ fanIn }) => fanIn,
  mean: ({ fanIn, fanOut }) => (fanIn + fanOut) / 2,
};

/** Draws with mean 0 and a given standard deviation. */
const laws = {
  normal: (key: KeyLike, { shape }: Slot, std: number): Tensor => normal(key, shape, { std }),
  // The uniform law on −a … a has variance a²/3.
  uniform: (key: KeyLike, { shape }: Slot, std: number): Tensor =>
    uniform(key, shape, { low: -std * Math.sqrt(3), high: std * Math.sqrt(3) }),
} as const;

interface ScalingRecord {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tex: string;
  readonly source: string;
  readonly law: keyof typeof laws;
  readonly fan: Fan;
  /** Gain that the source prescribes; null for that of the activation that follows. */
  readonly gain: number | null;
}

/** A fixed gain in place of the one that the source prescribes. */
export interface GainOption {
  readonly gain?: number;
}

/** Makes the initialisers of variance gain² / fan. An axis of size 0 counts as 1. */
function scaling(record: ScalingRecord): (options?: GainOption) => Initialiser {
  const { name, aliases, tex, source, law, fan } = record;
  return ({ gain: chosen } = {}) => ({
    name,
    aliases,
    tex,
    source,
    draw: (key, slot) => {
      const gain = chosen ?? record.gain ?? slot.gain ?? 1;
      return laws[law](key, slot, gain / Math.sqrt(Math.max(fanOf[fan](slot), 1)));
    },
  });
}

const glorot = "Glorot & Bengio, AISTATS 2010";
const he = "He, Zhang, Ren & Sun 2015, arXiv:1502.01852";
const lecun = "LeCun, Bottou, Orr & Müller, Efficient BackProp, 1998";

/** Uniform with variance 2 / (fanIn + fanOut): keeps signals and gradients of tanh-like layers alike. Xavier is another name. */
export const glorotUniform = scaling({
  name: "glorotUniform",
  aliases: ["xavierUniform"],
  tex: String.raw`U(-a, a),\ a = g\sqrt{6 / (n_{in} + n_{out})}`,
  source: glorot,
  law: "uniform",
  fan: "mean",
  gain: 1,
});

/** Normal with variance 2 / (fanIn + fanOut). Xavier is another name. */
export const glorotNormal = scaling({
  name: "glorotNormal",
  aliases: ["xavierNormal"],
  tex: "N(0, 2 g^2 / (n_{in} + n_{out}))",
  source: glorot,
  law: "normal",
  fan: "mean",
  gain: 1,
});

/** Uniform with variance 2 / fanIn: keeps the signal through relus. Kaiming is another name. */
export const heUniform = scaling({
  name: "heUniform",
  aliases: ["kaimingUniform"],
  tex: String.raw`U(-a, a),\ a = g\sqrt{3 / n_{in}},\ g = \sqrt 2`,
  source: he,
  law: "uniform",
  fan: "in",
  gain: Math.SQRT2,
});

/** Normal with variance 2 / fanIn: keeps the signal through relus. Kaiming is another name. */
export const heNormal = scaling({
  name: "heNormal",
  aliases: ["kaimingNormal"],
  tex: String.raw`N(0, g^2 / n_{in}),\ g = \sqrt 2`,
  source: he,
  law: "normal",
  fan: "in",
  gain: Math.SQRT2,
});

/** Uniform with variance 1 / fanIn: for SELU, and where nothing follows. */
export const lecunUniform = scaling({
  name: "lecunUniform",
  aliases: [],
  tex: String.raw`U(-a, a),\ a = g\sqrt{3 / n_{in}}`,
  source: lecun,
  law: "uniform",
  fan: "in",
  gain: 1,
});

/** Normal with variance 1 / fanIn: for SELU, and where nothing follows. */
export const lecunNormal = scaling({
  name: "lecunNormal",
  aliases: [],
  tex: "N(0, g^2 / n_{in})",
  source: lecun,
  law: "normal",
  fan: "in",
  gain: 1,
});

/**
 * Normal with variance g² / fanIn, g being the gain of the activation that follows: whichever it is, the signal keeps its second
 * moment. That is He's rule for a relu, LeCun's for SELU and for a last layer. The default of every layer.
 */
export const variancePreserving = scaling({
  name: "variancePreserving",
  aliases: ["auto"],
  tex: String.raw`N(0, g^2 / n_{in}),\ \mathbb{E} f(g z)^2 = 1`,
  source: he,
  law: "normal",
  fan: "in",
  gain: null,
});
