import type { Tensor } from "../../ir/tensor.js";
import { add, mul, square, sub } from "../../ops/index.js";
import { hold } from "../../ops/piecewise.js";
import { edgeTails } from "./edges.js";
import { kernel } from "./kernel.js";
import { sphericalWave } from "./waves.js";

/** 1 − u² on −1 … 1, as (1 − |u|)(1 + |u|) so that it keeps its digits at the edges; its slope at the edges is that outside. */
function arch(u: Tensor): Tensor {
  const held = hold(u, { low: -1, high: 1 });
  return mul(sub(1, held), add(held, 1));
}

/** ¾(1 − u²): the density by which estimates from samples have the least mean square error. */
export const epanechnikov = kernel({
  name: "epanechnikov",
  aliases: ["parabolic"],
  title: "Epanechnikov",
  tex: String.raw`\tfrac34 \max(1 - u^2, 0)`,
  source: "Epanechnikov 1969",
  radius: 1,
  momentsBelow: Infinity,
  absoluteMoment: 3 / 8,
  variance: 1 / 5,
  fourthMoment: 3 / 35,
  smoothness: 0,
  decay: Infinity,
  positive: true,
  characteristic: (frequency) => sphericalWave(frequency, { order: 1 }),
  density: (u) => mul(arch(u), 3 / 4),
  tails: edgeTails([{ at: 1, lead: 1, coefficients: [3 / 2, -3 / 4] }]),
});

/** 15/16 (1 − u²)²: zero with its slope at the edges. */
export const biweight = kernel({
  name: "biweight",
  aliases: ["quartic"],
  title: "biweight",
  tex: String.raw`\tfrac{15}{16} \max(1 - u^2, 0)^2`,
  source: "Tukey; Silverman 1986",
  radius: 1,
  momentsBelow: Infinity,
  absoluteMoment: 5 / 16,
  variance: 1 / 7,
  fourthMoment: 1 / 21,
  smoothness: 1,
  decay: Infinity,
  positive: true,
  characteristic: (frequency) => sphericalWave(frequency, { order: 2 }),
  density: (u) => mul(square(arch(u)), 15 / 16),
  tails: edgeTails([{ at: 1, lead: 2, coefficients: [15 / 4, -15 / 4, 15 / 16] }]),
});

/** 35/32 (1 − u²)³: zero with two derivatives at the edges. */
export const triweight = kernel({
  name: "triweight",
  title: "triweight",
  tex: String.raw`\tfrac{35}{32} \max(1 - u^2, 0)^3`,
  source: "Silverman 1986",
  radius: 1,
  momentsBelow: Infinity,
  absoluteMoment: 35 / 128,
  variance: 1 / 9,
  fourthMoment: 1 / 33,
  smoothness: 2,
  decay: Infinity,
  positive: true,
  characteristic: (frequency) => sphericalWave(frequency, { order: 3 }),
  density: (u) => {
    const within = arch(u);
    return mul(mul(square(within), within), 35 / 32);
  },
  tails: edgeTails([{ at: 1, lead: 3, coefficients: [35 / 4, -105 / 8, 105 / 16, -35 / 32] }]),
});
