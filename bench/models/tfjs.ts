// TensorFlow.js's side of bench/models, on its WebAssembly backend: node tfjs.ts <unused> <options as JSON>
import { peer } from "../contenders/peer.js";
import { serve } from "../harness/serve.js";
import { SIZES } from "./cases.js";

interface Tensor {
  dataSync(): ArrayLike<number>;
}
interface Network {
  add(layer: object): void;
  compile(options: object): void;
  trainOnBatch(x: Tensor, y: Tensor): Promise<number>;
  countParams(): number;
}
interface TensorFlow {
  ready(): Promise<void>;
  setBackend(name: string): Promise<boolean>;
  sequential(): Network;
  layers: Readonly<Record<string, (options?: object) => object>>;
  train: { adam(learningRate: number): object };
  randomUniform(shape: readonly number[]): Tensor;
  oneHot(indices: Tensor, depth: number): Tensor;
  tensor1d(values: readonly number[], dtype: string): Tensor;
}

const options = JSON.parse(process.argv[3] ?? "{}") as { model: string };

/** The cases that its own layers can say: it has no attention. */
const networks: Readonly<
  Record<string, (tf: TensorFlow) => { layers: readonly object[]; inputs: readonly number[]; classes: number }>
> = {
  cnn: ({ layers }) => {
    const { side, channels, units, classes, batch } = SIZES.cnn;
    const blocks = channels.flatMap((filters, i) => [
      layers.conv2d!({
        filters,
        kernelSize: 3,
        padding: "same",
        useBias: false,
        ...(i === 0 && { inputShape: [side, side, 1] }),
      }),
      layers.batchNormalization!(),
      layers.reLU!(),
      layers.maxPooling2d!({ poolSize: 2 }),
    ]);
    const rest = [
      layers.flatten!(),
      layers.dense!({ units, activation: "relu" }),
      layers.dense!({ units: classes, activation: "softmax" }),
    ];
    return { layers: [...blocks, ...rest], inputs: [batch, side, side, 1], classes };
  },
  lstm: (tf) => recurrent(tf, "lstm"),
  gru: (tf) => recurrent(tf, "gru"),
  rnn: (tf) => recurrent(tf, "simpleRNN"),
};

function recurrent({ layers }: TensorFlow, kind: string) {
  const { inputs, width, length, classes, batch } = SIZES.recurrent;
  const first = layers[kind]!({ units: width, inputShape: [length, inputs] });
  return { layers: [first, layers.dense!({ units: classes, activation: "softmax" })], inputs: [batch, length, inputs], classes };
}

await serve(async () => {
  const make = networks[options.model];
  if (make === undefined) throw new Error("it has no layer for attention");
  const { module: tf, version } = await peer<TensorFlow>("@tensorflow/tfjs");
  await peer("@tensorflow/tfjs-backend-wasm");
  if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend of TensorFlow.js does not start");
  await tf.ready();
  const { layers, inputs, classes } = make(tf);
  const model = tf.sequential();
  for (const layer of layers) model.add(layer);
  model.compile({ optimizer: tf.train.adam(1e-3), loss: "categoricalCrossentropy" });
  const x = tf.randomUniform(inputs);
  const y = tf.oneHot(tf.tensor1d(Array.from({ length: inputs[0]! }, (_, i) => i % classes), "int32"), classes); // biome-ignore format: one line
  let last = 0;
  const step = async (): Promise<void> => {
    last = Number(await model.trainOnBatch(x, y));
  };
  await step();
  return { version, parameters: model.countParams(), training: { step, loss: () => last, dispose: () => undefined } };
});
