import { isFloat } from "../ir/dtype.js";
import type { Emitter } from "../ir/emitter.js";
import { fault } from "../ir/fault.js";
import { interpret } from "../ir/interpret.js";
import type { Primitive } from "../ir/primitive.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { batchRule, type Operation, operation } from "../ops/define.js";
import { broadcastTo, cast, concat, permute, reshape } from "../ops/index.js";
import { batchGraph } from "./batch.js";
import { pushForward, zerosLike } from "./forward.js";
import { type Loop, narrowLoop, type Part, partsOf, savingLoop, sequencesOf, textOf } from "./loop.js";
import { joinNames, laidPrimitive, lay, partPrimitive, takePart } from "./loop-parts.js";
import { pullBackLoop } from "./scan-backward.js";

interface ScanParams {
  /** What the loop is, for printouts and to tell loops apart; the function holds the loop itself. */
  readonly text: string;
  readonly loop: () => Loop;
}

/** Inputs: as the parameters of the loop's body, with sequences whole. The value: all results end to end. */
const scanPrimitive: Primitive<ScanParams> = {
  name: "scan",
  doc: "A loop over the first axis of sequences that carries values from step to step.",
  shape: (_, { loop }) => [sizeOfParts(partsOf(loop()))],
  dtype: () => "float32",
  severalResults: true,
  derivative: {
    kind: "custom",
    flows: ({ inputs }) => inputs,
    check: () => undefined,
    jvp: (known, node) => {
      const active = node.inputs.flatMap((input, i) => (known.has(input) ? [i] : []));
      const tangents = active.map((i) => known.get(node.inputs[i]) ?? zerosLike(node.inputs[i]));
      return Tensor.of(tangentPrimitive, [node, ...node.inputs, ...tangents], { ...node.params, active });
    },
    transpose: (_, node) => node.inputs.map(() => null),
  },
  batching: batchRule((inputs, batched, node, size) => batchScan(node, inputs, batched, size)),
  meaning: {
    kind: "direct",
    evaluate: (inputs, node) => evaluateLoop(node.params.loop(), inputs),
    lower: (onnx, names, node) => {
      const loop = node.params.loop();
      return joinNames(
        onnx.provider === "webgpu" || loop.length === 1 ? unroll(onnx, names, loop) : lowerLoop(onnx, names, loop),
      );
    },
  },
  narrow: (node, users) => {
    const loop = node.params.loop();
    const indexOf = (user: Tensor): number => (user.params as { readonly index: number }).index;
    const wanted = loop.body.outputs.flatMap((_, i) =>
      i < loop.carries || users.some((user) => indexOf(user) === i) ? [i] : [],
    );
    const narrowed = narrowLoop(loop, wanted);
    if (wanted.length === loop.body.outputs.length && narrowed.inputs.length === node.inputs.length) return null;
    const parts = runLoop(narrowed.loop, narrowed.inputs.map((i) => node.inputs[i])); // biome-ignore format: one line
    return new Map(users.map((user) => [user, parts[wanted.indexOf(indexOf(user))]]));
  },
  samples: [],
};

interface TangentParams extends ScanParams {
  /** Inputs of the loop that have a tangent. */
  readonly active: readonly number[];
}

/** Inputs: the loop, its inputs, and a tangent for each active one. Linear in the tangents. */
const tangentPrimitive: Primitive<TangentParams> = {
  name: "scanTangent",
  doc: "The tangent of a loop; transposed, it runs from the other end.",
  shape: ([whole]) => whole.shape,
  dtype: () => "float32",
  derivative: {
    kind: "custom",
    flows: (node) => node.inputs,
    check: () => undefined,
    jvp: (known, node) => pushForward([expandTangent(node)], [...known.keys()], [...known.values()])[0],
    transpose: (cotangent, node) => {
      const { whole, inputs, active, loop } = readTangent(node);
      const results = partsOf(loop).map((part, i) => takePart(whole, part, i));
      const cotangents = pullBackLoop(loop, { inputs, results, active, cotangent }, savingScan);
      return [null, ...inputs.map(() => null), ...cotangents];
    },
  },
  batching: batchRule((inputs, batched, node, size) => {
    const entries = new Map(node.inputs.flatMap((input, i) => (batched[i] ? [[input, inputs[i]] as const] : [])));
    const [result] = batchGraph([expandTangent(node)], entries, size);
    return result.batched ? result.tensor : broadcastTo(result.tensor, [size, ...result.tensor.shape]);
  }),
  meaning: { kind: "expand", expand: (node) => expandTangent(node) },
  samples: [],
};

function readTangent({ inputs: [whole, ...rest], params: { loop, active } }: Node<TangentParams>) {
  const count = rest.length - active.length;
  return { whole, inputs: rest.slice(0, count), tangents: rest.slice(count), active, loop: loop() };
}

const sizeOfParts = (parts: readonly Part[]): number => parts.reduce((total, { shape }) => total + shape.reduce((a, b) => a * b, 1), 0); // biome-ignore format: one line

/** The results of a loop over the given inputs. */
function runLoop(loop: Loop, inputs: readonly Tensor[]): Tensor[] {
  const whole = Tensor.of(scanPrimitive, inputs, { text: textOf(loop), loop: () => loop });
  return partsOf(loop).map((part, i) => takePart(whole, part, i));
}

/** The same, ready to be differentiated: what the derivative reads is among the results, behind those of the body. */
export const savingScan = (loop: Loop, inputs: readonly Tensor[]): Tensor[] =>
  runLoop(savingLoop(loop), inputs).slice(0, loop.body.outputs.length);

/** Values and tangents carried together. */
function expandTangent(node: Node<TangentParams>): Tensor {
  const { whole, inputs, tangents, active, loop } = readTangent(node);
  const { body, invariants, carries } = loop;
  const tangentOf = body.parameters.map((parameterOf, i) => {
    const carried = i >= invariants && i < invariants + carries;
    return active.includes(i) || carried ? parameter(parameterOf.shape, parameterOf.dtype) : null;
  });
  const pushed = pushForward(body.outputs, body.parameters, tangentOf);
  const floating = body.outputs.map((output, i) => ({
    i,
    tangent: isFloat(output.dtype) ? (pushed[i] ?? zerosLike(output)) : null,
  }));
  const within = (list: readonly (Tensor | null)[], from: number, to?: number): Tensor[] =>
    list.slice(from, to).filter((part) => part !== null);
  const given = inputs.map((input, i) => {
    const at = active.indexOf(i);
    return at >= 0 ? tangents[at] : tangentOf[i] === null ? null : zerosLike(input);
  });
  const end = invariants + carries;
  const ordered = <T extends Tensor>(own: readonly T[], others: readonly (Tensor | null)[]): Tensor[] => [
    ...own.slice(0, invariants), ...within(others, 0, invariants),
    ...own.slice(invariants, end), ...within(others, invariants, end),
    ...own.slice(end), ...within(others, end),
  ]; // biome-ignore format: by kind
  const steps = floating.slice(carries).filter(({ tangent }) => tangent !== null);
  const joint: Loop = {
    ...loop,
    invariants: invariants + within(tangentOf, 0, invariants).length,
    carries: 2 * carries,
    body: {
      parameters: ordered(body.parameters, tangentOf),
      outputs: [...body.outputs.slice(0, carries), ...within(floating.map(({ tangent }) => tangent), 0, carries), ...within(steps.map(({ tangent }) => tangent), 0)], // biome-ignore format: one line
    },
  };
  const results = savingScan(joint, ordered(inputs, given));
  const parts = partsOf(loop);
  return lay(
    [
      ...results.slice(carries, 2 * carries).map((value, i) => ({ start: parts[i].start, value })),
      ...steps.map(({ i }, at) => ({ start: parts[i].start, value: results[2 * carries + at] })),
    ],
    whole.size,
  );
}

function evaluateLoop(loop: Loop, inputs: Parameters<Extract<typeof scanPrimitive.meaning, { kind: "direct" }>["evaluate"]>[0]) {
  const { body, invariants, carries, length, reverse } = loop;
  const parts = partsOf(loop);
  const result = new Float64Array(sizeOfParts(parts));
  const sequences = sequencesOf(loop);
  let carried = inputs.slice(invariants, invariants + carries);
  for (let count = 0; count < length; count++) {
    const step = reverse ? length - 1 - count : count;
    const now = inputs.slice(invariants + carries).map((data, i) => {
      const { size } = sequences[i];
      return data.subarray(step * size, (step + 1) * size);
    });
    const fed = [...inputs.slice(0, invariants), ...carried, ...now];
    const values = interpret(body.outputs, new Map(body.parameters.map((node, i) => [node, fed[i]])));
    carried = values.slice(0, carries);
    values.slice(carries).forEach((value, i) => void result.set(value, parts[carries + i].start + step * value.length));
  }
  carried.forEach((value, i) => void result.set(value, parts[i].start));
  return result;
}

/** As ONNX's Scan; the values that stay are read from around it. */
function lowerLoop(onnx: Emitter, names: readonly string[], loop: Loop): string[] {
  const { body, invariants, carries, length, reverse } = loop;
  const sequences = body.parameters.length - invariants - carries;
  if (sequences === 0) {
    // Scan takes the number of steps from its sequences, so one that nobody reads stands for them.
    const steps = onnx.op("Expand", [onnx.scalar(0), onnx.axes([length])]);
    const counted: Loop = { ...loop, body: { ...body, parameters: [...body.parameters, parameter([], "float32")] } };
    return lowerLoop(onnx, [...names, steps], counted);
  }
  const direction = Number(reverse);
  return onnx.ops("Scan", names.slice(invariants), body.outputs.length, {
    body: onnx.subgraph(body, names.slice(0, invariants)),
    num_scan_inputs: sequences,
    scan_input_directions: new Array<number>(sequences).fill(direction),
    scan_output_directions: new Array<number>(body.outputs.length - carries).fill(direction),
  });
}

/** Step after step, for providers without loops. */
function unroll(onnx: Emitter, names: readonly string[], loop: Loop): string[] {
  const { body, invariants, carries, length, reverse } = loop;
  const stay = names.slice(0, invariants);
  let carried = names.slice(invariants, invariants + carries);
  const stacks: string[][] = body.outputs.slice(carries).map(() => []);
  for (let count = 0; count < length; count++) {
    const step = reverse ? length - 1 - count : count;
    const at = onnx.scalar(step, "int32");
    const now = names.slice(invariants + carries).map((name) => onnx.op("Gather", [name, at], { axis: 0 }));
    const results = onnx.inline(body, [...stay, ...carried, ...now]);
    carried = results.slice(0, carries);
    results.slice(carries).forEach((name, i) => {
      stacks[i][step] = onnx.op("Reshape", [name, onnx.axes([1, ...body.outputs[carries + i].shape])], { allowzero: 1 });
    });
  }
  return [...carried, ...stacks.map((steps) => (steps.length === 1 ? steps[0] : onnx.op("Concat", steps, { axis: 0 })))];
}

/** The loop over a batch: everything carried is batched, with the batch behind time in sequences. */
function batchScan(node: Node<ScanParams>, inputs: readonly Tensor[], batched: readonly boolean[], size: number): Tensor {
  const loop = node.params.loop();
  const { body, invariants, carries } = loop;
  const carried = (i: number): boolean => i >= invariants && i < invariants + carries;
  const entries = new Map<Tensor, Tensor>();
  const parameters = body.parameters.map((one, i) => {
    if (!batched[i] && !carried(i)) return one;
    const many = parameter([size, ...one.shape], one.dtype);
    entries.set(one, many);
    return many;
  });
  const given = inputs.map((input, i) => {
    if (carried(i)) return batched[i] ? input : broadcastTo(input, [size, ...input.shape]);
    return batched[i] && i >= invariants ? exchangeFirst(input) : input;
  });
  const outputs = batchGraph(body.outputs, entries, size).map(({ tensor, batched: whole }) =>
    whole ? tensor : broadcastTo(tensor, [size, ...tensor.shape]),
  );
  const results = runLoop({ ...loop, body: { parameters, outputs } }, given);
  const rows = results.map((value, i) =>
    cast(reshape(i < carries ? value : exchangeFirst(value), [size, value.size / Math.max(size, 1)]), "float32"),
  );
  return concat(rows, 1);
}

const exchangeFirst = (x: Tensor): Tensor => permute(x, [1, 0, ...x.shape.slice(2).map((_, i) => i + 2)]);

/** For the catalogue of primitives. */
export const loopOperations: readonly Operation<() => Tensor>[] = [
  scanPrimitive,
  tangentPrimitive,
  partPrimitive,
  laidPrimitive,
].map((primitive) =>
  operation(primitive as Primitive, () => {
    throw fault(primitive.name, "made by scan only");
  }),
);
