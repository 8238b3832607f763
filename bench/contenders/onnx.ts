import { createRequire } from "node:module";
import { defaults, type StepOptions, schedule, writeStep } from "../floor/step.js";
import type { Contender, Training } from "../harness/contender.js";
import type { Problem } from "../harness/data.js";

// The runtime's native binding: its promise interface costs an event-loop turn a call, which is measured as `api=promise`.
interface Binding {
  loadModel(model: ArrayBuffer, offset: number, length: number, options: object): void;
  run(feeds: object, fetches: object, options: object): Record<string, RuntimeTensor>;
  endProfiling(): void;
}
interface RuntimeTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | Int32Array;
}

const require = createRequire(import.meta.url);

/** A step written by hand as one ONNX model: what a compiler that targets this runtime can hope for. */
export const contender: Contender = {
  name: "hand-written ONNX",
  version: () => (require("onnxruntime-node/package.json") as { version: string }).version,
  prepare,
};

async function prepare(problem: Problem, given: Readonly<Record<string, string>>): Promise<Training> {
  const { workload } = problem;
  const options: StepOptions = { ...defaults, ...given, steps: Number(given.steps ?? 1) } as StepOptions;
  const api = given.api ?? "direct";
  const runtime = require("onnxruntime-node") as {
    Tensor: new (type: string, data: Float32Array | Int32Array, dims: readonly number[]) => RuntimeTensor;
    InferenceSession: {
      create(
        model: Uint8Array,
        options: object,
      ): Promise<{ run(feeds: object, fetches: object): Promise<Record<string, RuntimeTensor>> }>;
    };
  };
  const tensor = (data: Float32Array | Int32Array, dims: readonly number[]) =>
    new runtime.Tensor(data instanceof Int32Array ? "int32" : "float32", data, dims);
  const sessionOptions = {
    intraOpNumThreads: Number(given.threads ?? 2),
    interOpNumThreads: 1,
    graphOptimizationLevel: given.level ?? "all",
    enableMemPattern: given.memPattern !== "0",
    enableCpuMemArena: given.arena !== "0",
    extra: {
      session: {
        intra_op: { allow_spinning: given.spin ?? "1" },
        ...(given.denormals === "flush" ? { set_denormal_as_zero: "1" } : {}),
        ...(given.partition ? { dynamic_block_base: given.partition } : {}),
      },
    },
    ...(given.profile ? { enableProfiling: true, profileFilePrefix: given.profile } : {}),
    ...(given.dump ? { optimizedModelFilePath: given.dump } : {}),
  };
  const { model, slots } = writeStep(workload, options);
  const direct = new (
    require("onnxruntime-node/dist/binding.js") as { binding: { InferenceSession: new () => Binding } }
  ).binding.InferenceSession();
  (require("onnxruntime-node/dist/binding.js") as { initOrt(): void }).initOrt();
  let promised: Awaited<ReturnType<typeof runtime.InferenceSession.create>> | null = null;
  if (api === "promise") promised = await runtime.InferenceSession.create(model, sessionOptions);
  else direct.loadModel(model.buffer as ArrayBuffer, model.byteOffset, model.byteLength, sessionOptions);

  const { batch, widths } = workload;
  const k = options.steps;
  const lead = k > 1 ? [k] : [];
  const initial = problem.layers.flatMap(({ w, b }) => [w, b]);
  const fresh = (shape: readonly number[]) => new Float32Array(shape.reduce((a, b) => a * b, 1));
  const one = Object.fromEntries(
    slots.map(({ name, shape, members }) => {
      const data = fresh(shape);
      let offset = 0;
      for (const i of members) {
        data.set(initial[i]!, offset);
        offset += initial[i]!.length;
      }
      return [name, tensor(data, shape)];
    }),
  );
  const two = Object.fromEntries(slots.map(({ name, shape }) => [name, tensor(fresh(shape), shape)]));
  const group = Math.max(1, k);
  // With several steps a call, `group` consecutive batches are laid out as one tensor for each starting batch.
  const feedsX = problem.inputs.map((_, i) => tensor(joined(problem.inputs, i, group), [...lead, batch, widths[0]!]));
  const feedsY = problem.labels.map((_, i) => tensor(joinedInts(problem.labels, i, group), [...lead, batch]));
  const size = new Float32Array(group);
  const damping = new Float32Array(group);
  const loss = new Float32Array(group);
  const scalars = { size: tensor(size, lead), damping: tensor(damping, lead) };
  const lossTensor = tensor(loss, lead);
  const fetchesOf = (state: Record<string, RuntimeTensor>) => ({
    ...Object.fromEntries(slots.map(({ name }) => [`${name}_next`, state[name]!])),
    loss: lossTensor,
  });
  const feeds: readonly [Record<string, RuntimeTensor>, Record<string, RuntimeTensor>] = [
    { ...one, ...scalars, x: feedsX[0]!, y: feedsY[0]! },
    { ...two, ...scalars, x: feedsX[0]!, y: feedsY[0]! },
  ];
  const fetches = [fetchesOf(two), fetchesOf(one)] as const;
  const nothing = Object.fromEntries([...slots.map(({ name }) => [`${name}_next`, null]), ["loss", null]]);
  let carried: Record<string, RuntimeTensor> = feeds[0];
  let count = 0;
  let calls = 0;

  function advance() {
    for (let i = 0; i < group; i++) {
      const now = schedule(workload, options.adam, ++count);
      size[i] = now.size;
      damping[i] = now.damping;
    }
  }
  const call = () => {
    const at = count % problem.inputs.length;
    advance();
    if (given.outputs === "returned") {
      carried.x = feedsX[at]!;
      carried.y = feedsY[at]!;
      const made = direct.run(carried, nothing, {});
      carried = { ...scalars, x: feedsX[at]!, y: feedsY[at]! };
      for (const { name } of slots) carried[name] = made[`${name}_next`]!;
      loss.set(made.loss!.data);
      return;
    }
    const side = calls++ % 2 === 0 ? 0 : 1;
    const feed = feeds[side];
    feed.x = feedsX[at]!;
    feed.y = feedsY[at]!;
    if (promised) return promised.run(feed, fetches[side]).then(() => undefined);
    direct.run(feed, fetches[side], {});
    return;
  };
  return {
    step: call,
    async stepMany(steps) {
      for (let i = 0; i < steps; i += group) {
        const pending = call();
        if (pending) await pending;
      }
    },
    loss: () => loss[0]!,
    dispose: () => (given.profile ? direct.endProfiling() : undefined),
  };
}

function joined(parts: readonly Float32Array[], from: number, count: number): Float32Array {
  const out = new Float32Array(parts[0]!.length * count);
  for (let i = 0; i < count; i++) out.set(parts[(from + i) % parts.length]!, i * parts[0]!.length);
  return out;
}

function joinedInts(parts: readonly Int32Array[], from: number, count: number): Int32Array {
  const out = new Int32Array(parts[0]!.length * count);
  for (let i = 0; i < count; i++) out.set(parts[(from + i) % parts.length]!, i * parts[0]!.length);
  return out;
}
