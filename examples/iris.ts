/**
 * Iris: three species of flowers told apart by four lengths, with a split that keeps the shares of the species.
 *
 *     npx tsx examples/iris.ts
 */
import { data, nn, optim, random, train } from "softgrad";
import { silu } from "softgrad/activations";

const flowers = await data.iris();
const parts = flowers.split({ train: 0.7, test: 0.3 }, { key: random.key(3), stratifyBy: "labels" });

// Means and deviations come from the training rows alone: the test rows stay unseen.
const scale = data.fitStandardiser(parts.train);
const [seen, unseen] = [parts.train, parts.test].map((part) => data.standardise(part, scale));

const model = nn.sequential(nn.linear(4, 16), silu, nn.linear(16, 3));
console.log(nn.summary(model, [4]));

const trainer = await train.compile({ model, loss: nn.softmaxCrossEntropy, optimizer: optim.adamW({ learningRate: 0.01 }) });
for await (const { epoch, loss } of trainer.fit(seen, { epochs: 60, batchSize: 16 })) {
  if (epoch % 20 === 0) console.log(`epoch ${epoch}  loss ${loss.toFixed(3)}`);
}

const { accuracy } = await trainer.evaluate(unseen, { metrics: [train.accuracy] });
console.log(`test accuracy ${(100 * accuracy).toFixed(1)} % of ${unseen.length} flowers`);

const { features, labels } = unseen.gather();
const predictions = await trainer.predict(features);
const predicted = Array.from(labels.data, (_, row) => train.bestClass(predictions, row));
for (const [species, counts] of train.confusionMatrix(predicted, labels.data, 3).entries()) {
  console.log(`${flowers.info.classNames?.[species].padEnd(12)} taken for ${counts.join(", ")}`);
}
