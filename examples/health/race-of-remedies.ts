/**
 * A race of remedies: eight layers of five sigmoids cannot tell two rings apart, because the gradient vanishes. What textbooks advise
 * first, ReLU with He's start, is not the best here: layers of five units die. Each remedy is trained from three seeds.
 *
 *     npx tsx examples/health/race-of-remedies.ts [folder]
 */
import { data, nn, optim, random, type Tensor, tensor, train } from "softgrad";
import { relu, selu, sigmoid, tanh } from "softgrad/activations";
import { depthChart } from "softgrad/plot";
import { keep, short } from "./shared/show.js";
import { signalsOf } from "./shared/signals.js";

const depth = 8;
const width = 5;
const seeds = [0, 1, 2];
const epochs = 120;

/** Two rings, the inner one with 0.8 of the radius, and noise of 0.1: a good network tells about 84 % of the points apart. */
const count = 1000;
const angles = (await random.uniform(random.key(1), [count], { low: 0, high: 2 * Math.PI }).value()) as number[];
const noise = (await random.normal(random.key(2), [count, 2], { std: 0.1 }).value()) as number[][];
const points = angles.map((angle, i) => {
  const radius = i % 2 === 0 ? 1 : 0.8;
  return [radius * Math.cos(angle) + noise[i][0], radius * Math.sin(angle) + noise[i][1]];
});
const rings = data.fromArrays({ features: points, targets: points.map((_, i) => [i % 2]) });
const parts = rings.split({ train: 0.7, test: 0.3 }, { key: random.key(3) });

interface Net {
  readonly activation: (x: Tensor) => Tensor;
  readonly init: string;
  readonly norm?: boolean;
}
const remedies: Record<string, Net> = {
  "as it is: sigmoid, He": { activation: sigmoid, init: "heUniform" },
  "ReLU, He": { activation: relu, init: "heUniform" },
  "tanh, Glorot": { activation: tanh, init: "glorotUniform" },
  "SELU, LeCun": { activation: selu, init: "lecunNormal" },
  "sigmoid with batch norm": { activation: sigmoid, init: "heUniform", norm: true },
};
const network = ({ activation, init, norm = false }: Net) => {
  const layer = (inputs: number) => [nn.linear(inputs, width, { init }), ...(norm ? [nn.batchNorm(width)] : []), activation];
  return nn.sequential(...Array.from({ length: depth }, (_, i) => layer(i === 0 ? 2 : width)).flat(), nn.linear(width, 1));
};

const sample = parts.train.gather(Int32Array.from({ length: 128 }, (_, i) => i));
const [x, y] = [sample.features, sample.targets].map(({ data: numbers, shape }) => tensor(numbers, { shape }));
const right = (predictions: ArrayLike<number>, targets: ArrayLike<number>): number =>
  Array.from(predictions).filter((logit, i) => logit > 0 === targets[i] > 0.5).length / targets.length;

const raced: { name: string; arrives: readonly number[]; scores: readonly number[]; losses: readonly number[] }[] = [];
for (const [name, net] of Object.entries(remedies)) {
  const model = network(net);
  const { arrives } = await signalsOf(model, nn.binaryCrossEntropy)(nn.initialise(model, seeds[0]), x, y);
  const scores: number[] = [];
  const losses = new Array<number>(epochs).fill(0);
  for (const seed of seeds) {
    const optimizer = optim.adam({ learningRate: 1e-3 });
    const trainer = await train.compile({ model, loss: nn.binaryCrossEntropy, optimizer, seed });
    for await (const { epoch, loss } of trainer.fit(parts.train, { epochs, batchSize: 128 }))
      losses[epoch - 1] += loss / seeds.length;
    const { features, targets } = parts.test.gather();
    scores.push(right((await trainer.predict(features)).data, targets.data));
    await trainer.dispose();
  }
  raced.push({ name, arrives, scores, losses });
  const mean = scores.reduce((total, score) => total + score, 0) / seeds.length;
  const range = [Math.min(...scores), Math.max(...scores)].map((score) => (100 * score).toFixed(0)).join(" to ");
  console.log(`${name.padEnd(24)} signal first ÷ last ${short(arrives[0] / arrives[depth]).padStart(8)}; right ${(100 * mean).toFixed(1)} % (${range})`); // biome-ignore format: one line
}
const best = raced.reduce((one, other) => (sumOf(other.scores) > sumOf(one.scores) ? other : one));
console.log(
  `Best of all: ${best.name}. A signal that arrives is what all cures have in common, but not enough alone: with five units a layer, ` +
    "ReLUs that are dead for all samples cut the network in two. So remedies are tried, not looked up.",
);
function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
keep(
  "race-of-remedies",
  depthChart(
    [{ label: "signal that arrives ÷ signal at the head, before training", scale: "log", reference: 1, curves: raced.map(({ name, arrives }) => ({ name, values: arrives.map((signal) => signal / arrives[depth]) })) }], // biome-ignore format: one line
    { title: `${depth} layers of ${width} units, and what may help them`, theme: "light" },
  ),
);
keep(
  "race-of-remedies-training",
  depthChart(
    [{ label: "training loss, mean of the seeds; ln 2 is that of a coin", reference: Math.LN2, curves: raced.map(({ name, losses }) => ({ name, values: losses })) }], // biome-ignore format: one line
    { title: "The race", along: { label: "epoch" }, theme: "light" },
  ),
);
