/**
 * Digits: define, compile, fit, save, export. The program that the command line's `softgrad train` grows from.
 *
 *     npx tsx examples/digits.ts
 */
import { data, nn, optim, random, train } from "softgrad";
import { gelu } from "softgrad/activations";

const digits = await data.digits();
const parts = digits.split({ train: 0.8, test: 0.2 }, { key: random.key(7), stratifyBy: "labels" });

const model = nn.sequential(nn.linear(64, 128), gelu, nn.linear(128, 10));
const trainer = await train.compile({
  model,
  loss: nn.softmaxCrossEntropy,
  optimizer: optim.adamW({ learningRate: 3e-3, clipNorm: 1 }),
  seed: 7,
});

const options = { epochs: 20, batchSize: 64, validation: parts.test, metrics: [train.accuracy] };
for await (const { epoch, loss, validation } of trainer.fit(parts.train, options)) {
  if (epoch % 5 === 0) console.log(`epoch ${epoch}  loss ${loss.toFixed(4)}  test accuracy ${validation?.accuracy.toFixed(4)}`);
}

await trainer.save("runs/examples/digits.safetensors");
await trainer.exportOnnx("runs/examples/digits.onnx");
console.log("runs/examples/digits.safetensors goes on training with trainer.load; runs/examples/digits.onnx runs anywhere");
