/**
 * The trap: 30 layers of 64 ReLU units, whose weights start by the rule that PyTorch has as its default. The gradients of the
 * first and the last weights are about the same, so a check of weight gradients says healthy; but the signal that comes back to the
 * first layer is 10¹¹ times smaller than the one that set out, and nothing is learned. Biases start at 0.
 *
 *     npx tsx examples/health/weight-gradient-trap.ts [folder]
 */
import { nn, optim, train } from "softgrad";
import { relu } from "softgrad/activations";
import { depthChart } from "softgrad/plot";
import { firstRows, standardDigits } from "./shared/digits.js";
import { keep, short } from "./shared/show.js";
import { signalsOf } from "./shared/signals.js";

const depth = 30;
const width = 64;
const digits = await standardDigits();
const batch = firstRows(digits.train, 128);

/** Uniform on ±1/√inputs, PyTorch's default, has a variance of 1/(3 · inputs): a sixth of what a ReLU needs. */
const torchDefault = nn.initialisers.uniform({ low: -1 / Math.sqrt(width), high: 1 / Math.sqrt(width) });

const starts: Record<string, nn.Initialiser> = { "PyTorch's default": torchDefault, He: nn.initialisers.heNormal() };

const networks: { name: string; arrives: readonly number[]; weights: readonly number[]; accuracy: number }[] = [];
for (const [name, init] of Object.entries(starts)) {
  const hidden = Array.from({ length: depth - 1 }, () => [nn.linear(width, width, { init }), relu]).flat();
  const model = nn.sequential(...hidden, nn.linear(width, 10, { init }));
  const { arrives, weights } = await signalsOf(model, nn.softmaxCrossEntropy)(nn.initialise(model, 1), batch.x, batch.y);
  const optimizer = optim.adam({ learningRate: 1e-3 });
  const trainer = await train.compile({ model, loss: nn.softmaxCrossEntropy, optimizer, seed: 1 });
  for await (const _ of trainer.fit(digits.train, { epochs: 8, batchSize: 64 }));
  const { accuracy } = await trainer.evaluate(digits.test, { metrics: [train.accuracy] });
  await trainer.dispose();
  networks.push({ name, arrives, weights, accuracy });

  const ratio = (values: readonly number[]): string => short(values[0] / values[depth - 1]);
  // AUTOTRAINER's rule for a vanishing gradient, and the band that is used most often.
  const published = weights[0] / weights[depth - 1] < 1e-3 && weights[0] < 1e-4;
  const outside = weights[0] / weights[depth - 1] < 0.1 || weights[0] / weights[depth - 1] > 10;
  console.log(`${name}`);
  console.log(`  weight gradients, first ÷ last layer  ${ratio(weights)}`);
  console.log(
    `  rules on them                         AUTOTRAINER's ${published ? "ill" : "healthy"}, within 0.1 … 10 ${outside ? "ill" : "healthy"}`,
  );
  console.log(`  arriving signal,  first ÷ last layer  ${ratio(arrives)}`);
  console.log(`  test accuracy after 8 epochs          ${(100 * accuracy).toFixed(1)} %`);
}

console.log(
  "The gradient of a weight is the signal that arrives from behind times the activation that comes from the front. Here both shrink, " +
    "one toward the front and the other toward the back, and their product is small everywhere alike: equal weight gradients are no " +
    "sign of health. Compare the arriving signals instead.",
);
keep(
  "weight-gradient-trap",
  depthChart(
    [
      { label: "gradient of the weights, ‖∂L/∂W‖", scale: "log", curves: networks.map(({ name, weights }) => ({ name, values: weights })) }, // biome-ignore format: one line
      { label: "signal that arrives, ‖∂L/∂z‖", scale: "log", curves: networks.map(({ name, arrives }) => ({ name, values: arrives })) }, // biome-ignore format: one line
    ],
    { title: `${depth} layers of ${width} ReLU units: which start is ill?`, theme: "light" },
  ),
);
