import type { Contender } from "../harness/contender.js";
import { peer } from "./peer.js";

/** jax-js counts references: every use of an array but its last goes through `ref`. */
interface Value {
  readonly ref: Value;
  add(other: Value | number): Value;
  sub(other: Value | number): Value;
  mul(other: Value | number): Value;
  div(other: Value | number): Value;
  sum(axis?: number): Value;
  reshape(shape: readonly number[]): Value;
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}
type Layers = Value[];
interface Jax {
  init(...devices: string[]): Promise<unknown>;
  defaultDevice(device: string): void;
  jit<F>(compute: F): F;
  valueAndGrad(f: (parameters: Layers, x: Value, y: Value) => Value): (parameters: Layers, x: Value, y: Value) => [Value, Layers];
  blockUntilReady(values: unknown): Promise<unknown>;
  numpy: {
    array(data: Float32Array | Int32Array, options?: { shape: readonly number[] }): Value;
    matmul(a: Value, b: Value): Value;
    sqrt(x: Value): Value;
    tanh(x: Value): Value;
    zerosLike(x: Value): Value;
  };
  nn: {
    gelu(x: Value, options: { approximate: boolean }): Value;
    logSoftmax(x: Value): Value;
    oneHot(labels: Value, classes: number): Value;
  };
}

let version = "";

/** jax-js on its WebAssembly backend: the whole step under jit, the optimizer written out. */
export const contender: Contender = {
  name: "jax-js",
  version: () => version,
  async prepare({ workload, layers, inputs, labels }) {
    const loaded = await peer<Jax>("@jax-js/jax");
    version = loaded.version;
    const { init, defaultDevice, jit, valueAndGrad, blockUntilReady, numpy: np, nn } = loaded.module;
    await init("wasm");
    defaultDevice("wasm");

    const { batch, widths, optimizer } = workload;
    const classes = widths.at(-1)!;
    const activate = { gelu: (z: Value) => nn.gelu(z, { approximate: false }), tanh: np.tanh }[workload.activation];
    const lossOf = (parameters: Layers, x: Value, y: Value) => {
      let h = x;
      for (let i = 0; i < parameters.length; i += 2) {
        const z = np.matmul(h, parameters[i]!).add(parameters[i + 1]!);
        h = i + 2 === parameters.length ? z : activate(z);
      }
      return nn
        .logSoftmax(h)
        .mul(y)
        .sum()
        .mul(-1 / batch);
    };
    const differentiate = valueAndGrad(lossOf);
    const sgdStep = (state: Layers[], x: Value, y: Value): [Layers[], Value] => {
      const [loss, gradients] = differentiate(
        state[0]!.map((p) => p.ref),
        x,
        y,
      );
      const rate = optimizer.learningRate;
      return [[state[0]!.map((p, i) => p.sub(gradients[i]!.mul(rate)))], loss];
    };
    const adamStep = (state: Layers[], x: Value, y: Value, size: Value, damping: Value): [Layers[], Value] => {
      if (optimizer.kind !== "adam") throw new Error("this step is Adam's");
      const [parameters, firsts, seconds] = state as [Layers, Layers, Layers];
      const [loss, gradients] = differentiate(
        parameters.map((p) => p.ref),
        x,
        y,
      );
      const { beta1, beta2 } = optimizer;
      const m = firsts.map((m, i) => m.mul(beta1).add(gradients[i]!.ref.mul(1 - beta1)));
      const v = seconds.map((v, i) => v.mul(beta2).add(gradients[i]!.ref.mul(gradients[i]!).mul(1 - beta2)));
      const next = parameters.map((p, i) => p.sub(m[i]!.ref.mul(size.ref).div(np.sqrt(v[i]!.ref).add(damping.ref))));
      size.dispose();
      damping.dispose();
      return [[next, m, v], loss];
    };
    const train = jit(optimizer.kind === "adam" ? adamStep : (sgdStep as typeof adamStep));

    const parameters = layers.flatMap(({ w, b, fanIn, fanOut }) => [
      np.array(w, { shape: [fanIn, fanOut] }),
      np.array(b, { shape: [fanOut] }),
    ]);
    const zeros = () => parameters.map((p) => np.zerosLike(p.ref));
    let state: Layers[] = optimizer.kind === "adam" ? [parameters, zeros(), zeros()] : [parameters];
    const xs = inputs.map((x) => np.array(x, { shape: [batch, widths[0]!] }));
    const ys = labels.map((y) => nn.oneHot(np.array(y, { shape: [batch] }), classes));
    const scalar = (value: number) => np.array(new Float32Array([value]), { shape: [] });
    let count = 0;
    let last: Value | null = null;
    return {
      step() {
        const index = count++ % inputs.length;
        last?.dispose();
        const feeds = [state, xs[index]!.ref, ys[index]!.ref] as const;
        if (optimizer.kind === "sgd") [state, last] = (train as unknown as typeof sgdStep)(...feeds);
        else {
          const first = 1 - optimizer.beta1 ** count;
          const second = Math.sqrt(1 - optimizer.beta2 ** count);
          const size = scalar((optimizer.learningRate * second) / first);
          [state, last] = train(...feeds, size, scalar(optimizer.epsilon * second));
        }
      },
      async settle() {
        await blockUntilReady(state.flat().map((value) => value.ref));
      },
      loss: async () => (await last!.ref.data())[0]!,
      dispose: () => undefined,
    };
  },
};
