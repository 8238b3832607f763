/**
 * What a recurrent network forgets: the gradient with respect to its state at every step of time. A plain RNN and an LSTM, whose forget gate
 * starts open, are to add two marked numbers out of 40. What the first steps should have done differently never reaches the RNN.
 *
 *     npx tsx examples/health/recurrent-memory.ts [folder]
 */
import { compile, grad, nn, optim, random, sqrt, square, sum, type Tensor, tensor, train, zeros } from "softgrad";
import { depthChart } from "softgrad/plot";
import { keep, short } from "./shared/show.js";

const time = 40;
const units = 32;
const batchSize = 50;
const steps = 700;

/** Numbers from 0 to 1, one marked in each half, and the sum of the two marked ones. */
const pool = 40;
const values = (await random.uniform(random.key(1), [pool * batchSize, time]).value()) as number[][];
const places = (await random.uniform(random.key(2), [pool * batchSize, 2]).value()) as number[][];
const batches = Array.from({ length: pool }, (_, at) => {
  const rows = values.slice(at * batchSize, (at + 1) * batchSize);
  const marks = places.slice(at * batchSize).map((place) => place.map((share, half) => Math.floor(((share + half) * time) / 2)));
  return {
    inputs: rows.map((row, i) => row.map((value, t) => [value, marks[i].includes(t) ? 1 : 0])),
    targets: rows.map((row, i) => [row[marks[i][0]] + row[marks[i][1]]]),
  };
});

const cells = {
  RNN: nn.rnn(2, units, { returns: "last", recurrentInit: nn.initialisers.glorotUniform() }),
  "LSTM, forget gate open": nn.lstm(2, units, { returns: "last", forgetBias: 3 }),
};
const stages = { "at the start": 0, "after training": steps };
const measured: { name: string; lengths: number[] }[] = [];
const errors: { name: string; values: number[] }[] = [];
for (const [name, cell] of Object.entries(cells)) {
  const model = nn.sequential(cell, nn.linear(units, 1));
  type Parameters = ReturnType<(typeof model)["initialise"]>;
  /** ‖∂L/∂h‖ at every step of time: the layer shows a handle on its states, and the gradient is that with respect to it. */
  const overTime = compile((parameters: Parameters, x: Tensor, y: Tensor) => {
    const loss = (handle: Tensor): Tensor => {
      const probe = (path: string, value: Tensor): Tensor => (path.endsWith(".state") ? handle : value);
      return nn.mse(model.apply(parameters, x, nn.context({ probe })), y);
    };
    return sqrt(sum(square(grad(loss)(zeros([time, batchSize, units]))), { axes: [1, 2] }));
  });
  const trainer = await train.compile({
    model,
    loss: nn.mse,
    optimizer: optim.adam({ learningRate: 3e-3, clipNorm: 1 }),
    seed: 2,
  });
  const losses: number[] = [];
  for (const [stage, until] of Object.entries(stages)) {
    while (losses.length < until) losses.push(await trainer.step(batches[losses.length % pool]));
    const { inputs, targets } = batches[0];
    const lengths = (await (await overTime(await trainer.parameters(), tensor(inputs), tensor(targets))).value()) as number[];
    measured.push({ name: `${name}, ${stage}`, lengths: lengths.map((length) => length / lengths[time - 1]) });
  }
  await trainer.dispose();
  errors.push({ name, values: losses });
  const [before, after] = measured.slice(-2).map(({ lengths }) => short(lengths[0]));
  const last = losses.slice(-pool).reduce((total, loss) => total + loss / pool, 0);
  console.log(`${name.padEnd(23)} gradient at the first step ÷ at the last: ${before} at the start, ${after} after training; error ${short(last)}`); // biome-ignore format: one line
}
console.log(
  "Saying 1 to everything has an error of 0.167. An RNN multiplies its state by the same matrix in every step; an LSTM adds to its cell, and an open " +
    "forget gate hands the gradient on nearly whole.",
);
keep(
  "recurrent-memory",
  depthChart(
    [{ label: "‖∂L/∂h‖ at a step of time ÷ that at the last", scale: "log", reference: 1, curves: measured.map(({ name, lengths }) => ({ name, values: lengths })) }], // biome-ignore format: one line
    { title: `The gradient on its way back through ${time} steps of time`, along: { label: "step of time" }, theme: "light" },
  ),
);
keep(
  "recurrent-memory-training",
  depthChart([{ label: "mean square error", scale: "log", reference: 1 / 6, curves: errors }], {
    title: "Adding two marked numbers",
    along: { label: "step" },
    theme: "light",
  }),
);
