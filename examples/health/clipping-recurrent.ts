/**
 * Clipping in a recurrent network. An RNN is to add the two marked numbers of a sequence of 10. Its recurrent weights start somewhat too
 * large, so the gradient through time is mostly ordinary and now and then ten times as long, and one such step throws away what was
 * learned. Limited to length 1, the same gradients point the same ways, and the network learns.
 *
 *     npx tsx examples/health/clipping-recurrent.ts [folder]
 */
import { compile, grad, nn, optim, random, sqrt, square, sum, type Tensor, tensor, train } from "softgrad";
import { depthChart } from "softgrad/plot";
import { keep, short } from "./shared/show.js";
import { tensorsOf } from "./shared/signals.js";

const time = 10;
const units = 32;
const batchSize = 32;
const steps = 600;

/** Sequences of numbers from 0 to 1 with a mark beside two of them, one in each half, and the sum of the two. */
const rows = steps * batchSize;
const values = (await random.uniform(random.key(1), [rows, time]).value()) as number[][];
const places = (await random.uniform(random.key(2), [rows, 2]).value()) as number[][];
const samples = values.map((row, i) => {
  const marked = places[i].map((place, part) => Math.floor(((place + part) * time) / 2));
  return { input: row.map((value, t) => [value, marked.includes(t) ? 1 : 0]), target: [row[marked[0]] + row[marked[1]]] };
});
const batches = Array.from({ length: steps }, (_, step) => {
  const part = samples.slice(step * batchSize, (step + 1) * batchSize);
  return { inputs: part.map(({ input }) => input), targets: part.map(({ target }) => target) };
});

const recurrentInit = nn.initialisers.normal({ std: 1.2 / Math.sqrt(units) });
const model = nn.sequential(nn.rnn(2, units, { returns: "last", recurrentInit }), nn.linear(units, 1));
type Parameters = ReturnType<(typeof model)["initialise"]>;

/** Length of the whole gradient, before any clipping. */
const gradientLength = compile((parameters: Parameters, x: Tensor, y: Tensor) => {
  const loss = (at: Parameters): Tensor => nn.mse(model.apply(at, x, nn.context()), y);
  const squares = tensorsOf(grad(loss)(parameters)).map((part) => sum(square(part)));
  return sqrt(squares.reduce((total, one) => total.add(one)));
});

async function follow(name: string, optimizer: optim.Optimizer) {
  const trainer = await train.compile({ model, loss: nn.mse, optimizer, seed: 3 });
  const [errors, lengths]: [number[], number[]] = [[], []];
  for (const batch of batches) {
    const { inputs, targets } = batch;
    lengths.push((await (await gradientLength(await trainer.parameters(), tensor(inputs), tensor(targets))).value()) as number);
    errors.push(await trainer.step(batch));
  }
  await trainer.dispose();
  const last = errors.slice(-50).reduce((total, error) => total + error / 50, 0);
  const middle = [...lengths].sort((a, b) => a - b)[steps / 2];
  const most = Math.max(...lengths);
  console.log(
    `${name.padEnd(18)} error at the end ${short(last)}; gradient: half the steps above ${short(middle)}, largest ${short(most)}`,
  );
  return { name, errors: smooth(errors), lengths, above: lengths.filter((length) => length > 1).length };
}

/** Means over 10 steps before and after, to see through the noise of small batches. */
const smooth = (series: readonly number[]): number[] =>
  series.map((_, i) => {
    const near = series.slice(Math.max(0, i - 10), i + 11);
    return near.reduce((total, value) => total + value, 0) / near.length;
  });

const plain = await follow("plain", optim.sgd({ learningRate: 0.03, momentum: 0.9 }));
const clipped = await follow("clipped to 1", optim.sgd({ learningRate: 0.03, momentum: 0.9, clipNorm: 1 }));
console.log(
  `Saying 1 to everything has an error of 0.167. Clipping changed ${Math.round((100 * clipped.above) / steps)} % of the steps. ` +
    "Where that is more than half, a smaller rate or a better start is the next thing to try. And clipping helps against steps that are too long, not against gradients that vanish.",
);
keep(
  "clipping-recurrent",
  depthChart(
    [
      { label: "length of the gradient before clipping", scale: "log", reference: 1, curves: [plain, clipped].map(({ name, lengths }) => ({ name, values: lengths })) }, // biome-ignore format: one line
      { label: "mean square error", scale: "log", reference: 1 / 6, curves: [plain, clipped].map(({ name, errors }) => ({ name, values: errors })) }, // biome-ignore format: one line
    ],
    { title: `An RNN over ${time} steps, with and without clipping`, along: { label: "step" }, theme: "light" },
  ),
);
