import { fault } from "../ir/fault.js";
import { formatType } from "../ir/graph.js";
import { topologicalOrder } from "../ir/order.js";
import type { Derivative, Primitive } from "../ir/primitive.js";
import { type Node, Tensor } from "../ir/tensor.js";
import { parameter } from "../ops/create.js";
import { batchRule, type Operation, operation } from "../ops/define.js";
import { after, identity } from "../ops/identity.js";
import { broadcastTo } from "../ops/index.js";
import { flattenTensors, requireFloat } from "./arguments.js";
import { batchGraph } from "./batch.js";
import { flowingInputs, pushForward, zerosLike } from "./forward.js";
import { pullBack, transpose } from "./reverse.js";

/** One call of a function with its own derivative, shared by the nodes of all its outputs. Rules work on flat lists. */
interface Call {
  readonly name: string;
  readonly rule:
    | { kind: "jvp"; tangents(primals: readonly Tensor[], tangents: readonly Tensor[]): readonly Tensor[] }
    | {
        kind: "vjp";
        cotangents(primals: readonly Tensor[], cotangents: readonly Tensor[]): readonly Tensor[];
        /** The way forward, where it is known; otherwise it is the transpose of the way back. */
        tangents?(primals: readonly Tensor[], tangents: readonly Tensor[]): readonly Tensor[];
      };
  readonly outputs: readonly Tensor[];
}

interface CallParams {
  readonly call: Call;
  readonly index: number;
}

/** Inputs: the value computed without the rule, then the arguments. */
const callPrimitive: Primitive<CallParams> = {
  name: "call",
  doc: "The value of a function whose derivative follows a rule of its own.",
  shape: ([value]) => value.shape,
  dtype: ([value]) => value.dtype,
  derivative: {
    kind: "custom",
    flows: ({ inputs: [, ...args] }) => args,
    check: (at, { inputs: [value, ...args], params }) => requireClosed(params.call.name, value, args, at),
    jvp: (tangents, node) => callTangent(tangents, node),
    transpose: (_, node) => node.inputs.map(() => null),
  } satisfies Derivative<CallParams>,
  batching: batchRule(([value, ...args], [valueBatched, ...flags], node, size, known) => {
    const whole = (x: Tensor, batched: boolean): Tensor => (batched ? x : broadcastTo(x, [size, ...x.shape]));
    const call = batchedCall(node.params.call, size, closesOver(node, known));
    const moved = args.map((arg, i) => whole(arg, flags[i]));
    return Tensor.of(callPrimitive, [whole(value, valueBatched), ...moved], { call, index: node.params.index });
  }),
  meaning: { kind: "expand", expand: ({ inputs: [value] }) => value },
  samples: [],
};

function callTangent(known: ReadonlyMap<Tensor, Tensor>, node: Node<CallParams>): Tensor | null {
  const [, ...args] = node.inputs;
  const { call, index } = node.params;
  const tangents = args.map((arg) => known.get(arg) ?? zerosLike(arg));
  if (call.rule.kind === "jvp") {
    const parts = call.rule.tangents(args, tangents);
    return matching(call.name, "the forward rule returns a tangent like each result", parts, call.outputs)[index];
  }
  return Tensor.of(linearCallPrimitive, [...args, ...tangents], { call, index });
}

/** A tensor reached other than through the arguments would silently lose its derivative. */
function requireClosed(name: string, value: Tensor, args: readonly Tensor[], at: ReadonlySet<Tensor>): void {
  const own = new Set(args);
  // Inside, calls are entered by their value too: they may close over more than they flow through.
  const inputsOf = (node: Tensor): readonly Tensor[] =>
    node.primitive.derivative.kind === "custom" ? node.inputs : flowingInputs(node);
  const order = topologicalOrder([value], (node) => own.has(node) || at.has(node), inputsOf);
  if (!order.some((node) => !own.has(node) && at.has(node))) return;
  throw fault(name, "the function uses a tensor from outside that is being differentiated", {
    fix: "pass it as an argument, so that the rule can speak of its derivative",
  });
}

/** Inputs: the arguments, then a tangent for each. Linear in the tangents; its transpose is the user's backward rule. */
const linearCallPrimitive: Primitive<CallParams> = {
  name: "linearCall",
  doc: "The tangent of a function of which only the backward rule is known.",
  shape: (_, { call, index }) => call.outputs[index].shape,
  dtype: () => "float32",
  derivative: {
    kind: "custom",
    flows: (node) => node.inputs,
    check: () => undefined,
    jvp: (known, node) => {
      const expanded = expandLinearCall(node);
      return pushForward([expanded], [...known.keys()], [...known.values()])[0];
    },
    transpose: (cotangent, node) => {
      const { call, index } = node.params;
      const args = node.inputs.slice(0, node.inputs.length / 2);
      const cotangents = call.outputs.map((output, i) => (i === index ? cotangent : zerosLike(output)));
      return [...args.map(() => null), ...backward(call, args, cotangents)];
    },
  },
  batching: batchRule((inputs, batched, node, size) => {
    const expanded = expandLinearCall(node);
    const entries = new Map(node.inputs.flatMap((input, i) => (batched[i] ? [[input, inputs[i]] as const] : [])));
    const [result] = batchGraph([expanded], entries, size);
    return result.batched ? result.tensor : broadcastTo(result.tensor, [size, ...result.tensor.shape]);
  }),
  meaning: { kind: "expand", expand: (node) => expandLinearCall(node) },
  samples: [],
};

function backward(call: Call, args: readonly Tensor[], cotangents: readonly Tensor[]): readonly Tensor[] {
  if (call.rule.kind !== "vjp") throw fault(call.name, "it has no backward rule");
  return matching(
    call.name,
    "the backward rule returns a cotangent like each argument",
    call.rule.cotangents(args, cotangents),
    args,
  );
}

/** What a rule returned, which must be shaped like the values it belongs to. */
function matching(where: string, problem: string, parts: readonly Tensor[], values: readonly Tensor[]): readonly Tensor[] {
  const [expected, got] = [values, parts].map((tensors) => tensors.map(formatType).join(", "));
  if (expected === got) return parts;
  throw fault(where, problem, { expected, got });
}

/** The tangent, from the backward rule alone if need be: that is linear in the cotangents, and its transpose is the way forward. */
function expandLinearCall(node: Node<CallParams>): Tensor {
  const { call, index } = node.params;
  const half = node.inputs.length / 2;
  const [primals, tangents] = [node.inputs.slice(0, half), node.inputs.slice(half)];
  if (call.rule.tangents !== undefined) return call.rule.tangents(primals, tangents)[index];
  const placeholders = call.outputs.map((output) => parameter(output.shape, output.dtype));
  const parts = backward(call, primals, placeholders);
  return transpose(parts, placeholders, tangents)[index] ?? zerosLike(call.outputs[index]);
}

/** Whether the value depends on a batched placeholder other than through the arguments. */
function closesOver({ inputs: [value, ...args] }: Tensor, known: ReadonlyMap<Tensor, Tensor>): boolean {
  const own = new Set(args);
  const order = topologicalOrder([value], (node) => own.has(node));
  return order.some((node) => node.primitive.meaning.kind === "fed" && known.has(node));
}

/** The same rule over a batch; one that cannot be found there is missed only when a derivative is asked for. */
function batchedCall(call: Call, size: number, open: boolean): Call {
  const outputs = call.outputs.map((output) => parameter([size, ...output.shape], output.dtype));
  const over =
    (rule: (primals: readonly Tensor[], others: readonly Tensor[]) => readonly Tensor[]) =>
    (primals: readonly Tensor[], others: readonly Tensor[]): readonly Tensor[] => {
      if (open) {
        throw fault(call.name, "the function uses a batched tensor from outside", { fix: "pass it as an argument" });
      }
      const examples = (tensors: readonly Tensor[]) => tensors.map((tensor) => parameter(tensor.shape.slice(1), tensor.dtype));
      const [one, other] = [examples(primals), examples(others)];
      const entries = new Map([...one, ...other].map((example, i) => [example, [...primals, ...others][i]]));
      return batchGraph(rule(one, other), entries, size).map(({ tensor, batched }) =>
        batched ? tensor : broadcastTo(tensor, [size, ...tensor.shape]),
      );
    };
  const { rule } = call;
  return {
    name: call.name,
    outputs,
    rule:
      rule.kind === "jvp"
        ? { kind: "jvp", tangents: over(rule.tangents) }
        : { kind: "vjp", cotangents: over(rule.cotangents), ...(rule.tangents && { tangents: over(rule.tangents) }) },
  };
}

/** Calls `f` so that its outputs carry `rule` as their derivative. */
function callWithRule<A extends readonly unknown[], R>(
  name: string,
  f: (...args: A) => R,
  args: A,
  makeRule: (rebuildArgs: (leaves: readonly Tensor[]) => A, rebuildResult: (leaves: readonly Tensor[]) => R) => Call["rule"],
): R {
  const inputs = flattenTensors(name, args);
  requireFloat(name, inputs.leaves, inputs.paths);
  const leaves = inputs.leaves.map((leaf) => identity(leaf));
  const result = flattenTensors(`${name} (the result of the function)`, f(...(inputs.rebuild(leaves) as unknown as A)));
  const rule = makeRule(
    (others) => inputs.rebuild(others) as unknown as A,
    (others) => result.rebuild(others) as R,
  );
  const call: Call = { name, rule, outputs: result.leaves };
  return result.rebuild(result.leaves.map((value, index) => Tensor.of(callPrimitive, [value, ...leaves], { call, index }))) as R;
}

/** `f` with a forward-mode rule of its own: `rule(primals, tangents)` returns the tangent of the result. */
export function customJvp<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  rule: (primals: A, tangents: A) => NoInfer<R>,
): (...args: A) => R {
  return (...args) =>
    callWithRule("customJvp", f, args, (rebuildArgs) => ({
      kind: "jvp",
      tangents: (primals, tangents) =>
        flattenTensors("customJvp (its rule)", rule(rebuildArgs(primals), rebuildArgs(tangents))).leaves,
    }));
}

/**
 * `f` with a reverse-mode rule of its own: `rule(primals, cotangent)` returns a cotangent per argument. Forward mode works
 * too: the rule is linear in the cotangent, and is transposed.
 */
export function customVjp<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  rule: (primals: A, cotangent: NoInfer<R>) => readonly [...NoInfer<A>],
): (...args: A) => R {
  return (...args) =>
    callWithRule("customVjp", f, args, (rebuildArgs, rebuildResult) => ({
      kind: "vjp",
      cotangents: (primals, cotangents) =>
        flattenTensors("customVjp (its rule)", rule(rebuildArgs(primals), rebuildResult(cotangents))).leaves,
    }));
}

/**
 * `f`, whose intermediate values are computed again for the backward pass instead of being kept: memory for time. Values
 * and derivatives are those of `f`.
 */
export function checkpoint<A extends readonly unknown[], R>(f: (...args: A) => R): (...args: A) => R {
  return (...args) =>
    callWithRule("checkpoint", f, args, (rebuildArgs) => ({
      kind: "vjp",
      cotangents: (primals, cotangents) => {
        const again = primals.map((primal) =>
          cotangents.reduce<Tensor>((held, cotangent) => after(held, cotangent), identity(primal)),
        );
        const { leaves } = flattenTensors("checkpoint", f(...rebuildArgs(again)));
        return pullBack(leaves, again)(cotangents).map((part, i) => part ?? zerosLike(primals[i]));
      },
      // Forward mode keeps nothing, so there is nothing to compute again.
      tangents: (primals, tangents) => {
        const at = primals.map((primal) => identity(primal));
        const { leaves } = flattenTensors("checkpoint", f(...rebuildArgs(at)));
        return pushForward(leaves, at, tangents).map((part, i) => part ?? zerosLike(leaves[i]));
      },
    }));
}

/** For the catalogue of primitives. */
export const customOperations: readonly Operation<() => Tensor>[] = [callPrimitive, linearCallPrimitive].map((primitive) =>
  operation(primitive as Primitive, () => {
    throw fault(primitive.name, "made by customJvp, customVjp and checkpoint only");
  }),
);
