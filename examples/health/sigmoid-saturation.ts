/**
 * Sigmoid saturation, seen from two sides. The slope of a sigmoid is at most ¼, and far from 0 it is nothing: the wider z is spread, the more
 * units stand where it is flat, and the less of the gradient reaches the weights before them. Scaled inputs and scaled weights do the same.
 *
 *     npx tsx examples/health/sigmoid-saturation.ts [folder]
 */
import { cast, compile, data, grad, less, mean, mul, nn, optim, random, square, sum, type Tensor, tensor, train } from "softgrad";
import { sigmoid, tanh } from "softgrad/activations";
import { depthChart } from "softgrad/plot";
import { standardDigits } from "./shared/digits.js";
import { keep, short } from "./shared/show.js";

// One unit whose z has a standard deviation of s: how often is its slope below 5 % of the largest, and what is left of the signal?
const spreads = [0.25, 0.5, 1, 2, 4, 8, 16, 32];
const unit = (activation: (x: Tensor) => Tensor, steepest: number) =>
  compile((z: Tensor, spread: Tensor) => {
    const slope = grad((x: Tensor) => sum(activation(x)))(mul(z, spread));
    return { flat: mean(cast(less(slope, 0.05 * steepest), "float32")), passes: mean(square(slope)).sqrt() };
  });
const z = random.normal(random.key(1), [100_000]);
const curves: { name: string; flat: number[]; passes: number[] }[] = [];
for (const [name, activation, steepest] of [
  ["sigmoid", sigmoid, 1 / 4],
  ["tanh", tanh, 1],
] as const) {
  const measure = unit(activation, steepest);
  const found: { flat: number; passes: number }[] = [];
  for (const spread of spreads) {
    const { flat, passes } = await measure(z, tensor(spread));
    found.push({ flat: (await flat.value()) as number, passes: (await passes.value()) as number });
  }
  curves.push({ name, flat: found.map(({ flat }) => flat), passes: found.map(({ passes }) => passes) });
  const row = spreads.map((spread, i) => `${spread}: ${(100 * found[i].flat).toFixed(0)} %, ${short(found[i].passes)}`);
  console.log(`${name}, spread of z: share in the flat part, root mean square slope\n  ${row.join("   ")}`);
}

// The same network on three versions of the same digits: grey levels from 0 to 255, from 0 to 1, and standardised.
const standard = await standardDigits();
const raw = (await data.digits()).split({ train: 0.8, test: 0.2 }, { key: random.key(7), stratifyBy: "labels" });
const times = (rows: typeof raw.train, factor: number) =>
  rows.map(({ features, labels }) => ({ features: features.map((level) => level * factor), labels }));
const versions = {
  "0 to 255": { train: times(raw.train, 255), test: times(raw.test, 255) },
  "0 to 1": raw,
  "mean 0, deviation 1": standard,
};
const epochs = 12;
const trained: { name: string; losses: number[] }[] = [];
for (const [name, parts] of Object.entries(versions)) {
  const model = nn.sequential(nn.linear(64, 64), sigmoid, nn.linear(64, 64), sigmoid, nn.linear(64, 10));
  const trainer = await train.compile({
    model,
    loss: nn.softmaxCrossEntropy,
    optimizer: optim.sgd({ learningRate: 0.2 }),
    seed: 2,
  });
  const losses: number[] = [];
  for await (const { loss } of trainer.fit(parts.train, { epochs, batchSize: 32 })) losses.push(loss);
  const { accuracy } = await trainer.evaluate(parts.test, { metrics: [train.accuracy] });
  await trainer.dispose();
  trained.push({ name, losses });
  console.log(`pixels of ${name.padEnd(20)} test accuracy after ${epochs} epochs ${(100 * accuracy).toFixed(1)} %`);
}
console.log(
  `A sigmoid passes at most a quarter of the signal, ${short(curves[0].passes[2])} of it where z is as it should be, and ${short(curves[0].passes[6])} where z is 16 times as wide. ` +
    "Standardise the inputs, start weights by the width of the layer, and between layers prefer a function centred on 0.",
);
keep(
  "sigmoid-saturation",
  depthChart(
    [
      { label: "share of units whose slope is below 5 % of the steepest", curves: curves.map(({ name, flat }) => ({ name, values: flat })) }, // biome-ignore format: one line
      { label: "root mean square slope", scale: "log", curves: curves.map(({ name, passes }) => ({ name, values: passes })) },
    ],
    {
      title: "What passes a sigmoid, and what passes tanh",
      along: { label: "standard deviation of z", at: spreads, scale: "log" },
      theme: "light",
    },
  ),
);
keep(
  "sigmoid-inputs",
  depthChart(
    [
      {
        label: "training loss",
        scale: "log",
        curves: trained.map(({ name, losses }) => ({ name: `pixels: ${name}`, values: losses })),
      },
    ],
    { title: "One network of sigmoids, three scales of the same digits", along: { label: "epoch" }, theme: "light" },
  ),
);
