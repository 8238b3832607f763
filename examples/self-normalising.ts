/**
 * Self-normalising networks, measured: mean and variance of the signal through 64 layers of SELU, with and without dropout,
 * beside ReLU and tanh. LeCun's initialisation gives weights of variance 1 / inputs; He's, 2 / inputs.
 *
 *     npx tsx examples/self-normalising.ts
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { compile, mean, nn, random, square, stack, sub, type Tensor } from "softgrad";
import { relu, selu, tanh } from "softgrad/activations";
import { depthChart } from "softgrad/plot";

const depth = 64;
const width = 256;
const signal = random.normal(random.key(2), [256, width]);

/** Mean and variance of what each of 64 blocks gives in training, for a standard normal signal before the first. */
async function measure(name: string, block: () => nn.Stage[]) {
  const blocks = Array.from({ length: depth }, () => nn.sequential(...block()));
  const model = nn.sequential(...blocks);
  const statistics = compile(() => {
    const outputs: Tensor[] = [];
    const probe = (path: string, value: Tensor): void => {
      if (/^\d+\.output$/.test(path)) outputs.push(value);
    };
    const parameters = model.initialise(random.key(1));
    model.apply(parameters, signal, nn.context({ mode: "train", key: random.key(3), probe }));
    const means = outputs.map((x) => mean(x));
    return { means: stack(means), variances: stack(outputs.map((x, i) => mean(square(sub(x, means[i]))))) };
  });
  const { means, variances } = await statistics();
  return { name, means: (await means.value()) as number[], variances: (await variances.value()) as number[] };
}

const linear = (init: string): nn.Stage => nn.linear(width, width, { init });
const networks = [
  await measure("SELU, LeCun", () => [linear("lecunNormal"), selu]),
  await measure("SELU, LeCun, alpha dropout 0.1", () => [linear("lecunNormal"), selu, nn.alphaDropout(0.1)]),
  await measure("SELU, LeCun, dropout 0.1", () => [linear("lecunNormal"), selu, nn.dropout(0.1)]),
  await measure("ReLU, He", () => [linear("heNormal"), relu]),
  await measure("tanh, LeCun", () => [linear("lecunNormal"), tanh]),
];

const layers = [1, 4, 16, 64];
const cell = (value: number): string =>
  (Math.abs(value) < 1e-3 && value !== 0 ? value.toExponential(1) : value.toFixed(3)).padStart(9);
console.log(`${"mean and variance after layer".padEnd(31)}${layers.map((layer) => String(layer).padStart(18)).join("")}`);
for (const { name, means, variances } of networks) {
  console.log(`${name.padEnd(31)}${layers.map((layer) => cell(means[layer - 1]) + cell(variances[layer - 1])).join("")}`);
}

const picture = depthChart(
  [
    { label: "mean", reference: 0, curves: networks.map(({ name, means }) => ({ name, values: means })) },
    {
      label: "variance",
      scale: "log",
      reference: 1,
      curves: networks.map(({ name, variances }) => ({ name, values: variances })),
    },
  ],
  { title: `A standard normal signal through ${depth} layers of ${width} units`, theme: "light" },
);
mkdirSync("runs/examples", { recursive: true });
writeFileSync("runs/examples/self-normalising.svg", picture);
console.log("runs/examples/self-normalising.svg shows every layer");
