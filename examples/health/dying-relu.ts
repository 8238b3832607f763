/**
 * Dying ReLU: y = 5x² + noise by a network 1-50-30-1 with plain gradient descent. With a learning rate of 0.1 the first update is
 * so large that units of both layers are below 0 for every sample; the slope of a ReLU is 0 there, so they never come back. From the
 * same start: a smaller rate, gradients clipped to length 1, and a leaky ReLU, which cannot die.
 *
 *     npx tsx examples/health/dying-relu.ts [folder]
 */
import { cast, compile, concat, data, lessEqual, max, mean, nn, optim, type Tensor, tensor, train } from "softgrad";
import { leakyRelu, relu } from "softgrad/activations";
import { depthChart } from "softgrad/plot";
import { keep, short } from "./shared/show.js";

/** The noise is the cube of standard normal numbers, from a generator of its own so that it is the same everywhere. */
const noise = (i: number): number => {
  const uniform = (n: number): number => (((Math.sin(n * 12.9898) * 43758.5453) % 1) + 1) % 1;
  return (Math.sqrt(-2 * Math.log(uniform(2 * i + 1))) * Math.cos(2 * Math.PI * uniform(2 * i + 2))) ** 3;
};
const xs = Array.from({ length: 50 }, (_, i) => i / 10);
const ys = xs.map((x, i) => 5 * x ** 2 + noise(i));
const spread = ys.reduce((sum, y) => sum + (y - ys.reduce((a, b) => a + b) / 50) ** 2, 0) / 50;
const parabola = data.fromArrays({ features: xs.map((x) => [x]), targets: ys.map((y) => [y]) });
const steps = 400;
const every = 5;

interface Trial {
  readonly name: string;
  readonly activation: (x: Tensor) => Tensor;
  readonly optimizer: optim.Optimizer;
}
const sgd = optim.sgd;
const trials: readonly Trial[] = [
  { name: "ReLU, rate 0.1", activation: relu, optimizer: sgd({ learningRate: 0.1 }) },
  { name: "rate 0.001", activation: relu, optimizer: sgd({ learningRate: 0.001 }) },
  { name: "rate 0.1, clipped to 1", activation: relu, optimizer: sgd({ learningRate: 0.1, clipNorm: 1 }) },
  { name: "leaky ReLU, rate 0.1", activation: leakyRelu.with({ alpha: 0.1 }), optimizer: sgd({ learningRate: 0.1 }) },
];

/** Error, and the share of hidden units that are at most 0 for every sample, before each fifth step. */
async function follow({ name, activation, optimizer }: Trial) {
  const uniform = nn.initialisers.uniform();
  const model = nn.sequential(
    nn.linear(1, 50, { init: uniform }),
    activation,
    nn.linear(50, 30, { init: uniform }),
    activation,
    nn.linear(30, 1, { init: uniform }),
  );
  const trainer = await train.compile({ model, loss: nn.mse, optimizer, seed: 4 });
  const inputs = xs.map((x) => [x]);
  const below = compile((parameters: Awaited<ReturnType<typeof trainer.parameters>>) => {
    const hidden: Tensor[] = [];
    const probe = (path: string, z: Tensor): void => {
      if (path === "0.output" || path === "2.output") hidden.push(z);
    };
    model.apply(parameters, tensor(inputs), nn.context({ probe }));
    return mean(concat(hidden.map((z) => cast(lessEqual(max(z, { axes: 0 }), 0), "float32"))));
  });
  const [errors, dead]: [number[], number[]] = [[], []];
  for (let step = 0; step <= steps; step++) {
    if (step % every === 0) dead.push((await (await below(await trainer.parameters())).value()) as number);
    const error = await trainer.step({ inputs, targets: ys.map((y) => [y]) });
    if (step % every === 0) errors.push(error);
  }
  const { loss } = await trainer.evaluate(parabola);
  await trainer.dispose();
  return { name, errors, dead, loss };
}

console.log(`mean square error of always saying the mean: ${short(spread)}`);
const followed: Awaited<ReturnType<typeof follow>>[] = [];
for (const trial of trials) {
  const one = await follow(trial);
  followed.push(one);
  console.log(
    `${one.name.padEnd(24)} error ${short(one.loss).padStart(6)}, dead units ${Math.round(100 * one.dead[one.dead.length - 1])} %`,
  );
}
console.log(
  "Half of the units are dead from the start: x is never negative, and their weight is. The first step kills the others. A dead unit has no gradient, so a smaller rate afterwards would not wake it: the step that kills has to be avoided. Clipping limits " +
    "just that step and leaves the others long; a leaky ReLU stays alive, and the same step makes it explode.",
);
keep(
  "dying-relu",
  depthChart(
    [
      {
        label: "share of hidden units that are at most 0 for every sample",
        curves: followed.map(({ name, dead }) => ({ name, values: dead })),
      },
      { label: "mean square error", scale: "log", reference: spread, curves: followed.map(({ name, errors }) => ({ name, values: errors })) }, // biome-ignore format: one line
    ],
    {
      title: "One start, four trainings: y = 5x² + noise",
      along: { label: "step", at: Array.from({ length: steps / every + 1 }, (_, i) => i * every) },
      theme: "light",
    },
  ),
);
