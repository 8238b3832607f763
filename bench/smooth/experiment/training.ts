import { nn, optim, type Runtime, train } from "softgrad";
import type { Setting } from "./settings.js";
import type { Outcome } from "./store.js";
import { BATCH, LEARNING_RATE, type Task } from "./tasks.js";

/** Rows that a test takes at once. */
const TEST_BATCH = 500;

/**
 * Trains a setting from several seeds. Seeds share the graphs, and all settings share what a seed fixes: the initial weights, the order
 * of the rows, the split. A learned slope is extra.
 */
export async function* trainings(
  task: Task,
  setting: Setting,
  seeds: readonly number[],
  runtime: Runtime,
  epochs = task.epochs,
): AsyncGenerator<Outcome, void> {
  const model = task.network(setting.layer());
  const optimizer = optim.adam({ learningRate: LEARNING_RATE });
  const make = (seed: number) => train.compile({ model, optimizer, loss: nn.softmaxCrossEntropy, seed, runtime });
  const trainer = await make(0);
  for (const seed of seeds) {
    const fresh = await make(seed);
    await trainer.restore(await fresh.checkpoint());
    await fresh.dispose();
    const parts = await task.parts(seed);
    const started = performance.now();
    let trainLoss = Number.NaN;
    for await (const report of trainer.fit(parts.train, { epochs, batchSize: BATCH, remainder: "drop" })) trainLoss = report.loss;
    const { accuracy, loss } = await trainer.evaluate(parts.test, { batchSize: TEST_BATCH, metrics: [train.accuracy] });
    const seconds = Number(((performance.now() - started) / 1000).toFixed(2));
    yield { setting: setting.name, seed, accuracy: accuracy!, loss: loss!, trainLoss, seconds };
  }
  await trainer.dispose();
}
