import type { Emitter } from "../../ir/emitter.js";
import { sech } from "../../ops/bells.js";
import { smooth } from "../../ops/define.js";
import { mul, neg, tanh } from "../../ops/index.js";
import { unary } from "../../ops/unary.js";
import { alternatingSum } from "./alternating.js";
import type { Tail } from "./deviation.js";
import { polynomial } from "./emissions.js";
import { kernel } from "./kernel.js";

/** Coefficients from tools/coefficients/kernels.py: Iₙ(−d)/q in powers of q² = e^(−πd), n = 0, 1, 2, 3. */
const SCALED = [
  [
    0.6366197723664333, -0.2122065903381255, 0.12732392480948626, -0.09094490578184194, 0.07072481756434038, -0.05778469634679545,
    0.04847382228439178, -0.040527801902149885, 0.032121018280815136, -0.02245212843181511, 0.01269257032000907,
    -0.005246956434392644, 0.0013768776927111325, -0.00016972408366694965,
  ],
  [
    0.40528473456931735, -0.045031637161118965, 0.016211388512009456, -0.008271094293713045, 0.005003202181995615,
    -0.003346845770596477, 0.0023837487318102224, -0.001746299922749523, 0.0012510412115952722, -0.000813719838422399,
    0.0004381825324147029, -0.0001754105938334773, 4.5056174590426436e-5, -5.47362254538384e-6,
  ],
  [
    0.5160245509311899, -0.019112020404093998, 0.004128196357233588, -0.001504443445671945, 0.0007078346257165606,
    -0.0003875472098115581, 0.00023405748857358128, -0.00014978690211712366, 9.655644580428952e-5, -5.817652728347136e-5,
    2.9739242389875218e-5, -1.1503781921306723e-5, 2.8888258825513827e-6, -3.456458920230264e-7,
  ],
  [
    0.985534296449696, -0.012167090079560744, 0.0015768548700469825, -0.00041046815050875605, 0.00015020946414866942,
    -6.73006688301277e-5, 3.443734489000505e-5, -1.920732135086395e-5, 1.1097221344484193e-5, -6.166548579987288e-6,
    2.9819804895313885e-6, -1.1120985449099668e-6, 2.7267505972177234e-7, -3.2110369707681836e-8,
  ],
] as const;

/** From the same program, for float32. */
const SCALED_SINGLE = [
  [
    0.6366196972442156, -0.21219690985424655, 0.1271136269482675, -0.08914771409750515, 0.06282714881482578,
    -0.037452184054379264, 0.015139148336110771, -0.0029028537362538916,
  ],
  [
    0.40528470766150043, -0.04502898047123111, 0.016167248905895826, -0.007985537987849359, 0.004069796883234668,
    -0.001597022275191036, 0.0003166756382923858,
  ],
  [
    0.5160245261651497, -0.019110222423018047, 0.004106315877634966, -0.001402536536778106, 0.000475060514706788,
    -9.315925527201496e-5,
  ],
  [0.9855342495221642, -0.012164721951808032, 0.0015569849810122595, -0.0003486365384392505, 6.092948055955496e-5],
] as const;

const HALF_PI = Math.PI / 2;
/** π/2 to 24 bits, whose product with a float32 is exact, and the rest. */
const HALF_PI_HIGH = Math.fround(HALF_PI);
const HALF_PI_LOW = -4.371139000186241e-8;

/** q = e^(−πd/2) for d ≥ 0, without the rounding of πd/2, which would cost d·1e-16 of it. */
function decayExact(d: number): number {
  if (d > 1000) return 0;
  const high = Math.fround(d);
  return Math.exp(-high * HALF_PI_HIGH) * Math.exp(-(d - high) * HALF_PI - high * HALF_PI_LOW);
}

const decay = (onnx: Emitter, d: string): string => onnx.op("Exp", [onnx.op("Mul", [d, onnx.scalar(-HALF_PI)])]);

function scaled(onnx: Emitter, d: string, coefficients: readonly number[]): string {
  const q = decay(onnx, d);
  return onnx.op("Mul", [q, polynomial(onnx, onnx.op("Mul", [q, q]), coefficients)]);
}

/** Iₙ(−d) = n!(2/π)ⁿ⁺¹ Tiₙ₊₁(q), an inverse-tangent integral: Tiₘ(q) = Σ (−1)ᵏ q²ᵏ⁺¹/(2k + 1)ᵐ. */
const tail = (order: 0 | 1 | 2 | 3): Tail => {
  const scale = [1, 1, 2, 6][order] / HALF_PI ** (order + 1);
  return {
    value: (d) => {
      const q = decayExact(d);
      return scale * q * alternatingSum((k) => q ** (2 * k) / (2 * k + 1) ** (order + 1));
    },
    lower: (onnx, d) => scaled(onnx, d, SCALED_SINGLE[order]),
    precise: (onnx, d) => scaled(onnx, d, SCALED[order]),
  };
};

const density = unary({
  name: "hyperbolicSecantDensity",
  doc: "½ sech(πu/2), the density of the hyperbolic secant law.",
  value: (u) => {
    const q = decayExact(Math.abs(u));
    return q / (1 + q * q);
  },
  derivative: smooth((t, y) => neg(mul(t, mul(mul(y, HALF_PI), tanh(mul(y.inputs[0], HALF_PI)))))),
  lower: (onnx, u) => {
    const q = decay(onnx, onnx.op("Abs", [u]));
    return onnx.op("Div", [q, onnx.op("Add", [onnx.op("Mul", [q, q]), onnx.scalar(1)])]);
  },
  accuracy: { ulp: 8, scale: "unit" },
});

/** φ(u) = ½ sech(πu/2): its own characteristic function but for scale, as the Gaussian is, with exponential tails. */
export const hyperbolicSecant = kernel({
  name: "hyperbolicSecant",
  aliases: ["sech"],
  title: "hyperbolic secant",
  tex: String.raw`\tfrac12 \operatorname{sech} \tfrac{\pi u}{2}`,
  source: "Perks 1932, Talacko 1956",
  radius: Infinity,
  momentsBelow: Infinity,
  // 8/π² times the constant of Catalan.
  absoluteMoment: 0.7424537454215443,
  variance: 1,
  fourthMoment: 5,
  smoothness: Infinity,
  decay: HALF_PI,
  positive: true,
  characteristic: (frequency) => sech(frequency),
  density,
  tails: [tail(0), tail(1), tail(2), tail(3)],
});
