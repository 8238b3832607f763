import { data, nn, optim, random, train } from "softgrad";
import { cnn } from "softgrad/models";
import type { Claim } from "./claim.js";

const [EPOCHS, BATCH, RATE] = [30, 32, 3e-3];

export const digits: Claim = {
  name: "digits",
  title: "A convolutional network reads the bundled digits",
  how:
    "1,797 digits of 8 × 8 pixels, four fifths to train on; cnn with 32 and 64 channels, 128 units, a quarter dropped; " +
    `AdamW at ${RATE} falling with the cosine, ${EPOCHS} epochs, batches of ${BATCH}.`,
  seed: 7,
  async show({ runtime, seed, say }) {
    const whole = await data.digits();
    const parts = whole.split({ train: 0.8, test: 0.2 }, { key: random.key(seed), stratifyBy: "labels" });
    const steps = EPOCHS * Math.ceil(parts.train.length / BATCH);
    const trainer = await train.compile({
      model: cnn({ image: [1, 8, 8], classes: 10, dropout: 0.25 }),
      loss: nn.softmaxCrossEntropy,
      optimizer: optim.adamW({ learningRate: optim.cosine({ rate: RATE, steps }), weightDecay: 0.05 }),
      seed,
      runtime,
    });
    const options = { epochs: EPOCHS, batchSize: BATCH, validation: parts.test, metrics: [train.accuracy] };
    let accuracy = 0;
    for await (const { epoch, loss, validation } of trainer.fit(parts.train, options)) {
      accuracy = validation?.accuracy ?? 0;
      say(`epoch ${epoch}  loss ${loss.toFixed(4)}  test ${accuracy.toFixed(4)}`);
    }
    await trainer.dispose();
    return [{ what: "test accuracy", value: 100 * accuracy, unit: "%", limit: { least: 98.5 } }];
  },
};
