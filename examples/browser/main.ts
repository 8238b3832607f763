/**
 * In a page: a network learns to read digits, in WebAssembly, and shows how it reads some that it has not seen.
 *
 *     npx vite examples/browser
 */
import { data, nn, optim, random, train } from "softgrad";
import { gelu } from "softgrad/activations";

const element = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

const digits = await data.digits();
const parts = digits.split({ train: 0.8, test: 0.2 }, { key: random.key(7), stratifyBy: "labels" });
const trainer = await train.compile({
  model: nn.sequential(nn.linear(64, 64), gelu, nn.linear(64, 10)),
  loss: nn.softmaxCrossEntropy,
  optimizer: optim.adamW({ learningRate: 5e-3 }),
});

const epochs = 15;
const options = { epochs, batchSize: 64, validation: parts.test, metrics: [train.accuracy] };
for await (const { epoch, loss, validation } of trainer.fit(parts.train, options)) {
  const accuracy = (100 * (validation?.accuracy ?? 0)).toFixed(1);
  element("status").textContent = `epoch ${epoch} of ${epochs}: loss ${loss.toFixed(3)}, test accuracy ${accuracy} %`;
  (element("progress") as HTMLProgressElement).value = epoch / epochs;
}

const { features, labels } = parts.test.take(24).gather();
const predictions = await trainer.predict(features);
for (const [row, label] of labels.data.entries()) {
  const said = train.bestClass(predictions, row);
  element("digits").append(picture(features.data.subarray(row * 64, (row + 1) * 64), said, said === label));
}
document.body.dataset.state = "done";

/** A digit as 8 × 8 pixels, ink dark, over what the network takes it for. */
function picture(pixels: Float32Array, said: number, right: boolean): HTMLElement {
  const canvas = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const image = new ImageData(8, 8);
  for (const [i, ink] of pixels.entries()) image.data.set([...Array(3).fill(255 * (1 - ink)), 255], 4 * i);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  const figure = document.createElement("figure");
  const caption = Object.assign(document.createElement("figcaption"), {
    textContent: String(said),
    className: right ? "" : "wrong",
  });
  figure.append(canvas, caption);
  return figure;
}
