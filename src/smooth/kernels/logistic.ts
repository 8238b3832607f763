import type { Emitter } from "../../ir/emitter.js";
import type { Tensor } from "../../ir/tensor.js";
import { abs, add, clip, div, exp, less, maximum, mul, neg, sigmoid, softplus, sub, where } from "../../ops/index.js";
import { preciseSigmoid } from "../../ops/precise.js";
import { sigmoidExact } from "../../ops/special.js";
import { silu, tailSigmoidSlope } from "../../ops/tail-sigmoid.js";
import { alternatingSum } from "./alternating.js";
import type { Tail } from "./deviation.js";
import { polynomial } from "./emissions.js";
import { kernel } from "./kernel.js";
import { logisticTilted } from "./logistic-tilted.js";
import { logisticSingle } from "./single-logistic.js";

/** Coefficients from tools/coefficients/kernels.py: Iₙ(−d)/u in powers of u = e^(−d), n = 1, 2, 3. */
const SCALED = [
  [
    0.9999999999965526, -0.4999999986454919, 0.33333324425176525, -0.24999766952241512, 0.19996782322178103, -0.16639681062517256,
    0.14136394226230475, -0.11924821056785652, 0.09509049761833763, -0.06673351301809682, 0.03782205115422201,
    -0.01566061972113594, 0.0041139143025147725, -0.0005074701491635587,
  ],
  [
    1.9999999999993907, -0.4999999997606091, 0.22222220649275493, -0.12499958919925809, 0.07999434293081682, -0.05550829031660494,
    0.04055618248201112, -0.030255443904146407, 0.021950889044760395, -0.014398218073353468, 0.007795178115784342,
    -0.003131164221615209, 0.0008060359598581612, -9.806270189372462e-5,
  ],
  [
    5.999999999999841, -0.7499999999375827, 0.22222221812440449, -0.09374989314225186, 0.0479985319307158, -0.027765553335351204,
    0.017425748775952477, -0.01146446017599569, 0.007536469099923452, -0.004601210692665736, 0.0023721650229563207,
    -0.0009225329031558564, 0.00023245678994776738, -2.78753386535978e-5,
  ],
] as const;

/** From the same program, for float32: n = 2, 3. */
const SCALED_SINGLE = [
  [
    1.9999995476932984, -0.4999553351621166, 0.22147954200861564, -0.12018753024844424, 0.06422204182207093,
    -0.025800013318657364, 0.005176074468797105,
  ],
  [
    5.999998235427438, -0.7498718538111616, 0.22066027464263535, -0.08645160519084724, 0.031226019661875836,
    -0.006306105286648021,
  ],
] as const;

/** u = e^(−d). */
const decay = (onnx: Emitter, d: string): string => onnx.op("Exp", [onnx.op("Neg", [d])]);

function scaled(onnx: Emitter, d: string, coefficients: readonly number[]): string {
  const u = decay(onnx, d);
  return onnx.op("Mul", [u, polynomial(onnx, u, coefficients)]);
}

/** Iₙ(−d) = −n! Liₙ(−u), a polylogarithm: n! Σ (−1)ᵏ uᵏ⁺¹/(k + 1)ⁿ. */
const polylogarithm =
  (order: 2 | 3) =>
  (d: number): number => {
    const u = Math.exp(-d);
    return (order === 2 ? 2 : 6) * u * alternatingSum((k) => u ** k / (k + 1) ** order);
  };

const higherTail = (order: 2 | 3): Tail => ({
  value: polylogarithm(order),
  lower: (onnx, d) => scaled(onnx, d, SCALED_SINGLE[order - 2]),
  precise: (onnx, d) => scaled(onnx, d, SCALED[order - 1]),
});

/** The coefficients of x²ⁿ, n = 16 … 0, in x/sinh x = 1 + 2 Σ (−1)ᵏ x²/(x² + π²k²), from the same program. */
const HYPERBOLIC_RATIO = [
  2.4673688033682493e-16, -2.435195398382432e-15, 2.4034415154237358e-14, -2.3721016693292245e-13, 2.3411704028931947e-12,
  -2.3106421580996967e-11, 2.280510770721821e-10, -2.2507674795567867e-9, 2.2213930853920414e-8, -2.192327134456764e-7,
  2.1633474427786596e-6, -2.1336045641601196e-5, 0.0002099867724867725, -0.00205026455026455, 0.019444444444444445,
  -0.16666666666666666, 1,
];

/** x/sinh x for x ≥ 0: its series up to 1, where 0/0 is near, and 2x e^(−x)/(1 − e^(−2x)) from there. */
function hyperbolicRatio(x: Tensor): Tensor {
  const near = clip(x, 0, 1);
  const square = mul(near, near);
  const series = HYPERBOLIC_RATIO.reduce((sum, coefficient) => add(mul(sum, square), coefficient), mul(square, 0));
  const far = maximum(x, 1);
  const ratio = div(mul(mul(far, 2), exp(neg(far))), sub(1, exp(mul(far, -2))));
  return where(less(x, 1), series, ratio);
}

/** φ(u) = σ(u)·σ(−u), σ the sigmoid: what makes softplus of a relu, and swish of a gate. */
export const logistic = kernel({
  name: "logistic",
  title: "logistic",
  tex: String.raw`\frac{e^{-u}}{(1 + e^{-u})^2}`,
  source: "Verhulst 1845",
  radius: Infinity,
  momentsBelow: Infinity,
  absoluteMoment: 2 * Math.LN2,
  variance: Math.PI ** 2 / 3,
  fourthMoment: (7 * Math.PI ** 4) / 15,
  smoothness: Infinity,
  decay: 1,
  spread: Math.PI,
  positive: true,
  // πω/sinh(πω).
  characteristic: (frequency) => hyperbolicRatio(mul(abs(frequency), Math.PI)),
  density: (u) => tailSigmoidSlope(u),
  tails: [
    {
      value: (d) => sigmoidExact(-d),
      lower: (onnx, d) => onnx.op("Reciprocal", [onnx.op("Add", [onnx.op("Exp", [d]), onnx.scalar(1)])]),
      precise: (onnx, d) => preciseSigmoid(onnx, onnx.op("Neg", [d])),
    },
    {
      value: (d) => Math.log1p(Math.exp(-d)),
      lower: (onnx, d) => onnx.op("Log", [onnx.op("Add", [decay(onnx, d), onnx.scalar(1)])]),
      precise: (onnx, d) => scaled(onnx, d, SCALED[0]),
    },
    higherTail(2),
    higherTail(3),
  ],
  ...logisticTilted,
  direct: [sigmoid, softplus, null, null],
  gate: silu,
  single: logisticSingle,
});
