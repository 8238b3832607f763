import { fault } from "../ir/fault.js";
import { formatShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { resolveAxis } from "../ops/define.js";
import { concat, max, maximum, minimum, mul, neg, relu, reshape, sigmoid, split, type TensorLike, tanh } from "../ops/index.js";
import { activation, plainNumber } from "./activation.js";
import { elu } from "./exponential.js";
import { type Range, range, type VectorFacts } from "./facts.js";
import { gelu, geluTanh, silu } from "./gated.js";

const axis = { default: -1, range: [-Infinity, Infinity], whole: true, doc: "the axis that is halved" } as const;

/** Parts of equal size along an axis. */
function partsOf(name: string, x: Tensor, axisValue: TensorLike, count: number): { parts: Tensor[]; at: number } {
  const at = resolveAxis(name, plainNumber(name, axisValue), x.rank);
  if (x.shape[at] % count !== 0) {
    throw fault(name, `axis ${at} cannot be cut into ${count} equal parts`, {
      expected: `a multiple of ${count}`,
      got: `${x.shape[at]} in ${formatShape(x.shape)}`,
      fix: count === 2 ? "give the layer before it twice as many outputs as are wanted" : `make the axis ${count} times as wide`,
    });
  }
  return { parts: split(x, count, at), at };
}

/** The facts of functions of several numbers that have no fixed sum. */
const joint = (values: Range, facts: Partial<VectorFacts> = {}): VectorFacts => ({
  kind: "vector",
  range: values,
  lipschitz: Infinity,
  smoothness: "analytic",
  rowSum: null,
  shiftInvariant: false,
  ...facts,
});

const everything = range("(", -Infinity, Infinity, ")");

/** a·f(b), where a and b are the first and second half of an axis. */
const gatedHalf =
  (name: string, f: (gate: Tensor) => Tensor, g: (value: Tensor) => Tensor = (value) => value) =>
  (x: Tensor, parameters: { readonly axis: TensorLike }): Tensor => {
    const [value, gate] = partsOf(name, x, parameters.axis, 2).parts;
    return mul(g(value), f(gate));
  };

const shazeer = "Shazeer 2020, arXiv:2002.05202";
const blocks = "Feed-forward blocks of transformers, of two thirds the usual width for the same number of parameters.";
const twice = "Needs twice as many inputs as it has outputs, and products may grow as squares.";

/** a·σ(b), the halves of an axis: what passes is decided by the other half. */
export const glu = activation({
  name: "glu",
  title: "GLU",
  tex: String.raw`a \otimes \sigma(b)`,
  source: "Dauphin, Fan, Auli & Grangier, ICML 2017, arXiv:1612.08083",
  strengths: "The value has a straight way for gradients; the gate decides how much.",
  weaknesses: twice,
  use: "Gated convolutional networks, and feed-forward blocks.",
  frameworks: { pytorch: "nn.GLU(dim=-1)", keras: "glu", jax: "jax.nn.glu" },
  parameters: { axis },
  apply: gatedHalf("glu", sigmoid),
  facts: () => joint(everything),
});

/** a·b, the halves of an axis: a gate without a function. */
export const bilinear = activation({
  name: "bilinear",
  title: "bilinear",
  tex: String.raw`a \otimes b`,
  source: shazeer,
  strengths: "A product is all there is to compute, and its weights can be analysed as a tensor.",
  weaknesses: twice,
  use: "Networks that are to be interpreted.",
  parameters: { axis },
  apply: gatedHalf("bilinear", (gate) => gate),
  facts: () => joint(everything),
});

/** a·max(b, 0). */
export const reGlu = activation({
  name: "reGlu",
  title: "ReGLU",
  tex: String.raw`a \otimes \max(b, 0)`,
  source: shazeer,
  strengths: "Half of its outputs are exactly 0.",
  weaknesses: twice,
  use: blocks,
  parameters: { axis },
  apply: gatedHalf("reGlu", relu),
  facts: () => joint(everything, { smoothness: "C0" }),
});

/** a·GELU(b). */
export const geGlu = activation({
  name: "geGlu",
  title: "GEGLU",
  tex: String.raw`a \otimes b\,\Phi(b)`,
  source: shazeer,
  strengths: "Better than GELU at equal cost, in the measurements of its author and since.",
  weaknesses: twice,
  use: blocks,
  parameters: { axis },
  apply: gatedHalf("geGlu", gelu),
  facts: () => joint(everything),
});

/** a·GELU(b), with the tanh form of GELU. */
export const geGluTanh = activation({
  name: "geGluTanh",
  title: "GEGLU (tanh)",
  tex: String.raw`a \otimes \tfrac{b}{2}\left(1 + \tanh\left(\sqrt{2/\pi}\,(b + 0.044715 b^3)\right)\right)`,
  source: shazeer,
  strengths: "GEGLU where an error function is slow or missing.",
  weaknesses: twice,
  use: "Models that were trained with it, such as Gemma.",
  parameters: { axis },
  apply: gatedHalf("geGluTanh", geluTanh),
  facts: () => joint(everything),
});

/** a·SiLU(b). */
export const swiGlu = activation({
  name: "swiGlu",
  title: "SwiGLU",
  tex: String.raw`a \otimes b\,\sigma(b)`,
  source: shazeer,
  strengths: "As good as GEGLU, and cheaper.",
  weaknesses: twice,
  use: "Feed-forward blocks of language models, of two thirds the usual width for the same number of parameters.",
  parameters: { axis },
  apply: gatedHalf("swiGlu", silu),
  facts: () => joint(everything),
});

/** max(a, 0)·max(b, 0): three quarters of its outputs are 0 for symmetric inputs. */
export const dRelu = activation({
  name: "dRelu",
  title: "dReLU",
  tex: String.raw`\max(a, 0) \otimes \max(b, 0)`,
  source: "Song, Xie, Zhang et al. 2024, arXiv:2406.05955",
  strengths: "So many exact zeros that most of the next product may be skipped.",
  weaknesses: `${twice.slice(0, -1)}; units may die.`,
  use: "Language models that are to run on sparse products.",
  parameters: { axis },
  apply: gatedHalf("dRelu", relu, relu),
  facts: () => joint(range("[", 0, Infinity, ")"), { smoothness: "C0" }),
});

/** tanh(a)·σ(b): bounded on both sides. */
export const gatedTanh = activation({
  name: "gatedTanh",
  aliases: ["gtu"],
  title: "gated tanh",
  tex: String.raw`\tanh(a) \otimes \sigma(b)`,
  source: "van den Oord, Kalchbrenner et al. 2016, arXiv:1606.05328",
  strengths: "Bounded, so that nothing explodes; the gate of an LSTM without its memory.",
  weaknesses: "Saturates in both arguments.",
  use: "Models of sound such as WaveNet, and of pixels.",
  parameters: { axis },
  apply: gatedHalf("gatedTanh", sigmoid, tanh),
  // The slope by a is steepest at a = 0 for b → ∞.
  facts: () => joint(range("(", -1, 1, ")"), { lipschitz: 1 }),
});

const bothSigns =
  (name: string, f: (x: Tensor) => Tensor) =>
  (x: Tensor, parameters: { readonly axis: TensorLike }): Tensor =>
    concat([f(x), f(neg(x))], resolveAxis(name, plainNumber(name, parameters.axis), x.rank));

const doubled = { ...axis, doc: "the axis that becomes twice as long" } as const;

/** max(x, 0) beside max(−x, 0): nothing is lost, on twice the width. */
export const cRelu = activation({
  name: "cRelu",
  title: "CReLU",
  tex: String.raw`\left[\max(x, 0),\ \max(-x, 0)\right]`,
  source: "Shang, Sohn, Almeida & Lee, ICML 2016, arXiv:1603.05201",
  strengths: "Keeps both signs, and the length of every row.",
  weaknesses: "Doubles the inputs of the next layer.",
  use: "First layers of convolutional networks, whose filters come in pairs of opposite sign.",
  parameters: { axis: doubled },
  apply: bothSigns("cRelu", relu),
  facts: () => joint(range("[", 0, Infinity, ")"), { lipschitz: 1, smoothness: "C0" }),
});

/** ELU(x) beside ELU(−x). */
export const concatElu = activation({
  name: "concatElu",
  title: "concatenated ELU",
  tex: String.raw`\left[\operatorname{ELU}(x),\ \operatorname{ELU}(-x)\right]`,
  source: "Salimans, Karpathy, Chen & Kingma, PixelCNN++, ICLR 2017, arXiv:1701.05517",
  strengths: "Keeps both signs, without corners.",
  weaknesses: "Doubles the inputs of the next layer.",
  use: "Generative models such as PixelCNN++.",
  parameters: { axis: doubled },
  apply: bothSigns("concatElu", (x) => elu(x)),
  // Both slopes are 1 at 0.
  facts: () => joint(range("(", -1, Infinity, ")"), { lipschitz: Math.SQRT2, smoothness: "C1" }),
});

/** The largest of k numbers that lie a whole part of the axis apart: xᵢ, x_(i+m), x_(i+2m), … for parts of length m. */
export const maxout = activation({
  name: "maxout",
  title: "maxout",
  tex: String.raw`\max_{j < k} x_{i + jm}`,
  source: "Goodfellow, Warde-Farley, Mirza, Courville & Bengio, ICML 2013, arXiv:1302.4389",
  strengths: "Learns any convex function of the inputs of its layer, and never dies.",
  weaknesses: "Needs k times as many inputs as it has outputs.",
  use: "Small networks with dropout.",
  parameters: {
    axis: { ...axis, doc: "the axis that becomes shorter" },
    pieces: { default: 2, range: [1, Infinity], whole: true, doc: "how many numbers compete, k" },
  },
  apply: (x, { axis: along, pieces }) => {
    const count = plainNumber("maxout", pieces);
    const { at } = partsOf("maxout", x, along, count);
    const length = x.shape[at] / count;
    return max(reshape(x, [...x.shape.slice(0, at), count, length, ...x.shape.slice(at + 1)]), { axes: at });
  },
  facts: () => joint(everything, { lipschitz: 1, smoothness: "C0" }),
});

/** The larger of each two beside the smaller: max(a, b) and min(a, b), the halves of an axis. */
export const maxMin = activation({
  name: "maxMin",
  aliases: ["groupSort2"],
  title: "MaxMin",
  tex: String.raw`\left[\max(a, b),\ \min(a, b)\right]`,
  source: "Anil, Lucas & Grosse, ICML 2019, arXiv:1811.05381",
  strengths: "Keeps the length of every gradient: networks of it can be as steep as they may be, and no steeper.",
  weaknesses: "Needs an even width.",
  use: "Networks with a bounded Lipschitz constant, against adversarial inputs.",
  parameters: { axis },
  apply: (x, { axis: along }) => {
    const { parts, at } = partsOf("maxMin", x, along, 2);
    return concat([maximum(parts[0], parts[1]), minimum(parts[0], parts[1])], at);
  },
  facts: () => joint(everything, { lipschitz: 1, smoothness: "C0" }),
});
