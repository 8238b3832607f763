/**
 * Digits by a network for images: two blocks of convolution, batch normalisation, ReLU and pooling, then linear layers.
 *
 *     npx tsx examples/digits-cnn.ts
 */
import { data, nn, optim, random, train } from "softgrad";
import { cnn } from "softgrad/models";

const digits = await data.digits();
const parts = digits.split({ train: 0.8, test: 0.2 }, { key: random.key(7), stratifyBy: "labels" });

const epochs = 12;
const batchSize = 64;
const model = cnn({ image: [1, 8, 8], classes: 10, channels: [16, 32], hidden: [64], dropout: 0.25 });
console.log(nn.summary(model, [64]));

const steps = epochs * Math.ceil(parts.train.length / batchSize);
const trainer = await train.compile({
  model,
  loss: nn.softmaxCrossEntropy,
  optimizer: optim.adamW({ learningRate: optim.cosine({ rate: 3e-3, steps }), weightDecay: 0.01 }),
  seed: 7,
});

const options = { epochs, batchSize, validation: parts.test, metrics: [train.accuracy] };
for await (const { epoch, loss, validation } of trainer.fit(parts.train, options)) {
  if (epoch % 4 === 0) console.log(`epoch ${epoch}  loss ${loss.toFixed(4)}  test accuracy ${validation?.accuracy.toFixed(4)}`);
}
await trainer.exportOnnx("runs/examples/digits-cnn.onnx");
await trainer.dispose();
