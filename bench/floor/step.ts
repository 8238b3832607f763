import type { Workload } from "../workloads.js";
import { GraphBuilder } from "./model.js";

/** The choices a compiler has when it lowers a training step; each can be timed against its alternatives. */
export interface StepOptions {
  /** `tensors`: every parameter is an input of its own; `flat`: one buffer; `mixed`: matrices alone, the rest in one buffer. */
  readonly layout: "tensors" | "flat" | "mixed";
  readonly dense: "gemm" | "matmul";
  /** `op`: the Gelu operator, erf again in the derivative; `shared`: one erf for the value and the derivative. */
  readonly gelu: "op" | "shared";
  /** How many element-wise operators a step of Adam takes. */
  readonly adam: "folded" | "scaled";
  readonly biasGradient: "reduce" | "gemm";
  /** SGD's update as beta and alpha of the product that makes the weight gradient. */
  readonly sgd: "separate" | "gemm";
  /** c·(1 − y²) or c − (c·y)·y. */
  readonly tanh: "square" | "product";
  /** Steps per call, as an ONNX Loop around the step; 1 is no loop. */
  readonly steps: number;
}

export const defaults: StepOptions = {
  layout: "mixed",
  dense: "gemm",
  gelu: "shared",
  adam: "scaled",
  biasGradient: "gemm",
  sgd: "gemm",
  tanh: "square",
  steps: 1,
};

/** A group of parameters that travels as one tensor, with the moments of Adam beside it. */
interface Group {
  readonly name: string;
  readonly members: readonly number[];
  readonly shape: readonly number[];
}

export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  /** Parameters whose values, one after another, are the initial value; none for moments, which begin at zero. */
  readonly members: readonly number[];
}

export interface Step {
  readonly model: Uint8Array;
  readonly nodes: number;
  /** State tensors: input `name`, output `name_next`. */
  readonly slots: readonly Slot[];
}

/** Writes forward pass, backward pass and update of `workload` as one model with inputs x, y, size, damping. */
export function writeStep(workload: Workload, options: StepOptions): Step {
  const shapes = workload.widths.slice(1).flatMap((fanOut, i) => [[workload.widths[i]!, fanOut], [fanOut]]);
  const groups = grouped(shapes, options.layout);
  const kinds = workload.optimizer.kind === "adam" ? ["w", "m", "v"] : ["w"];
  const slots = kinds.flatMap((kind) =>
    groups.map(({ name, shape, members }) => ({ name: `${kind}_${name}`, shape, members: kind === "w" ? members : [] })),
  );
  const { batch, widths } = workload;
  const graph = new GraphBuilder();
  const many = options.steps > 1;
  const lead = many ? [options.steps] : [];
  const x = graph.input("x", [...lead, batch, widths[0]!]);
  const y = graph.input("y", [...lead, batch], "int32");
  const size = graph.input("size", lead);
  const damping = graph.input("damping", lead);
  for (const slot of slots) graph.input(slot.name, slot.shape);
  const context = { workload, options, shapes, groups };
  if (!many) {
    const made = step(graph, context, { x, y, size, damping }, Object.fromEntries(slots.map((s) => [s.name, s.name])));
    for (const slot of slots) graph.output(`${slot.name}_next`, made.state[slot.name]!, slot.shape);
    graph.output("loss", made.loss, []);
    return { model: graph.model(), nodes: graph.nodeCount, slots };
  }
  const body = new GraphBuilder("b");
  const turn = body.input("turn", [], "int64");
  const go = body.input("go", [], "bool");
  const state = Object.fromEntries(slots.map((slot) => [slot.name, body.input(`${slot.name}_now`, slot.shape)]));
  const pick = (name: string) => body.node("Gather", [name, turn], { axis: 0 });
  const made = step(body, context, { x: pick(x), y: pick(y), size: pick(size), damping: pick(damping) }, state);
  body.output("go_on", go, [], "bool");
  for (const slot of slots) body.output(`${slot.name}_after`, made.state[slot.name]!, slot.shape);
  body.output("loss_now", made.loss, []);
  const turns = graph.ints([options.steps], "int64", []);
  const results = graph.nodeMany("Loop", [turns, "", ...slots.map((slot) => slot.name)], slots.length + 1, {
    body: { graph: body },
  });
  slots.forEach((slot, i) => graph.output(`${slot.name}_next`, results[i]!, slot.shape));
  graph.output("loss", results.at(-1)!, [options.steps]);
  return { model: graph.model(), nodes: body.nodeCount, slots };
}

function grouped(shapes: readonly (readonly number[])[], layout: StepOptions["layout"]): Group[] {
  const count = (members: readonly number[]) => members.reduce((sum, i) => sum + product(shapes[i]!), 0);
  const alone = (i: number): Group => ({ name: `p${i}`, members: [i], shape: shapes[i]! });
  const together = (members: number[]): Group => ({ name: "flat", members, shape: [count(members)] });
  const all = shapes.map((_, i) => i);
  if (layout === "tensors") return all.map(alone);
  if (layout === "flat") return [together(all)];
  const big = (i: number) => product(shapes[i]!) >= 4096;
  return [...all.filter(big).map(alone), together(all.filter((i) => !big(i)))];
}

const product = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

interface Context {
  readonly workload: Workload;
  readonly options: StepOptions;
  readonly shapes: readonly (readonly number[])[];
  readonly groups: readonly Group[];
}
type Names = Readonly<Record<string, string>>;

function step(g: GraphBuilder, context: Context, feed: { x: string; y: string; size: string; damping: string }, state: Names) {
  const { workload, options, shapes, groups } = context;
  const { batch, widths } = workload;
  const classes = widths.at(-1)!;
  const depth = widths.length - 1;
  const parameters = unpack(g, context, state);
  const add = (a: string, b: string) => g.node("Add", [a, b]);
  const sub = (a: string, b: string) => g.node("Sub", [a, b]);
  const mul = (a: string, b: string) => g.node("Mul", [a, b]);

  const linear = (x: string, w: string, b: string) =>
    options.dense === "gemm" ? g.node("Gemm", [x, w, b]) : add(g.node("MatMul", [x, w]), b);
  const transposed = (x: string) => g.node("Transpose", [x], { perm: [1, 0] });

  // Forward. `slope` makes the cotangent of a layer's pre-activation from that of its output.
  const entering: string[] = [];
  const slopes: ((cotangent: string) => string)[] = [];
  let h = feed.x;
  for (let layer = 0; layer < depth; layer++) {
    entering.push(h);
    const z = linear(h, parameters[2 * layer]!, parameters[2 * layer + 1]!);
    if (layer === depth - 1) {
      h = z;
      slopes.push((cotangent) => cotangent);
    } else if (workload.activation === "tanh") {
      const value = g.node("Tanh", [z]);
      h = value;
      slopes.push((cotangent) =>
        options.tanh === "square"
          ? mul(cotangent, sub(g.scalar(1), mul(value, value)))
          : sub(cotangent, mul(mul(cotangent, value), value)),
      );
    } else {
      // Φ(z) = (1 + erf(z/√2))/2; gelu = z·Φ, gelu′ = Φ + z·φ, φ(z) = exp(−z²/2)/√(2π).
      const cdf = () => {
        const erf = g.node("Erf", [mul(z, g.scalar(Math.SQRT1_2))]);
        return add(mul(erf, g.scalar(0.5)), g.scalar(0.5));
      };
      const shared = options.gelu === "shared" ? cdf() : null;
      h = shared === null ? g.node("Gelu", [z]) : mul(z, shared);
      slopes.push((cotangent) => {
        const density = g.node("Exp", [mul(mul(z, z), g.scalar(-0.5))]);
        const slope = add(shared ?? cdf(), mul(mul(z, g.scalar(1 / Math.sqrt(2 * Math.PI))), density));
        return mul(cotangent, slope);
      });
    }
  }

  // Softmax cross-entropy; its cotangent at the logits is (p − onehot)/batch.
  const logP = g.node("LogSoftmax", [h], { axis: -1 });
  const column = g.node("Reshape", [feed.y, g.ints([batch, 1])]);
  const iota = g.ints([...Array(classes).keys()], "int32");
  const onehot = g.node("Cast", [g.node("Equal", [column, iota])], { to: 1 });
  const total = g.node("ReduceSum", [mul(logP, onehot), g.ints([0, 1])], { keepdims: 0 });
  const loss = mul(total, g.scalar(-1 / batch));
  let cotangent = mul(sub(g.node("Exp", [logP]), onehot), g.scalar(1 / batch));
  const fused = workload.optimizer.kind === "sgd" && options.sgd === "gemm";
  // Everything below is linear in the cotangent, so the learning rate can enter at its smallest place.
  if (fused) cotangent = mul(cotangent, g.node("Neg", [feed.size]));

  // Backward.
  const gradients: string[] = Array(shapes.length).fill("");
  for (let layer = depth - 1; layer >= 0; layer--) {
    const dz = slopes[layer]!(cotangent);
    const x = entering[layer]!;
    const w = parameters[2 * layer]!;
    const b = parameters[2 * layer + 1]!;
    gradients[2 * layer] =
      options.dense === "gemm"
        ? g.node("Gemm", fused ? [x, dz, w] : [x, dz], { transA: 1 })
        : g.node("MatMul", [transposed(x), dz]);
    gradients[2 * layer + 1] =
      options.biasGradient === "reduce"
        ? g.node("ReduceSum", [dz, g.ints([0])], { keepdims: 0 })
        : g.node("Reshape", [g.node("Gemm", [g.floats(Array(batch).fill(1), [1, batch]), dz]), g.ints([-1])]);
    if (fused) gradients[2 * layer + 1] = add(gradients[2 * layer + 1]!, b);
    if (layer > 0) {
      cotangent = options.dense === "gemm" ? g.node("Gemm", [dz, w], { transB: 1 }) : g.node("MatMul", [dz, transposed(w)]);
    }
  }

  // Update.
  const next: Record<string, string> = {};
  for (const group of groups) {
    const gradient = pack(g, group, gradients);
    const at = (kind: string) => state[`${kind}_${group.name}`]!;
    if (fused) next[`w_${group.name}`] = gradient;
    else if (workload.optimizer.kind === "sgd") next[`w_${group.name}`] = sub(at("w"), mul(gradient, feed.size));
    else {
      const made = adam(g, options.adam, workload.optimizer, feed, { gradient, w: at("w"), m: at("m"), v: at("v") });
      for (const kind of ["w", "m", "v"] as const) next[`${kind}_${group.name}`] = made[kind];
    }
  }
  return { state: next, loss };
}

/** Parameters in their own shapes, cut out of the groups. */
function unpack(g: GraphBuilder, { shapes, groups }: Context, state: Names): string[] {
  const parameters: string[] = [];
  for (const { name, members } of groups) {
    const whole = state[`w_${name}`]!;
    if (members.length === 1) {
      parameters[members[0]!] = whole;
      continue;
    }
    const sizes = members.map((i) => product(shapes[i]!));
    const parts = g.nodeMany("Split", [whole, g.ints(sizes)], members.length, { axis: 0 });
    members.forEach((i, k) => {
      parameters[i] = shapes[i]!.length === 1 ? parts[k]! : g.node("Reshape", [parts[k]!, g.ints(shapes[i]!)]);
    });
  }
  return parameters;
}

function pack(g: GraphBuilder, { members }: Group, gradients: readonly string[]): string {
  if (members.length === 1) return gradients[members[0]!]!;
  const rows = members.map((i) => g.node("Reshape", [gradients[i]!, g.ints([-1])]));
  return g.node("Concat", rows, { axis: 0 });
}

/**
 * Adam (Kingma and Ba 2015) for one tensor. `size` and `damping` arrive as scalars computed outside (see `schedule`).
 * `scaled` keeps m/(1−β₁) and v/(1−β₂), which saves a product each.
 */
function adam(
  g: GraphBuilder,
  variant: StepOptions["adam"],
  { beta1, beta2 }: { beta1: number; beta2: number },
  { size, damping }: { size: string; damping: string },
  { gradient, w, m, v }: { gradient: string; w: string; m: string; v: string },
) {
  const add = (a: string, b: string) => g.node("Add", [a, b]);
  const mul = (a: string, b: string) => g.node("Mul", [a, b]);
  const square = mul(gradient, gradient);
  const keep = (value: string, beta: number, fresh: string) =>
    variant === "scaled"
      ? add(mul(value, g.scalar(beta)), fresh)
      : add(mul(value, g.scalar(beta)), mul(fresh, g.scalar(1 - beta)));
  const nextM = keep(m, beta1, gradient);
  const nextV = keep(v, beta2, square);
  const root = add(g.node("Sqrt", [nextV]), damping);
  const move = mul(g.node("Div", [nextM, root]), size);
  return { w: g.node("Sub", [w, move]), m: nextM, v: nextV };
}

/** The two scalars of step `t` (from 1): step size with bias correction folded in, and the ε that matches it. */
export function schedule(workload: Workload, variant: StepOptions["adam"], t: number): { size: number; damping: number } {
  const { optimizer } = workload;
  if (optimizer.kind === "sgd") return { size: optimizer.learningRate, damping: 0 };
  const { learningRate, beta1, beta2, epsilon } = optimizer;
  // m̂ = m/(1−β₁ᵗ), √v̂ = √v/√(1−β₂ᵗ); scaled moments carry a further 1−β.
  const first = (variant === "scaled" ? 1 - beta1 : 1) / (1 - beta1 ** t);
  const second = Math.sqrt((variant === "scaled" ? 1 - beta2 : 1) / (1 - beta2 ** t));
  return { size: (learningRate * first) / second, damping: epsilon / second };
}
