/**
 * Regression on a CSV file: the period of a pendulum from its length, amplitude and mass, measured with an error of 1 %.
 * A straight-line model against a small network; examples/data/make-pendulum.ts tells where the file comes from.
 *
 *     npx tsx examples/regression-csv.ts
 */
import { fileURLToPath } from "node:url";
import { data, nn, optim, random, train } from "softgrad";
import { softplus } from "softgrad/activations";

const path = fileURLToPath(new URL("data/pendulum.csv", import.meta.url));
const swings = await data.readCsvFile(path, { target: "period_s" });
const parts = swings.split({ train: 0.75, test: 0.25 }, { key: random.key(2) });
console.log(`${swings.length} rows; features ${swings.info.featureNames?.join(", ")}`);

// Features with mean 0 and deviation 1 learn alike; what to predict stays in seconds.
const scale = data.fitStandardiser(parts.train);
const [seen, unseen] = [parts.train, parts.test].map((part) => data.standardise(part, scale));

const models: Record<string, nn.Layer> = {
  "straight line": nn.sequential(nn.linear(3, 1)),
  "small network": nn.sequential(nn.linear(3, 32), softplus, nn.linear(32, 1)),
};
for (const [name, model] of Object.entries(models)) {
  const options = { epochs: 300, batchSize: 50 };
  const steps = options.epochs * seen.batchCount({ size: options.batchSize });
  const optimizer = optim.adam({ learningRate: optim.cosine({ rate: 0.02, steps }) });
  const trainer = await train.compile({ model, loss: nn.huber, optimizer, seed: 4 });
  for await (const _ of trainer.fit(seen, options));

  const { features, targets } = unseen.gather();
  const { data: periods } = await trainer.predict(features);
  const errors = periods.map((period, i) => Math.abs(period - targets.data[i]) / targets.data[i]);
  const [median] = errors.sort().subarray(errors.length / 2);
  console.log(`${name}  median error on ${unseen.length} unseen swings ${(100 * median).toFixed(2)} %`);
}
