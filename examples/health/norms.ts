/**
 * What normalisation does to signal and gradient: 12 layers of 64 units with weights that start far too small, without a norm, with
 * batch norm and with layer norm between weights and activation. And what batch norm does not do: without residual connections it makes
 * the gradient of ReLU layers grow, by √(π/(π − 1)) = 1.21 a layer (Yang et al. 2019).
 *
 *     npx tsx examples/health/norms.ts [folder]
 */
import { nn, optim, train } from "softgrad";
import { relu } from "softgrad/activations";
import { depthChart } from "softgrad/plot";
import { firstRows, standardDigits } from "./shared/digits.js";
import { keep, short } from "./shared/show.js";
import { signalsOf } from "./shared/signals.js";

const depth = 12;
const width = 64;
const digits = await standardDigits();
const batch = firstRows(digits.train, 256);
const init = nn.initialisers.uniform();

const norms: Record<string, () => nn.Stage[]> = {
  "no norm": () => [],
  "batch norm": () => [nn.batchNorm(width)],
  "layer norm": () => [nn.layerNorm(width)],
};

const networks: { name: string; size: readonly number[]; arrives: readonly number[] }[] = [];
for (const [name, norm] of Object.entries(norms)) {
  const hidden = Array.from({ length: depth - 1 }, () => [nn.linear(width, width, { init }), ...norm(), relu]).flat();
  const model = nn.sequential(...hidden, nn.linear(width, 10, { init }));
  const { size, arrives } = await signalsOf(model, nn.softmaxCrossEntropy)(nn.initialise(model, 1), batch.x, batch.y);
  const optimizer = optim.adam({ learningRate: 1e-3 });
  const trainer = await train.compile({ model, loss: nn.softmaxCrossEntropy, optimizer, seed: 1 });
  for await (const _ of trainer.fit(digits.train, { epochs: 5, batchSize: 64 }));
  const { accuracy } = await trainer.evaluate(digits.test, { metrics: [train.accuracy] });
  await trainer.dispose();
  networks.push({ name, size, arrives });
  const growth = (arrives[0] / arrives[depth - 2]) ** (1 / (depth - 2));
  console.log(
    `${name.padEnd(11)} arriving signal first ÷ last ${short(arrives[0] / arrives[depth - 1]).padStart(8)}` +
      `, per layer × ${short(growth)}; test accuracy ${(100 * accuracy).toFixed(1)} %`,
  );
}
console.log(
  "A norm takes the scale of the weights out of the signal: a start that is 6 times too small does no harm. But with batch norm the gradient " +
    "grows from layer to layer, and after some 30 layers it needs residual connections as well.",
);
keep(
  "norms",
  depthChart(
    [
      { label: "size of z, before the norm", scale: "log", curves: networks.map(({ name, size }) => ({ name, values: size })) },
      { label: "gradient that arrives, ‖∂L/∂z‖", scale: "log", curves: networks.map(({ name, arrives }) => ({ name, values: arrives })) }, // biome-ignore format: one line
    ],
    { title: `${depth} layers of ${width} ReLU units that start too small`, theme: "light" },
  ),
);
