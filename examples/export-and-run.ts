/**
 * Export and run: a trained model as an ONNX file, which ONNX Runtime alone computes with, without softgrad.
 *
 *     npx tsx examples/export-and-run.ts
 */
import { InferenceSession, Tensor } from "onnxruntime-node";
import { data, nn, optim, train } from "softgrad";
import { tanh } from "softgrad/activations";

const path = "runs/examples/iris.onnx";
const flowers = await data.iris();
const { features } = flowers.gather();

const model = nn.sequential(nn.linear(4, 8), tanh, nn.linear(8, 3));
const trainer = await train.compile({ model, loss: nn.softmaxCrossEntropy, optimizer: optim.adam({ learningRate: 0.02 }) });
for await (const { epoch, loss } of trainer.fit(flowers, { epochs: 30, batchSize: 30 })) {
  if (epoch % 10 === 0) console.log(`epoch ${epoch}  loss ${loss.toFixed(3)}`);
}
await trainer.exportOnnx({ path, metadata: { classes: JSON.stringify(flowers.info.classNames) } });

// From here on nothing is ours: the file and ONNX Runtime. It takes any number of rows.
const session = await InferenceSession.create(path);
const { output } = await session.run({ input: new Tensor("float32", features.data, features.shape) });

const ours = await trainer.predict(features);
const theirs = output.data as Float32Array;
const difference = ours.data.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i])), 0);
console.log(`${output.dims[0]} flowers, ${output.dims[1]} scores each; largest difference ${difference}`);
