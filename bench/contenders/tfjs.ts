import type { Contender } from "../harness/contender.js";
import { peer } from "./peer.js";

interface Tensor {
  add(other: Tensor): Tensor;
  mul(other: Tensor | number): Tensor;
  div(other: number): Tensor;
  erf(): Tensor;
  tanh(): Tensor;
  matMul(other: Tensor): Tensor;
  dataSync(): ArrayLike<number>;
  dispose(): void;
}
type Optimizer = { minimize(loss: () => Tensor, returnCost: boolean, variables: readonly Tensor[]): Tensor };
interface TensorFlow {
  ready(): Promise<void>;
  setBackend(name: string): Promise<boolean>;
  env(): { set(flag: string, value: boolean): void };
  tensor(data: ArrayLike<number>, shape: readonly number[], dtype?: string): Tensor;
  variable(initial: Tensor): Tensor;
  oneHot(labels: Tensor, classes: number): Tensor;
  tidy<T>(compute: () => T): T;
  losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  train: {
    adam(learningRate: number, beta1: number, beta2: number, epsilon: number): Optimizer;
    sgd(learningRate: number): Optimizer;
  };
}

let version = "";

/** TensorFlow.js on its WebAssembly backend with SIMD. In Node it has one thread: it turns its thread support off there. */
export const contender: Contender = {
  name: "TensorFlow.js",
  version: () => version,
  async prepare({ workload, layers, inputs, labels }) {
    const loaded = await peer<TensorFlow>("@tensorflow/tfjs");
    const tf = loaded.module;
    version = loaded.version;
    await peer("@tensorflow/tfjs-backend-wasm");
    if (!(await tf.setBackend("wasm"))) throw new Error("the wasm backend of TensorFlow.js does not start");
    await tf.ready();

    const { batch, widths, optimizer: wanted } = workload;
    const parameters = layers.map(({ w, b, fanIn, fanOut }) => ({
      w: tf.variable(tf.tensor(w, [fanIn, fanOut])),
      b: tf.variable(tf.tensor(b, [fanOut])),
    }));
    const variables = parameters.flatMap(({ w, b }) => [w, b]);
    const xs = inputs.map((x) => tf.tensor(x, [batch, widths[0]!]));
    const ys = labels.map((y) => tf.oneHot(tf.tensor(y, [batch], "int32"), widths.at(-1)!));
    const activate = {
      // x·Φ(x) from ops: there is no fused GELU.
      gelu: (z: Tensor) =>
        z.mul(
          z
            .mul(Math.SQRT1_2)
            .erf()
            .mul(0.5)
            .add(tf.tensor([0.5], [])),
        ),
      tanh: (z: Tensor) => z.tanh(),
    }[workload.activation];
    const optimizer =
      wanted.kind === "sgd"
        ? tf.train.sgd(wanted.learningRate)
        : tf.train.adam(wanted.learningRate, wanted.beta1, wanted.beta2, wanted.epsilon);
    const lossOf = (index: number) => {
      let h = xs[index]!;
      parameters.forEach(({ w, b }, layer) => {
        const z = h.matMul(w).add(b);
        h = layer === parameters.length - 1 ? z : activate(z);
      });
      return tf.losses.softmaxCrossEntropy(ys[index]!, h);
    };
    let count = 0;
    let last: Tensor | null = null;
    return {
      step() {
        const index = count++ % inputs.length;
        last?.dispose();
        last = tf.tidy(() => optimizer.minimize(() => lossOf(index), true, variables));
      },
      loss: () => last!.dataSync()[0]!,
      dispose: () => undefined,
    };
  },
};
